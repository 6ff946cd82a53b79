"""Bytes that no row names: a process was killed between storing and recording them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from filestore.models import StoredFile
from filestore.services import FOLDER, NAMES_PER_QUERY, delete_bytes, in_batches
from filestore.storages import media_storage
from filestore.temporary import remove_leftovers


def sweep(older_than: timedelta, unfinished_for: timedelta | None = None) -> int:
    """Delete such files and temporary folders that were left behind; returns how many.

    Args:
        older_than: no process may take longer from storing a file to committing its row.
        unfinished_for: nor longer to write one, if that is more.
    """
    stored_before = timezone.now() - older_than
    begun_before = timezone.now() - (unfinished_for or older_than)
    number = 0
    for names in in_batches(_without_rows(stored_before), NAMES_PER_QUERY):
        delete_bytes(names)
        number += len(names)
    media_storage().discard_unfinished(FOLDER, begun_before)
    return number + remove_leftovers(begun_before)


def _without_rows(before: datetime) -> Iterator[str]:
    names = (name for name, changed in media_storage().all_files(FOLDER) if changed <= before)
    for batch in in_batches(names, NAMES_PER_QUERY):
        rows = StoredFile.objects.filter(name__in=batch)
        yield from set(batch).difference(rows.values_list("name", flat=True))
