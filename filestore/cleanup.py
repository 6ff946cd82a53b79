"""Bytes that no row names: a process was killed between storing and recording them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils import timezone

from filestore.models import StoredFile
from filestore.ownership import require_own_files
from filestore.services import FOLDER, NAMES_PER_QUERY, delete_bytes, in_batches
from filestore.storages import media_storage
from filestore.temporary import remove_leftovers


def sweep(older_than: timedelta, unfinished_for: timedelta) -> Iterator[int]:
    """Delete such files and temporary folders that were left behind, in short steps; yields how many with each.

    Args:
        older_than: no process may take longer from storing a file to committing its row.
        unfinished_for: nor longer to write one.

    Raises:
        ForeignFilesError: the files are those of another database.
    """
    stored_before = timezone.now() - older_than
    begun_before = timezone.now() - unfinished_for
    yield from remove_leftovers(begun_before)
    for number, files in enumerate(in_batches(media_storage().all_files(FOLDER), NAMES_PER_QUERY)):
        if number == 0:
            require_own_files()
        yield _delete_without_rows(files, stored_before)
    for _ in media_storage().discard_unfinished(FOLDER, begun_before):
        yield 0


def _delete_without_rows(files: list[tuple[str, datetime]], before: datetime) -> int:
    names = {name for name, changed in files if changed <= before}
    rows = StoredFile.objects.filter(name__in=names)
    left = names.difference(rows.values_list("name", flat=True))
    delete_bytes(left)
    return len(left)
