"""Stored files for tests."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings

from accounts.models import User
from filestore import cleanup, services
from filestore.models import StoredFile
from filestore.storages import media_storage

Purpose = StoredFile.Purpose


def store(
    owner: User,
    content: bytes = b"an original",
    purpose: StoredFile.Purpose = Purpose.ORIGINAL,
    derived_from: StoredFile | None = None,
) -> StoredFile:
    with services.new_files() as files:
        file = files.add(
            owner,
            purpose,
            content,
            suffix=".jpg",
            content_type="image/jpeg",
            derived_from=derived_from,
        )
        files.save()
    return file


def write(name: str) -> None:
    """A file in the folder of the storage, without a row."""
    path = Path(settings.MEDIA_ROOT, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"left")


def names_in_storage() -> set[str]:
    return {name for name, _ in media_storage().all_files("files")}


def sweep(older_than: timedelta, unfinished_for: timedelta | None = None) -> int:
    """All of its steps; returns how many files and folders were removed."""
    return sum(cleanup.sweep(older_than, unfinished_for or older_than))
