"""What is known of a photo, written into copies of its files, or into a file beside them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from django.utils.translation import gettext as _

from colorizer.engine.errors import UnknownFormatError
from colorizer.engine.imageio.description import (
    Description,
    TooMuchToEmbedError,
    described_packet,
    sidecar_packet,
)
from colorizer.engine.imageio.embedding import NotEmbeddableError, can_embed, embed_xmp
from colorizer.engine.imageio.formats import SUFFIXES
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import dates
from gallery.labels import names_of
from gallery.models import Photo
from jobs import texts

SIDECAR_SUFFIX: Final = ".xmp"
SIDECAR_CONTENT_TYPE: Final = "application/rdf+xml"


class DetailsNotEmbeddedError(Exception):
    """A file cannot take the details of its photo; `sidecar` has them all the same."""


def takes_details(file: StoredFile) -> bool:
    """Whether files of this format can: JPEG, PNG, TIFF and WebP, so every result."""
    known = SUFFIXES.get(_suffix_of(file))
    return known is not None and can_embed(known.name)


def has_details(file: StoredFile, photo: Photo) -> bool:
    """Whether there is anything to be written: a result tells that its colors were made, too.

    Without queries when `people` and `tags` are prefetched.
    """
    return description_of(photo) != Description() or (_is_result(file) and takes_details(file))


def with_details(
    file: StoredFile, photo: Photo, folder: Path, check: Callable[[], None] = lambda: None
) -> Path:
    """Write a copy of a file with the details of its photo in XMP; no pixel is encoded again.

    For downloads and zip files alike, where it `has_details`.

    Args:
        file: the original or a result of the photo.
        folder: where the copy is written: a temporary one of the caller's.
        check: called often; what it raises ends the copying.

    Raises:
        DetailsNotEmbeddedError: the format has no simple place for them (HEIC, AVIF, BMP, GIF, films), which is
            found before anything is copied, the file is damaged, or the details are too long.
            Give the file as it is, and `sidecar`.
    """
    if not takes_details(file):
        raise DetailsNotEmbeddedError(
            _("Details cannot be written into %(format)s files.") % {"format": _format_of(file)}
        )
    suffix = _suffix_of(file)
    source, copy = folder / f"plain{suffix}", folder / f"with-details{suffix}"
    filestore.copy_to(file, source, check)
    try:
        rewrite = partial(described_packet, description_of(photo), is_colorized=_is_result(file))
        embed_xmp(source, copy, rewrite)
    except (NotEmbeddableError, TooMuchToEmbedError, UnknownFormatError) as error:
        raise DetailsNotEmbeddedError(texts.shown(error.text, error.params)) from error
    finally:
        source.unlink()
    return copy


def _is_result(file: StoredFile) -> bool:
    return file.purpose == StoredFile.Purpose.RESULT


def _suffix_of(file: StoredFile) -> str:
    return PurePosixPath(str(file.name)).suffix


def _format_of(file: StoredFile) -> str:
    """As people call it, such as HEIC or MP4."""
    suffix = _suffix_of(file)
    return SUFFIXES[suffix].name if suffix in SUFFIXES else suffix.removeprefix(".").upper()


def sidecar(photo: Photo) -> bytes:
    """The details of a photo as an XMP packet of any length: a file of the same name, with the suffix .xmp."""
    return sidecar_packet(description_of(photo))


def description_of(photo: Photo) -> Description:
    taken = dates.of_photo(photo)
    return Description(
        title=photo.title,
        caption=photo.caption,
        date=dates.edtf(taken) if taken else "",
        place=photo.place,
        people=tuple(names_of(photo.people.all())),
        tags=tuple(names_of(photo.tags.all())),
    )
