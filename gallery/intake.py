"""What is checked of an uploaded file before there is a photo: cheapest first, the header before the pixels."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from PIL import Image, ImageOps, UnidentifiedImageError

from colorizer.engine.errors import DECODER_ERRORS
from gallery.errors import UploadError
from gallery.models import Photo

MIN_SIDE = 16
# A JPEG with a second picture inside (phones: depth map, preview): decodes as the JPEG that it is.
MULTI_PICTURE_JPEG = "MPO"


@dataclass(frozen=True)
class Upload:
    """A picture that may be taken in."""

    name: str
    format: Photo.Format
    picture: Image.Image  # decoded, upright
    bytes: int
    sha256: str


def validate_upload(file: UploadedFile[bytes]) -> Upload:
    """Check an uploaded file; UploadError tells what is wrong with it."""
    size = _checked_size(file)
    with _opened(file) as image:
        _check_header(image)
        _decode_upright(image)
    return Upload(
        name=display_name(file.name or ""),
        format=_format(image),
        picture=image,
        bytes=size,
        sha256=_sha256(file),
    )


def display_name(name: str) -> str:
    """The last part of the name, without control characters: to be shown, never to be opened."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    printable = "".join(character for character in last if character.isprintable())
    return printable.strip()[-255:] or "photo"


def _checked_size(file: UploadedFile[bytes]) -> int:
    size = file.size or 0
    if size == 0:
        raise UploadError("empty_file", "The file is empty.")
    if size > settings.MAX_UPLOAD_BYTES:
        limit = filesizeformat(settings.MAX_UPLOAD_BYTES)
        message = f"The file is larger than {limit} ({filesizeformat(size)})."
        raise UploadError("file_too_large", message, status=413)
    return size


@contextmanager
def _opened(file: UploadedFile[bytes]) -> Iterator[Image.Image]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # we count ourselves
            file.seek(0)
            yield Image.open(file, formats=Photo.Format.values)
    except UnidentifiedImageError as error:
        message = "This is not a picture that can be read. Send a JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP or GIF."
        raise UploadError("unsupported_format", message, status=415) from error
    except Image.DecompressionBombError as error:
        # Raised at twice the limit, before the size is known here (see GalleryConfig).
        raise _too_many_pixels(
            f"more than {_megapixels(2 * settings.MAX_UPLOAD_PIXELS)}"
        ) from error
    except DECODER_ERRORS as error:
        message = "The picture is damaged or was not sent completely."
        raise UploadError("damaged_picture", message) from error


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > settings.MAX_UPLOAD_PIXELS:
        raise _too_many_pixels(f"{width:,} x {height:,} pixels ({_megapixels(width * height)})")
    if min(width, height) < MIN_SIDE:
        message = (
            f"The picture is {width} x {height} pixels; it needs at least {MIN_SIDE} on each side."
        )
        raise UploadError("too_small", message)
    if getattr(image, "is_animated", False) and image.format != MULTI_PICTURE_JPEG:
        message = "The file holds several pictures. Send a single one, without animation or pages."
        raise UploadError("animated_picture", message)
    if image.mode == "F":
        message = "The picture has floating-point pixels. Save it with 8 or 16 bits."
        raise UploadError("unsupported_format", message, status=415)


def _too_many_pixels(found: str) -> UploadError:
    limit = _megapixels(settings.MAX_UPLOAD_PIXELS)
    return UploadError("too_many_pixels", f"The picture has {found}; at most {limit} are taken.")


def _megapixels(pixels: int) -> str:
    return f"{pixels / 1_000_000:,.4g} megapixels"


def _decode_upright(image: Image.Image) -> None:
    image.load()
    ImageOps.exif_transpose(image, in_place=True)


def _format(image: Image.Image) -> Photo.Format:
    if image.format == MULTI_PICTURE_JPEG:
        return Photo.Format.JPEG
    return Photo.Format(str(image.format))


def _sha256(file: UploadedFile[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
