"""Triggers of SQLite. There is one writer at a time: an owner has one row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Model

from accounts.models import User
from gallery.changes.counted import COUNTED, owner_of
from gallery.models.changes import NOBODY, TABLE

NOW: Final = "strftime('%Y-%m-%d %H:%M:%f', 'now')"
START: Final = "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"
ROWS: Final = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}

EXISTING: Final = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
DROP: Final = 'DROP TRIGGER "%s"'
# No transaction of a minute is in the way of this one: it would have kept everybody from writing.
STATE: Final = f"""
SELECT owner_id, number, CAST(strftime('%%s', changed_at) AS INTEGER), changed_at < datetime('now', '-60 seconds')
FROM {TABLE} WHERE owner_id IN ({NOBODY}, %s)
"""


def definitions(prefix: str) -> Iterator[tuple[str, str]]:
    """Name and SQL of each trigger."""
    for model in COUNTED:
        table = model._meta.db_table
        for event, rows in ROWS.items():
            name = f"{prefix}{table}_{event.lower()}"
            body = _body(model, event, ", ".join(owner_of(model, row) for row in rows))
            yield name, f'CREATE TRIGGER "{name}" AFTER {event} ON "{table}" BEGIN {body}; END'


def _body(model: type[Model], event: str, owners: str) -> str:
    if (model, event) == (User, "INSERT"):
        return (
            f"INSERT INTO {TABLE} (owner_id, number, changed_at) VALUES ({owners}, {START}, {NOW})"
        )
    if (model, event) == (User, "DELETE"):
        return f"DELETE FROM {TABLE} WHERE owner_id = {owners}"
    return (
        f"UPDATE {TABLE} SET number = number + 1, changed_at = {NOW} WHERE owner_id IN ({owners})"
    )
