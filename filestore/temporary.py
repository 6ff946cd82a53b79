"""Folders for files that are being made: a finished one is moved into the storage, not copied."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from filestore.errors import errors_of_the_disk
from filestore.storages import media_storage


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    with _new_folder() as folder:
        yield Path(folder)


@errors_of_the_disk()
def _new_folder() -> TemporaryDirectory[str]:
    parent = media_storage().temporary_location
    parent.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(dir=parent, ignore_cleanup_errors=True)


def remove_leftovers(before: datetime) -> Iterator[int]:
    """Processes that were killed could not clean up; what they left does not change any more.

    Any number of processes may do it at the same time. Yields for each file or folder whether this one removed it.
    """
    for path in _entries(media_storage().temporary_location):
        is_old = _last_change(path) <= before
        if is_old:
            _remove(path)
        yield int(is_old)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)  # an upload that was being received


def _entries(parent: Path) -> list[Path]:
    return list(parent.iterdir()) if parent.is_dir() else []


def _last_change(path: Path) -> datetime:
    """Of anything in it: who fills one file for hours does not change the folder."""
    times = [0.0]
    for part in (path, *_inside(path)):
        with suppress(FileNotFoundError):  # its process has just finished with it
            times.append(part.stat().st_mtime)
    return datetime.fromtimestamp(max(times), tz=UTC)


def _inside(path: Path) -> Iterator[Path]:
    # Unlike Path.rglob, this goes on when a folder is removed meanwhile.
    for parent, folders, files in os.walk(path):
        yield from (Path(parent, name) for name in (*folders, *files))
