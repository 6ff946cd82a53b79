"""Whether anything of a person's has been written since: counted by the database itself, whoever writes.

Triggers raise a number of the owner in the transaction of each write. Equal numbers mean that nothing was committed
in between.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from gallery.changes.vendors import sql_of
from gallery.models.changes import NOBODY


class State(NamedTuple):
    """How the rows of an owner are.

    Attributes:
        number: it grows with every write.
        changed_at: the second of the last one, at the latest.
        is_settled: what is yet to be committed will have another second.
    """

    number: int
    changed_at: int
    is_settled: bool


def state_of(owner_id: int) -> State | None:
    """None while not every write is counted, as during a migration."""
    with connection.cursor() as cursor:
        cursor.execute(sql_of(connection).STATE, [owner_id])
        rows = cursor.fetchall()
    if {row[0] for row in rows} != {NOBODY, owner_id}:
        return None
    _owners, numbers, moments, settled = zip(*rows, strict=True)
    return State(sum(numbers), max(moments), all(settled))
