"""BMP files: Pillow reads them, but for pixels in bit fields, of which it knows some layouts only."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL.BmpImagePlugin import BmpImageFile

from colorizer.engine.errors import PictureTooComplexError, UnsupportedPixelsError
from colorizer.engine.imageio.formats import PictureFormat
from colorizer.engine.imageio.opened import (
    STRIP_ROWS,
    OpenedPicture,
    decoded_by_pillow,
    in_memory,
    opened,
)

# BITMAPINFOHEADER and the masks behind it: in later headers they are a part of it.
HEADER: Final = struct.Struct("<10xL L ll2xHL4xll8x LLLL")
CORE_HEADER: Final = 12
WITH_ALPHA: Final = 56
BIT_FIELDS: Final = 3
ALPHA_BIT_FIELDS: Final = 6
RUN_LENGTHS: Final = (BmpImageFile.COMPRESSIONS["RLE8"], BmpImageFile.COMPRESSIONS["RLE4"])
MAX_RUN_LENGTH_PIXELS: Final = 8_000_000
"""Pillow needs up to 0.25 s for a million, and a file may hold them in a few bytes."""
DEPTHS: Final = {16: "<u2", 32: "<u4"}
DEFAULT_MASKS: Final = {16: (0x7C00, 0x3E0, 0x1F), 32: (0xFF0000, 0xFF00, 0xFF)}
INCHES_PER_METER: Final = 39.3701


class BitFields(NamedTuple):
    """A picture whose channels are some bits of each number.

    Attributes:
        start: of the pixels in the file.
        height: negative when the first row is the upper one.
        masks: of red, green, blue and perhaps alpha.
    """

    start: int
    width: int
    height: int
    bits: int
    masks: tuple[int, ...]
    dpi: tuple[float, float]


def open_bmp(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    if fields := _bit_fields(file):
        size = (fields.width, abs(fields.height))
        return opened(known, size, lambda: _decoded(file, fields))
    file.seek(0)
    try:
        # Not by Image.open: a limit of pixels that is set for it in the process does not count.
        picture = BmpImageFile(file)
    except OSError as error:
        if str(error).startswith("Unsupported BMP"):
            raise UnsupportedPixelsError(
                "This kind of BMP is not supported. Save it again as PNG or JPEG."
            ) from error
        raise
    return opened(known, picture.size, lambda: _decoded_by_pillow(picture))


def _decoded_by_pillow(picture: BmpImageFile) -> Any:
    width, height = picture.size
    if picture.info["compression"] in RUN_LENGTHS and width * height > MAX_RUN_LENGTH_PIXELS:
        raise PictureTooComplexError
    return decoded_by_pillow(picture)


def _bit_fields(file: BinaryIO) -> BitFields | None:
    content = file.read(HEADER.size)
    if len(content) < HEADER.size:
        return None
    start, size, width, height, bits, kind, x, y, *masks = HEADER.unpack(content)
    if size <= CORE_HEADER or kind not in (BIT_FIELDS, ALPHA_BIT_FIELDS) or bits not in DEPTHS:
        return None
    has_alpha = (size >= WITH_ALPHA or kind == ALPHA_BIT_FIELDS) and masks[3]
    colors = tuple(masks[:3]) if any(masks[:3]) else DEFAULT_MASKS[bits]
    if width < 1 or not height or not all(colors):
        raise ValueError("a BMP without width, height or masks")
    dpi = (x / INCHES_PER_METER, y / INCHES_PER_METER)
    return BitFields(start, width, height, bits, (*colors, masks[3]) if has_alpha else colors, dpi)


def _decoded(file: BinaryIO, fields: BitFields) -> Any:
    height = abs(fields.height)
    row_bytes = -(-fields.width * fields.bits // 32) * 4
    pixels = np.empty((height, fields.width, len(fields.masks)), np.uint8)
    file.seek(fields.start)
    for top in range(0, height, STRIP_ROWS):
        rows = min(STRIP_ROWS, height - top)
        content = np.frombuffer(file.read(rows * row_bytes), np.uint8).reshape(rows, row_bytes)
        numbers = content.view(DEPTHS[fields.bits])[:, : fields.width]
        for channel, mask in enumerate(fields.masks):
            pixels[top : top + rows, :, channel] = _channel(numbers, mask)
    return in_memory(pixels[::-1] if fields.height > 0 else pixels, {"dpi": fields.dpi})


def _channel(numbers: NDArray[Any], mask: int) -> NDArray[np.uint8]:
    """Some bits of each number, stretched to 0..255."""
    shift = (mask & -mask).bit_length() - 1
    largest = mask >> shift
    values = ((numbers & mask) >> shift).astype(np.uint64)
    return ((values * 255 + largest // 2) // largest).astype(np.uint8)
