"""TIFF files: which picture of a file counts, and what is not read, in words.

libvips decodes strips and tiles; it is given a directory of ours (see `tiff_directory`), so that
thumbnails, pyramids and damaged metadata do not reach it. `tiff_samples` knows what comes out.
"""

from __future__ import annotations

import math
from typing import Any, BinaryIO, Final

from colorizer.engine.errors import PictureTooComplexError, UnsupportedPixelsError
from colorizer.engine.imageio.formats import HIGH_DEPTH, PictureFormat
from colorizer.engine.imageio.joined_file import FilePart, JoinedFile
from colorizer.engine.imageio.opened import (
    WIDEST,
    OpenedPicture,
    load_joined,
    opened,
    opened_by_vips,
)
from colorizer.engine.imageio.orientation import known_orientation, named_orientation
from colorizer.engine.imageio.tiff_directory import (
    Directory,
    Tag,
    read_directories,
    read_sub_directories,
)
from colorizer.engine.imageio.tiff_samples import (
    CMYK,
    ICC_LAB,
    JPEG,
    LAB,
    NARROW,
    PALETTE,
    SAMPLES_OF_COLORS,
    SEPARATE_PLANES,
    YCBCR,
    colors_of,
    is_packed,
    stored_samples,
    subsampling_of,
    with_meaning,
)

MAX_PARTS: Final = 100_000
"""Each costs a seek and a read: as many as there may be rows."""
MAX_SAMPLES: Final = 32
"""A pixel: colors, infrared and a few masks."""
OLD_JPEG: Final = 6
WHOLE_BYTES_COMPRESSIONS: Final = (1, 5, 8, 32773, 32946)  # none, LZW, Deflate, run lengths
READ_COMPRESSIONS: Final = (*WHOLE_BYTES_COMPRESSIONS, 2, 3, 4, OLD_JPEG, JPEG)
COMPRESSION_NAMES: Final = {
    32766: "NeXT's run lengths",
    32809: "ThunderScan",
    33003: "JPEG 2000",
    33005: "JPEG 2000",
    34661: "JBIG",
    34676: "LogLuv",
    34677: "LogLuv",
    34712: "JPEG 2000",
    34887: "LERC",
    34925: "LZMA",
    50000: "ZSTD",
    50001: "WebP",
    50002: "JPEG XL",
    52546: "JPEG XL",
}
JPEG_START: Final = b"\xff\xd8"
CAMERA_RAW: Final = (32803, 34892)
CANON_RAW: Final = b"CR\2"
CANON_RAW_START: Final = 8
FLOATS: Final = (3, 5, 6)
SIGNED: Final = 2
INKS_ARE_CMYK: Final = 1
# Bits a channel where not all depths are read.
DEPTHS: Final = {PALETTE: range(1, 9), YCBCR: (8,), LAB: (8, 16), ICC_LAB: (8, 16), CMYK: (8, 16)}


def open_tiff(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    """The picture of a file. Thumbnails, levels of a pyramid and masks beside it are no pages."""
    is_raw = is_canon_raw(file)
    directory, has_several_pages = _main_directory(file)
    size = _size(directory)
    if is_raw or colors_of(directory) in CAMERA_RAW:
        raise UnsupportedPixelsError(
            "This is a camera's raw file. Develop it, and save it as JPEG, PNG or TIFF."
        )
    if reason := _why_unsupported(directory):
        raise reason
    orientation = _orientation(directory)
    if directory.number(Tag.COMPRESSION, 1) == OLD_JPEG:
        facts = {"orientation": orientation, "has_several_frames": has_several_pages}
        return opened_by_vips(_old_jpeg(directory, file), known, **facts)
    bits = max(directory.numbers(Tag.BITS, 1))
    return opened(
        known,
        size,
        lambda: with_meaning(_samples(directory, file), directory),
        orientation,
        bits=NARROW if bits <= NARROW else HIGH_DEPTH if bits <= HIGH_DEPTH else WIDEST,
        is_float=directory.number(Tag.SAMPLE_FORMAT, 1) in FLOATS,
        has_several_frames=has_several_pages,
    )


def is_canon_raw(file: BinaryIO) -> bool:
    file.seek(CANON_RAW_START)
    return file.read(len(CANON_RAW)) == CANON_RAW


def _samples(directory: Directory, file: BinaryIO) -> Any:
    if directory.parts > MAX_PARTS or directory.number(Tag.SAMPLES, 1) > MAX_SAMPLES:
        raise PictureTooComplexError
    # libtiff makes black of strips and tiles that are nowhere: maps have such, photographs do not.
    is_tiled = Tag.TILE_WIDTH in directory.entries
    if not any(directory.numbers(Tag.TILE_OFFSETS if is_tiled else Tag.STRIP_OFFSETS)):
        raise ValueError("a TIFF without its pixels")
    return stored_samples(directory, file)


def _main_directory(file: BinaryIO) -> tuple[Directory, bool]:
    """The first that is no reduced image, and whether there are others like it."""
    reduced: list[Directory] = []
    pages: list[Directory] = []
    for directory in read_directories(file):
        (reduced if directory.is_reduced else pages).append(directory)
        if len(pages) > 1:
            return pages[0], True
    if not pages:  # cameras keep the picture itself below its thumbnail
        inner = read_sub_directories(file, reduced[0])
        pages = [directory for directory in inner if not directory.is_reduced]
    return (pages or reduced)[0], False


def _size(directory: Directory) -> tuple[int, int]:
    width, height = directory.number(Tag.WIDTH), directory.number(Tag.HEIGHT)
    samples = (directory.number(Tag.SAMPLES, 1), *directory.numbers(Tag.BITS, 1))
    if min(width, height, *samples) < 1:
        raise ValueError("a TIFF of no pixels")
    return width, height


def _orientation(directory: Directory) -> int:
    if Tag.ORIENTATION in directory.entries:
        return known_orientation(directory.number(Tag.ORIENTATION))
    xmp = directory.entries.get(Tag.XMP)
    return named_orientation(None, xmp.content if xmp else None)


def _old_jpeg(directory: Directory, file: BinaryIO) -> Any:
    """The one JPEG that is the whole picture: the only old kind that is read."""
    start = directory.number(Tag.OLD_JPEG_START)
    file.seek(start)
    if start and file.read(len(JPEG_START)) == JPEG_START:
        image = load_joined(JoinedFile(FilePart(file, start)))
        is_usual = not image.get("jpeg-multiscan")  # it was older than progressive coding
        if is_usual and (image.width, image.height) == _size(directory):
            return image
    raise UnsupportedPixelsError(
        "This TIFF holds an old kind of JPEG: that is not supported. "
        "Save it again as JPEG, PNG or TIFF with LZW."
    )


def _why_unsupported(directory: Directory) -> UnsupportedPixelsError | None:
    reason = None
    colors, compression = colors_of(directory), directory.number(Tag.COMPRESSION, 1)
    if compression not in READ_COMPRESSIONS:
        reason = UnsupportedPixelsError(
            "This TIFF is compressed with %(method)s: that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW.",
            method=COMPRESSION_NAMES.get(compression, f"method {compression}"),
        )
    elif directory.number(Tag.SAMPLE_FORMAT, 1) == SIGNED:
        reason = UnsupportedPixelsError(
            "This TIFF has pixels with a sign, which may be below zero: that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW."
        )
    elif len(set(directory.numbers(Tag.BITS, 1))) > 1:
        reason = UnsupportedPixelsError(
            "This TIFF has channels of different depths: that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW."
        )
    elif not _has_known_colors(directory):
        reason = UnsupportedPixelsError(
            "This TIFF has colors of another kind (%(colors)d): that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW.",
            colors=colors,
        )
    elif (bits := directory.number(Tag.BITS, 1)) not in DEPTHS.get(colors, (bits,)):
        reason = UnsupportedPixelsError(
            "This TIFF has %(bits)d bits a channel: that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW.",
            bits=bits,
        )
    elif not _has_known_layout(directory):
        reason = UnsupportedPixelsError(
            "This TIFF has pixels that are packed in a rare way: that is not supported. "
            "Save it again as JPEG, PNG or TIFF with LZW."
        )
    return reason


def _has_known_colors(directory: Directory) -> bool:
    colors = colors_of(directory)
    if directory.number(Tag.SAMPLES, 1) < SAMPLES_OF_COLORS.get(colors, math.inf):
        return False
    return colors != CMYK or directory.number(Tag.INK_SET, INKS_ARE_CMYK) == INKS_ARE_CMYK


def _has_known_layout(directory: Directory) -> bool:
    is_in_planes = directory.number(Tag.PLANAR, 1) == SEPARATE_PLANES
    is_subsampled = subsampling_of(directory) != (1, 1)
    if is_in_planes and (is_subsampled or colors_of(directory) == PALETTE):
        return directory.number(Tag.SAMPLES, 1) == 1
    if is_packed(directory) or is_subsampled:
        is_plain = directory.number(Tag.PREDICTOR, 1) == 1
        return is_plain and directory.number(Tag.COMPRESSION, 1) in WHOLE_BYTES_COMPRESSIONS
    return True
