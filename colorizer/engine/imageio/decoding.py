"""Picture files as libvips images that decode strip by strip; the type is that of the content."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import (
    COMPRESSION,
    PHOTOMETRIC_INTERPRETATION,
    ImageFileDirectory_v2,
    TiffImageFile,
)

from colorizer.engine.errors import (
    DECODER_ERRORS,
    PictureTooLargeError,
    SeveralFramesError,
    UnreadablePictureError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.formats import (
    HEAD_BYTES,
    HIGH_DEPTH,
    FormatName,
    PictureFormat,
    format_of_content,
)
from colorizer.engine.imageio.jpeg_scans import check_scans
from colorizer.engine.imageio.vips import (
    MILLIMETERS_PER_INCH,
    UNKNOWN_DPI,
    cause_of,
    forget_errors,
    pyvips,
)

MAX_PIXELS: Final = 200_000_000
MAX_SIDE: Final = 100_000

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

DTYPES: Final[dict[str, Any]] = {"uchar": np.dtype(np.uint8), "ushort": np.dtype(np.uint16)}
BITS: Final = {"uchar": 8, "ushort": 16}
WIDEST: Final = 32
FLOATING: Final = ("float", "double", "complex", "dpcomplex")
FIRST_TURNED: Final = 5  # of EXIF's orientations: from here on width and height change places


@dataclass(frozen=True)
class PictureHeader:
    """What a file says of its picture before a pixel is decoded.

    Attributes:
        format: by content, whatever the file is called.
        width, height: pixels, upright.
        bits: a channel, as it is decoded: 8 or 16, or 32 for whatever has more, which is not read.
        is_float: the pixels are floating-point numbers, which are not read.
        has_several_frames: an animation, a sequence or several pages, which are not read.
    """

    format: PictureFormat
    width: int
    height: int
    bits: int = 8
    is_float: bool = False
    has_several_frames: bool = False


@dataclass(frozen=True)
class OpenedPicture:
    """A header, and how to get at the pixels while the file is open.

    Attributes:
        image: makes a pyvips image as it is stored: not upright, in its own colors, mostly yet to
            be decoded. What it raises is to be named by `damage_named`.
    """

    header: PictureHeader
    image: Callable[[], Any]


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


Opener: TypeAlias = Callable[[BinaryIO, PictureFormat], OpenedPicture]


def open_picture(file: BinaryIO) -> OpenedPicture:
    """Read the header of an open file; `check_header` says whether the rest can be read.

    Raises:
        UnknownFormatError: no picture, or in a format that is not read.
        UnreadablePictureError: damaged so far.
    """
    with damage_named():
        head = file.read(HEAD_BYTES)
        file.seek(0)
        known, is_sequence = format_of_content(head)
        return (_open_sequence if is_sequence else OPENERS[known.name])(file, known)


def check_header(header: PictureHeader) -> None:
    """Say before anything is decoded that a picture is not read.

    Raises:
        SeveralFramesError: an animation, a sequence, several pages.
        PictureTooLargeError: more than MAX_PIXELS or MAX_SIDE.
        UnsupportedPixelsError: floating point, or more than 16 bits a channel.
    """
    if header.has_several_frames:
        raise SeveralFramesError("The picture has several frames. Save the one you want.")
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
            f"The picture has {width:,} x {height:,} pixels; "
            f"at most {MAX_PIXELS // 1_000_000} megapixels are read. Make it smaller."
        )
    if max(width, height) > MAX_SIDE:
        raise PictureTooLargeError(
            f"The picture has {width:,} x {height:,} pixels; "
            f"at most {MAX_SIDE:,} a side are read. Cut it in parts."
        )


def orientation_of(image: Any) -> int:
    """EXIF's, 1..8."""
    return int(image.get("orientation")) if image.get_typeof("orientation") else 1


def _vips_opener(loader: str) -> Opener:
    def open_by_vips(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
        source = pyvips.Source.new_from_descriptor(file.fileno())
        image = pyvips.Operation.call(loader, source, access="sequential", fail_on="error")
        return OpenedPicture(_header_of(image, known), lambda: image)

    return open_by_vips


def _header_of(image: Any, known: PictureFormat) -> PictureHeader:
    is_turned = orientation_of(image) >= FIRST_TURNED
    width, height = (image.height, image.width) if is_turned else (image.width, image.height)
    return PictureHeader(
        known,
        width,
        height,
        BITS.get(image.format, WIDEST),
        is_float=image.format in FLOATING,
        has_several_frames=bool(image.get_typeof("n-pages")) and image.get("n-pages") > 1,
    )


def _open_jpeg(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    opened = _vips_opener("jpegload_source")(file, known)

    def checked() -> Any:
        check_scans(file, opened.header.width * opened.header.height)
        return opened.image()

    return replace(opened, image=checked)


def _open_png(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    before_pixels = file.read(ANIMATION_SEARCH_BYTES).partition(b"IDAT")[0]
    file.seek(0)
    opened = _vips_opener("pngload_source")(file, known)
    # libvips would take an animated PNG for its first frame.
    is_animated = b"acTL" in before_pixels
    return replace(opened, header=replace(opened.header, has_several_frames=is_animated))


def _open_tiff(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    if _is_plain_ycbcr(file):
        return _opened_by_pillow(TiffImageFile(file), known)
    return _vips_opener("tiffload_source")(file, known)


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


def _open_bmp(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    # Not by Image.open: a limit of pixels that is set for it in the process does not count here.
    return _opened_by_pillow(BmpImageFile(file), known)


def _opened_by_pillow(picture: ImageFile, known: PictureFormat) -> OpenedPicture:
    """Pillow turns a TIFF upright when it is loaded, and has its size upright before."""
    width, height = picture.size
    has_several_frames = getattr(picture, "n_frames", 1) > 1
    header = PictureHeader(known, width, height, has_several_frames=has_several_frames)
    return OpenedPicture(header, lambda: _decoded_by_pillow(picture))


def _decoded_by_pillow(picture: Image.Image) -> Any:
    is_plain = picture.mode in ("L", "RGB", "RGBA")
    plain = picture if is_plain else picture.convert("RGB")
    pixels = np.empty((plain.height, plain.width, len(plain.getbands())), np.uint8)
    for top in range(0, plain.height, STRIP_ROWS):  # in one piece Pillow would copy it twice
        strip = plain.crop((0, top, plain.width, min(top + STRIP_ROWS, plain.height)))
        pixels[top : top + STRIP_ROWS] = np.asarray(strip).reshape(strip.height, strip.width, -1)
    return _in_memory(pixels, plain.info)


def _open_heic(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    pictures = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    bits = BITS["ushort"] if pictures.info["bit_depth"] > BITS["uchar"] else BITS["uchar"]
    width, height = pictures.size
    header = PictureHeader(known, width, height, bits, has_several_frames=len(pictures) > 1)
    return OpenedPicture(header, lambda: _decoded_by_libheif(pictures))


def _open_sequence(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    """HEIC or AVIF whose first brand is that of a sequence; libheif shows its still picture."""
    opened = _open_heic(file, known)
    return replace(opened, header=replace(opened.header, has_several_frames=True))


def _decoded_by_libheif(pictures: pillow_heif.HeifFile) -> Any:
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
    gray, color = ("grey16", "rgb16") if is_wide else ("b-w", "srgb")
    image = pyvips.Image.new_from_memory(content, width, height, bands, depth)
    x, y = (float(dots) / MILLIMETERS_PER_INCH for dots in info.get("dpi", UNKNOWN_DPI))
    image = image.copy(interpretation=gray if bands == 1 else color, xres=x, yres=y)
    for ours, theirs in METADATA_NAMES.items():
        if info.get(ours):
            image.set_type(pyvips.GValue.blob_type, theirs, info[ours])
    return image


OPENERS: Final[dict[FormatName, Opener]] = {
    "JPEG": _open_jpeg,
    "PNG": _open_png,
    "WebP": _vips_opener("webpload_source"),
    "TIFF": _open_tiff,
    "AVIF": _vips_opener("heifload_source"),
    "HEIC": _open_heic,
    "BMP": _open_bmp,
    "GIF": _vips_opener("gifload_source"),
}
