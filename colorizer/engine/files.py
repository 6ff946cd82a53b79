"""Files that appear under their names only when they are complete, and what killed writers leave."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final
from uuid import uuid4

UNFINISHED: Final = ".unfinished-"
ABANDONED_SECONDS: Final = 3600  # no file takes so long to write


@contextmanager
def finished_file(destination: Path) -> Iterator[BinaryIO]:
    """A new file beside the destination that takes its name when all went well, or vanishes.

    Raises:
        OSError: no space, no right, no folder.
    """
    path = destination.with_name(f"{UNFINISHED}{os.getpid()}-{uuid4().hex}")
    try:
        with path.open("x+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        path.replace(destination)
    finally:
        path.unlink(missing_ok=True)


def remove_unfinished_of(process_id: int, folder: Path) -> None:
    """Remove what a process that is dead was writing in a folder."""
    for path in folder.glob(f"{UNFINISHED}{process_id}-*"):
        path.unlink(missing_ok=True)


def remove_abandoned(folder: Path) -> None:
    """Remove what nobody can be writing any more."""
    for path in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError):  # gone by now, or somebody else's
            if path.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                path.unlink()


def sha256_of_file(path: Path) -> str:
    """Of its content, 64 hexadecimal digits; the file is read in pieces.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
