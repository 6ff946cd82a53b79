"""What is known of a photo, written into copies of its files, or into a file beside them."""

from __future__ import annotations

from functools import partial
from pathlib import Path, PurePosixPath
from typing import Final

from colorizer.engine.errors import UnknownFormatError
from colorizer.engine.imageio.description import (
    Description,
    TooMuchToEmbedError,
    described_packet,
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
    known = SUFFIXES.get(Path(str(file.name)).suffix)
    return known is not None and can_embed(known.name)


def with_details(file: StoredFile, photo: Photo, folder: Path) -> Path:
    """Write a copy of a file with the details of its photo in XMP; no pixel is encoded again.

    For downloads and zip files alike. Without queries when `people` and `tags` are prefetched.
    An original of which nothing is known stays as it is.

    Args:
        file: the original or a result of the photo.
        folder: where the copy is written: a temporary one of the caller's.

    Raises:
        DetailsNotEmbeddedError: the format has no simple place for them (HEIC, AVIF, BMP, GIF), the
            file is damaged, or the details are too long. Give the file as it is, and `sidecar`.
    """
    suffix = PurePosixPath(str(file.name)).suffix
    source, copy = folder / f"plain{suffix}", folder / f"with-details{suffix}"
    is_colorized = file.purpose == StoredFile.Purpose.RESULT
    description = description_of(photo)
    filestore.copy_to(file, source)
    if description == Description() and not is_colorized:
        return source
    try:
        rewrite = partial(described_packet, description, is_colorized=is_colorized)
        embed_xmp(source, copy, rewrite)
    except (NotEmbeddableError, TooMuchToEmbedError, UnknownFormatError) as error:
        raise DetailsNotEmbeddedError(texts.shown(error.text, error.params)) from error
    finally:
        source.unlink()
    return copy


def sidecar(photo: Photo) -> bytes:
    """The details of a photo as an XMP packet: a file of the same name, with the suffix .xmp.

    Raises:
        DetailsNotEmbeddedError: they are too long for a packet.
    """
    try:
        return described_packet(description_of(photo), b"", is_colorized=False)
    except TooMuchToEmbedError as error:
        raise DetailsNotEmbeddedError(texts.shown(error.text, error.params)) from error


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
