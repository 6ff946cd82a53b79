"""A picture and what is shown of it, stored together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.core.files.base import File

from accounts.models import User
from colorizer.engine.imageio.formats import SCREEN_FORMAT, PictureFormat
from filestore.models import StoredFile
from filestore.services import NewFiles


def add_picture(
    files: NewFiles,
    *,
    owner: User,
    purpose: StoredFile.Purpose,
    content: Path | File[bytes],
    format: PictureFormat,  # noqa: A002
    shown: Mapping[StoredFile.Purpose, Path | bytes],
) -> StoredFile:
    """Add the picture and, derived from it, its JPEGs for the screen by their purposes."""
    picture = files.add(
        owner, purpose, content, suffix=format.suffix, content_type=format.content_type
    )
    for derived, jpeg in shown.items():
        files.add(
            owner,
            derived,
            jpeg,
            suffix=SCREEN_FORMAT.suffix,
            content_type=SCREEN_FORMAT.content_type,
            derived_from=picture,
        )
    return picture
