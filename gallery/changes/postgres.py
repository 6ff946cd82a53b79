"""Triggers of PostgreSQL: each statement is counted once, however many rows it writes.

None waits for another transaction: whoever finds all rows of an owner locked adds one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.models import Model

from accounts.models import User
from gallery.changes.counted import COUNTED, owner_of
from gallery.models.changes import NOBODY, TABLE

NOW: Final = "clock_timestamp()"
START: Final = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
TABLES: Final = {
    "INSERT": "REFERENCING NEW TABLE AS changed",
    "UPDATE": "REFERENCING OLD TABLE AS former NEW TABLE AS changed",
    "DELETE": "REFERENCING OLD TABLE AS changed",
    "TRUNCATE": "",
}

EXISTING: Final = """
SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prorettype = 'trigger'::regtype
"""
DROP: Final = 'DROP FUNCTION "%s" CASCADE'
# What is committed from now on may have been counted before, unless no transaction that writes is open at all: then
# the next one to begin is the oldest.
STATE: Final = f"""
SELECT owner_id, number, floor(extract(epoch FROM changed_at))::bigint,
    changed_at < clock_timestamp() - interval '60 seconds'
    AND age(pg_snapshot_xmin(pg_current_snapshot())::xid) = 0
FROM {TABLE} WHERE owner_id IN ({NOBODY}, %s)
"""

RAISE: Final = f"""
            UPDATE {TABLE} SET number = number + 1, changed_at = {NOW} WHERE id = (
                SELECT id FROM {TABLE} WHERE owner_id = one ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
            );
            IF NOT FOUND THEN
                INSERT INTO {TABLE} (owner_id, number, changed_at)
                SELECT id, {START}, {NOW} FROM "{User._meta.db_table}" WHERE id = one;
            END IF;
"""


def definitions(prefix: str) -> Iterator[tuple[str, str]]:
    """For each table a function, with its triggers."""
    for model in COUNTED:
        name, table = f"{prefix}{model._meta.db_table}", model._meta.db_table
        triggers = (
            f'CREATE TRIGGER "{name}_{event.lower()}" AFTER {event} ON "{table}" {tables} '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{name}"();'
            for event, tables in TABLES.items()
        )
        yield name, "\n".join((_function(name, model), *triggers))


def _function(name: str, model: type[Model]) -> str:
    former, changed = owner_of(model, "former"), owner_of(model, "changed")
    deleted = (
        f"DELETE FROM {TABLE} WHERE owner_id IN (SELECT {changed} FROM changed);"
        if model is User
        else f"FOR one IN SELECT DISTINCT {changed} FROM changed LOOP {RAISE} END LOOP;"
    )
    return f"""
CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE one bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN
        FOR one IN SELECT DISTINCT {changed} FROM changed LOOP {RAISE} END LOOP;
    ELSIF TG_OP = 'UPDATE' THEN
        FOR one IN SELECT {former} FROM former UNION SELECT {changed} FROM changed LOOP {RAISE} END LOOP;
    ELSIF TG_OP = 'DELETE' THEN
        {deleted}
    ELSE
        UPDATE {TABLE} SET number = number + 1, changed_at = {NOW} WHERE owner_id = {NOBODY};
    END IF;
    RETURN NULL;
END $$;"""
