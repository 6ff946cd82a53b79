"""Bytes that no row names: a process was killed between storing and recording them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from filestore.models import StoredFile
from filestore.services import FOLDER, NAMES_PER_QUERY, in_batches
from filestore.storages import media_storage
from filestore.temporary import remove_leftovers


def sweep(older_than: timedelta) -> int:
    """Delete such files and temporary folders that were left behind; returns how many.

    Younger ones may be on their way into a row: no process may take longer from storing to committing.
    """
    before, storage = timezone.now() - older_than, media_storage()
    number = 0
    for name in _without_rows(before):
        storage.delete(name)
        number += 1
    storage.discard_unfinished(FOLDER, before)
    return number + remove_leftovers(before)


def _without_rows(before: datetime) -> Iterator[str]:
    names = (name for name, changed in media_storage().all_files(FOLDER) if changed <= before)
    for batch in in_batches(names, NAMES_PER_QUERY):
        rows = StoredFile.objects.filter(name__in=batch)
        yield from set(batch).difference(rows.values_list("name", flat=True))
