"""Picture files as libvips images that decode strip by strip; the type is that of the content."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.TiffImagePlugin import (
    COMPRESSION,
    PHOTOMETRIC_INTERPRETATION,
    ImageFileDirectory_v2,
    TiffImageFile,
)

from colorizer.engine.errors import DECODER_ERRORS, UnreadablePictureError
from colorizer.engine.pictures.formats import FormatName
from colorizer.engine.pictures.vips import (
    MILLIMETRES_PER_INCH,
    UNKNOWN_DPI,
    cause_of,
    forget_errors,
    pyvips,
)

Opener: TypeAlias = Callable[[BinaryIO], Any]

MAX_PIXELS: Final = 200_000_000
MAX_SIDE: Final = 100_000

HEAD_BYTES: Final = 128
SIGNATURES: Final[tuple[tuple[bytes, FormatName], ...]] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"II+\0", "TIFF"),
    (b"MM\0+", "TIFF"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
)
AVIF_BRANDS: Final = {b"avif", b"avis"}
HEIC_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}
SEQUENCE_BRANDS: Final = {b"avis", b"hevc", b"hevx"}

TIFF_HEADER_BYTES: Final = 8
BIG_TIFF: Final = 43
YCBCR: Final = 6
STRIP_ROWS: Final = 256
JPEG_COMPRESSIONS: Final = (6, 7)
ANIMATION_SEARCH_BYTES: Final = 2**20

METADATA_NAMES: Final = {
    "exif": "exif-data",
    "xmp": "xmp-data",
    "icc_profile": "icc-profile-data",
}

NO_PICTURE = (
    "This is not a picture that can be read. Use JPEG, PNG, WebP, TIFF, HEIC, AVIF, BMP or GIF."
)
SEVERAL_FRAMES = "The picture has several frames. Save the one you want."


@contextmanager
def damage_named() -> Iterator[None]:
    """What decoders raise becomes UnreadablePictureError, with the decoder's own last word."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what can be read in spite of it, is read
            yield
    except (pyvips.Error, RuntimeError, *DECODER_ERRORS) as error:
        raise UnreadablePictureError(f"The picture is damaged: {cause_of(error)}") from error
    finally:
        forget_errors()


def open_picture(file: BinaryIO) -> Any:
    """A pyvips image as it is stored: not upright, in its own colours, mostly yet to be decoded.

    Raises:
        UnreadablePictureError: no picture, damaged so far, several frames, over the limits.
    """
    with damage_named():
        image = OPENERS[_format_of(file)](file)
    if image.get_typeof("n-pages") and image.get("n-pages") > 1:
        raise UnreadablePictureError(SEVERAL_FRAMES)
    check_size(image.width, image.height)
    return image


def check_size(width: int, height: int) -> None:
    """Raises UnreadablePictureError; the limits are those of the engine."""
    if width * height > MAX_PIXELS:
        raise UnreadablePictureError(
            f"The picture has {width:,} x {height:,} pixels; "
            f"at most {MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller."
        )
    if max(width, height) > MAX_SIDE:
        raise UnreadablePictureError(
            f"The picture has {width:,} x {height:,} pixels; "
            f"at most {MAX_SIDE:,} a side are read. Cut it in parts."
        )


def _format_of(file: BinaryIO) -> FormatName:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _format_of_brands(head)
    for signature, name in SIGNATURES:
        if head.startswith(signature):
            return name
    raise UnreadablePictureError(NO_PICTURE if head else "The file is empty.")


def _format_of_brands(head: bytes) -> FormatName:
    """ISO base media files (ISO/IEC 23008-12) name the brands that they are compatible with."""
    size = min(int.from_bytes(head[:4]), HEAD_BYTES)
    brands = {head[start : start + 4] for start in range(8, size, 4)}
    if head[8:12] in SEQUENCE_BRANDS:
        raise UnreadablePictureError(SEVERAL_FRAMES)
    if brands & AVIF_BRANDS:
        return "AVIF"
    if brands & HEIC_BRANDS:
        return "HEIC"
    raise UnreadablePictureError(NO_PICTURE)


def _vips_opener(loader: str) -> Opener:
    def open_by_vips(file: BinaryIO) -> Any:
        source = pyvips.Source.new_from_descriptor(file.fileno())
        return pyvips.Operation.call(loader, source, access="sequential", fail_on="error")

    return open_by_vips


def _open_png(file: BinaryIO) -> Any:
    header = file.read(ANIMATION_SEARCH_BYTES).partition(b"IDAT")[0]
    if b"acTL" in header:  # libvips would take an animated PNG for its first frame
        raise UnreadablePictureError(SEVERAL_FRAMES)
    file.seek(0)
    return _vips_opener("pngload_source")(file)


def _open_tiff(file: BinaryIO) -> Any:
    if _is_plain_ycbcr(file):
        return _decoded_by_pillow(TiffImageFile(file))
    return _vips_opener("tiffload_source")(file)


def _is_plain_ycbcr(file: BinaryIO) -> bool:
    """libvips takes YCbCr for RGB, unless the TIFF is compressed as JPEG."""
    header = file.read(TIFF_HEADER_BYTES)
    if BIG_TIFF in header[2:4]:
        return False
    directory = ImageFileDirectory_v2(header)
    file.seek(directory.next)
    directory.load(file)
    file.seek(0)
    return (
        directory.get(PHOTOMETRIC_INTERPRETATION) == YCBCR
        and directory.get(COMPRESSION) not in JPEG_COMPRESSIONS
    )


def _open_bmp(file: BinaryIO) -> Any:
    # Not by Image.open: a limit of pixels that is set for it in the process does not count here.
    return _decoded_by_pillow(BmpImageFile(file))


def _decoded_by_pillow(picture: Image.Image) -> Any:
    check_size(*picture.size)
    is_plain = picture.mode in ("L", "RGB", "RGBA")
    plain = picture if is_plain else picture.convert("RGB")
    pixels = np.empty((plain.height, plain.width, len(plain.getbands())), np.uint8)
    for top in range(0, plain.height, STRIP_ROWS):  # in one piece Pillow would copy it twice
        strip = plain.crop((0, top, plain.width, min(top + STRIP_ROWS, plain.height)))
        pixels[top : top + STRIP_ROWS] = np.asarray(strip).reshape(strip.height, strip.width, -1)
    return _in_memory(pixels, plain.info)


def _open_heic(file: BinaryIO) -> Any:
    pictures = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    if len(pictures) > 1:
        raise UnreadablePictureError(SEVERAL_FRAMES)
    check_size(*pictures.size)
    image = _in_memory(np.asarray(pictures), pictures.info)
    image.set_type(pyvips.GValue.gint_type, "bits-per-sample", pictures.info["bit_depth"])
    image.set_type(pyvips.GValue.gint_type, "orientation", 1)  # libheif has turned it
    return image


def _in_memory(pixels: NDArray[Any], info: dict[Any, Any]) -> Any:
    """Decoded pixels with what Pillow knows of the file, under libvips' names."""
    is_wide = pixels.dtype == np.uint16
    content = np.ascontiguousarray(pixels).reshape(*pixels.shape[:2], -1)
    height, width, bands = content.shape
    depth = "ushort" if is_wide else "uchar"
    gray, colour = ("grey16", "rgb16") if is_wide else ("b-w", "srgb")
    image = pyvips.Image.new_from_memory(content, width, height, bands, depth)
    x, y = (float(dots) / MILLIMETRES_PER_INCH for dots in info.get("dpi", UNKNOWN_DPI))
    image = image.copy(interpretation=gray if bands == 1 else colour, xres=x, yres=y)
    for ours, theirs in METADATA_NAMES.items():
        if info.get(ours):
            image.set_type(pyvips.GValue.blob_type, theirs, info[ours])
    return image


OPENERS: Final[dict[FormatName, Opener]] = {
    "JPEG": _vips_opener("jpegload_source"),
    "PNG": _open_png,
    "WebP": _vips_opener("webpload_source"),
    "TIFF": _open_tiff,
    "AVIF": _vips_opener("heifload_source"),
    "HEIC": _open_heic,
    "BMP": _open_bmp,
    "GIF": _vips_opener("gifload_source"),
}
