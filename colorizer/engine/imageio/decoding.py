"""Picture files as libvips images that decode strip by strip; the type is that of the content."""

from __future__ import annotations

import errno
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final

from colorizer.engine.errors import (
    ColorizerError,
    DamagedPictureError,
    PictureTooComplexError,
    PictureTooLargeError,
    SeveralFramesError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.bmp import open_bmp
from colorizer.engine.imageio.exif_limits import check_exif
from colorizer.engine.imageio.formats import (
    HEAD_BYTES,
    HIGH_DEPTH,
    FormatName,
    format_of_content,
)
from colorizer.engine.imageio.heif import open_avif, open_heic
from colorizer.engine.imageio.jpeg import open_jpeg
from colorizer.engine.imageio.opened import OpenedPicture, Opener, PictureHeader, vips_opener
from colorizer.engine.imageio.png import open_png
from colorizer.engine.imageio.tiff import open_tiff
from colorizer.engine.imageio.vips import cause_of, forget_errors

MAX_PIXELS: Final = 200_000_000
MAX_SIDE: Final = 100_000

OPENERS: Final[dict[FormatName, Opener]] = {
    "JPEG": open_jpeg,
    "PNG": open_png,
    "WebP": vips_opener("webpload_source"),
    "TIFF": open_tiff,
    "AVIF": open_avif,
    "HEIC": open_heic,
    "BMP": open_bmp,
    "GIF": vips_opener("gifload_source"),
}
WITH_LIBEXIF: Final = ("JPEG", "PNG", "WebP", "AVIF")
LIMIT_OF_A_DECODER: Final = "Security limit exceeded"
"""libheif's words for items, boxes and references without number."""
# What decoders raise for places that a file does not have; other numbers are the system's errors.
ERRNOS_OF_DAMAGE: Final = (None, errno.EINVAL)
# libjpeg and libheif say so of 12 bits, of JPEG-LS (0xf7), of codecs that are not built in.
UNSUPPORTED: Final = re.compile(r"Unsupported (?:JPEG|feature|codec|marker type 0xf7)")


@contextmanager
def damage_named() -> Iterator[None]:
    """Whatever decoders raise becomes DamagedPictureError, with the decoder's own last word.

    A decoder that is not made for the file's kind says so: that is UnsupportedPixelsError. What runs
    into a limit of the decoder's own is PictureTooComplexError. What is no fault of the picture
    stays: too little memory, a disk that fails.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what can be read in spite of it, is read
            yield
    except (ColorizerError, MemoryError):
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno not in ERRNOS_OF_DAMAGE:
            raise
        if LIMIT_OF_A_DECODER in str(error):
            raise PictureTooComplexError from error
        cause = cause_of(error)
        if UNSUPPORTED.search(cause):
            raise UnsupportedPixelsError(
                "The picture is coded in a way that is not supported. Save it again as JPEG or PNG."
            ) from error
        raise DamagedPictureError(cause) from error
    finally:
        forget_errors()


def open_picture(file: BinaryIO) -> OpenedPicture:
    """Read the header of an open file; `check_header` says whether the rest can be read.

    Raises:
        UnknownFormatError: no picture, or in a format that is not read.
        UnsupportedPixelsError: a kind of its format that is not read.
        DamagedPictureError: damaged so far.
    """
    with damage_named():
        head = file.read(HEAD_BYTES)
        file.seek(0)
        known = format_of_content(head)
        if known.name in WITH_LIBEXIF:
            check_exif(file)
        return OPENERS[known.name](file, known)


def check_header(header: PictureHeader) -> None:
    """Say before anything is decoded that a picture is not read.

    Raises:
        SeveralFramesError: an animation, a sequence, several pages.
        PictureTooLargeError: more than MAX_PIXELS or MAX_SIDE.
        UnsupportedPixelsError: floating point, or more than 16 bits a channel.
    """
    if header.has_several_frames:
        raise SeveralFramesError("The picture has several frames or pages. Save the one you want.")
    _check_size(header.width, header.height)
    if header.is_float:
        raise UnsupportedPixelsError("Floating-point pictures have no known white. Save as 16 bit.")
    if header.bits > HIGH_DEPTH:
        raise UnsupportedPixelsError(
            "The picture has neither 8 nor 16 bits a channel. Save as 16 bit."
        )


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise PictureTooLargeError(
            "The picture has %(width)s x %(height)s pixels; "
            "at most %(megapixels)d megapixels are read. Make it smaller.",
            width=f"{width:,}",
            height=f"{height:,}",
            megapixels=MAX_PIXELS // 1_000_000,
        )
    if max(width, height) > MAX_SIDE:
        raise PictureTooLargeError(
            "The picture has %(width)s x %(height)s pixels; "
            "at most %(side)s a side are read. Cut it in parts.",
            width=f"{width:,}",
            height=f"{height:,}",
            side=f"{MAX_SIDE:,}",
        )


__all__ = ["OpenedPicture", "PictureHeader", "check_header", "damage_named", "open_picture"]
