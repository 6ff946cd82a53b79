"""SQL of the database that is in use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Protocol

from django.db.backends.base.base import BaseDatabaseWrapper

from gallery.changes import postgres, sqlite


class Vendor(Protocol):
    """
    Attributes:
        NOW, START: the time, and a number that is larger than whatever was counted before.
        STATE: of one owner, see `gallery.changes.State`.
        EXISTING: names, others among them; DROP: one of them.
    """

    NOW: str
    START: str
    STATE: str
    EXISTING: str
    DROP: str

    def definitions(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Name and SQL of each."""


VENDORS: Final[dict[str, Vendor]] = {"sqlite": sqlite, "postgresql": postgres}


def sql_of(connection: BaseDatabaseWrapper) -> Vendor:
    return VENDORS[connection.vendor]
