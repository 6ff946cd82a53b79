"""Files of results that no record names: a worker was killed between storing and recording them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from django.core.files.storage import default_storage
from django.utils import timezone

from colorizer.models import Colorization

FOLDERS: Final = {
    "result": "results",
    "preview": "previews",
    "thumbnail": "result-thumbnails",
}
NAMES_PER_QUERY: Final = 500


def sweep(older_than: timedelta) -> int:
    """Delete them; returns how many. Younger ones may be on their way into a record."""
    number = 0
    for field, folder in FOLDERS.items():
        for name in _orphans(field, folder):
            if timezone.now() - default_storage.get_modified_time(name) >= older_than:
                default_storage.delete(name)
                number += 1
    return number


def _orphans(field: str, folder: str) -> Iterator[str]:
    remaining = iter(_names(folder))
    while names := list(islice(remaining, NAMES_PER_QUERY)):
        recorded = Colorization.objects.filter(**{f"{field}__in": names})
        yield from set(names).difference(recorded.values_list(field, flat=True))


def _names(folder: str) -> Iterable[str]:
    try:
        files = default_storage.listdir(folder)[1]
    except FileNotFoundError:
        return  # Nothing has been stored yet.
    for file in files:
        yield str(PurePosixPath(folder, file))
