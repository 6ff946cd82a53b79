"""Folders for files that are being made: a finished one is moved into the storage, not copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from filestore.storages import media_storage


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    parent = media_storage().temporary_location
    parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def remove_leftovers(before: datetime) -> int:
    """Processes that were killed could not clean up; in their folders nothing changes any more."""
    parent = media_storage().temporary_location
    leftovers = [folder for folder in _entries(parent) if _last_change(folder) <= before]
    for folder in leftovers:
        shutil.rmtree(folder, ignore_errors=True)
    return len(leftovers)


def _entries(parent: Path) -> list[Path]:
    return list(parent.iterdir()) if parent.is_dir() else []


def _last_change(folder: Path) -> datetime:
    """Of anything in it: who fills one file for hours does not change the folder."""
    times = [0.0]
    for path in (folder, *folder.rglob("*")):
        with suppress(FileNotFoundError):  # its process has just finished with it
            times.append(path.stat().st_mtime)
    return datetime.fromtimestamp(max(times), tz=UTC)
