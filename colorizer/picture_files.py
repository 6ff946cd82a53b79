"""A picture or a film and what is shown of it, stored together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from django.core.files.base import File

from accounts.models import User
from colorizer.engine.imageio.formats import LIST_FORMAT, SCREEN_FORMAT, PictureFormat
from colorizer.engine.video.containers import FilmContainer
from filestore.models import StoredFile
from filestore.services import NewFiles

IN_LISTS: Final = (StoredFile.Purpose.THUMBNAIL, StoredFile.Purpose.SMALL)


def add_picture(
    files: NewFiles,
    *,
    owner: User,
    purpose: StoredFile.Purpose,
    content: Path | File[bytes],
    format: PictureFormat | FilmContainer,  # noqa: A002
    shown: Mapping[StoredFile.Purpose, Path | bytes],
) -> StoredFile:
    """Add the file and, derived from it, what is shown of it by its purposes."""
    picture = files.add(
        owner, purpose, content, suffix=format.suffix, content_type=format.content_type
    )
    for derived, reduced in shown.items():
        reduced_format = LIST_FORMAT if derived in IN_LISTS else SCREEN_FORMAT
        files.add(
            owner,
            derived,
            reduced,
            suffix=reduced_format.suffix,
            content_type=reduced_format.content_type,
            derived_from=picture,
        )
    return picture
