"""How often something of a person's has been written."""

from __future__ import annotations

from typing import Final

from django.db import models

NOBODY: Final = 0
"""The owner of the row that is there while every write is counted. What is counted there holds for everybody."""


class LibraryChange(models.Model):
    """A part of a number that only grows: the number of an owner is the sum of their rows.

    Triggers of the database write it (`gallery.changes`), and nothing else does. With PostgreSQL an owner has as many
    rows as transactions have written at the same time.
    """

    # Without a constraint: whoever writes would wait for whoever deletes the account.
    owner_id = models.BigIntegerField(db_index=True, editable=False)
    number = models.BigIntegerField(editable=False)
    changed_at = models.DateTimeField(editable=False)

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.number}"


TABLE: Final = LibraryChange._meta.db_table  # noqa: SLF001  (a name that Django documents)
