"""Folders for unfinished results, on the disk of the storage: a finished one is moved, not copied."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.storage import FileSystemStorage, Storage

LEFTOVER_SECONDS = 3600  # no job lasts so long (the queue's `timeout`)


@contextmanager
def scratch_folder(storage: Storage) -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    parent = _parent(storage)
    with TemporaryDirectory(dir=parent, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _parent(storage: Storage) -> Path | None:
    if not isinstance(storage, FileSystemStorage):
        return None  # a storage elsewhere: the system's folder for temporary files
    parent = Path(storage.location) / "unfinished"
    parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(parent)
    return parent


def _remove_leftovers(parent: Path) -> None:
    """Workers that were killed could not clean up."""
    for folder in parent.iterdir():
        with suppress(FileNotFoundError):  # another worker has just finished with it
            if folder.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)
