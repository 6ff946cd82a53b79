"""HEIC and AVIF files (ISO/IEC 23008-12): the primary picture, as libheif turns and crops it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import numpy as np
import pillow_heif

from colorizer.engine.imageio.formats import HIGH_DEPTH, PictureFormat
from colorizer.engine.imageio.opened import (
    BITS,
    OpenedPicture,
    in_memory,
    load,
    opened,
    opened_by_vips,
    unassociated,
)
from colorizer.engine.imageio.vips import pyvips

GRAY_MODES: Final = ("L", "LA", "I;16")
SEQUENCE_BRANDS: Final = (b"avis", b"hevc", b"hevx")
BRAND_START: Final = 8
MAX_BOXES: Final = 10_000
FULL_BOX_BYTES: Final = 4  # version and flags before what such a box holds
SAMPLE_TABLE: Final = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz")
PROPERTIES: Final = (b"meta", b"iprp", b"ipco")
FULL_RANGE: Final = 0b1000_0000
MONOCHROME: Final = 0b0001_0000
# Black and white of the limited range, with 8 bits (ITU-T H.273, 8.3).
BLACK: Final = 16
WHITE: Final = 235


def open_avif(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    is_limited_gray = _is_gray_avif(file) and _has_limited_range(file)
    is_sequence = _is_sequence(file)
    image = load("heifload_source", file)
    return opened_by_vips(
        _stretched(image) if is_limited_gray else image,
        known,
        orientation=1,  # libheif has turned it
        has_several_frames=is_sequence,
    )


def open_heic(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    is_sequence = _is_sequence(file)
    file.seek(0)
    pictures = pillow_heif.open_heif(file, convert_hdr_to_8bit=False)
    return opened(
        known,
        pictures.size,
        lambda: _decoded(pictures),
        bits=HIGH_DEPTH if pictures.info["bit_depth"] > BITS["uchar"] else BITS["uchar"],
        has_several_frames=is_sequence,
    )


def _decoded(pictures: pillow_heif.HeifFile) -> Any:
    image = in_memory(np.asarray(pictures), pictures.info)
    image.set_type(pyvips.GValue.gint_type, "bits-per-sample", pictures.info["bit_depth"])
    profile = pictures.info.get("nclx_profile") or {}
    is_limited = profile.get("full_range_flag") == 0
    if is_limited and pictures.mode in GRAY_MODES:
        image = _stretched(image)
    return unassociated(image) if pictures.premultiplied_alpha else image


def _stretched(image: Any) -> Any:
    """Gray of the limited range in full: libheif does so for colors only.

    Wide numbers have their bits at the upper end. Alpha always has the full range.
    """
    unit = 2**8 if image.format == "ushort" else 1
    full = 2**HIGH_DEPTH - 1 if image.format == "ushort" else 2 ** BITS["uchar"] - 1
    scale = full / ((WHITE - BLACK) * unit)
    colors = image.bands - int(image.hasalpha())
    scales = [scale] * colors + [1] * (image.bands - colors)
    offsets = [-BLACK * unit * scale] * colors + [0] * (image.bands - colors)
    stretched = image.linear(scales, offsets).rint().cast(image.format)
    stretched.set_type(pyvips.GValue.gint_type, "bits-per-sample", HIGH_DEPTH)
    return stretched


def _is_sequence(file: BinaryIO) -> bool:
    """Several frames, in a file whose first brand is that of a sequence."""
    file.seek(BRAND_START)
    if file.read(4) not in SEQUENCE_BRANDS:
        return False
    counts = [int.from_bytes(content[8:12]) for content in _found(file, SAMPLE_TABLE)]
    return max(counts, default=1) > 1


def _is_gray_avif(file: BinaryIO) -> bool:
    """All pictures in it are gray; with colors, only alpha is."""
    configurations = list(_found(file, (*PROPERTIES, b"av1C")))
    return bool(configurations) and all(content[2] & MONOCHROME for content in configurations)


def _has_limited_range(file: BinaryIO) -> bool:
    colors = [content for content in _found(file, (*PROPERTIES, b"colr")) if content[:4] == b"nclx"]
    return any(not content[10] & FULL_RANGE for content in colors)


def _found(file: BinaryIO, path: tuple[bytes, ...]) -> Iterator[bytes]:
    """What the boxes of a path hold, up to 64 bytes each."""
    end = file.seek(0, 2)
    places = [(0, end)]
    for kind in path:
        skipped = FULL_BOX_BYTES if kind == b"meta" else 0
        places = [
            (start + skipped, box_end)
            for place in places
            for found, start, box_end in _boxes(file, *place)
            if found == kind
        ]
    for start, box_end in places:
        file.seek(start)
        yield file.read(min(64, box_end - start))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, and where the content begins and ends (ISO/IEC 14496-12, 4.2)."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        file.seek(start)
        head = file.read(16)
        size, content = int.from_bytes(head[:4]), start + 8
        if size == 1:
            size, content = int.from_bytes(head[8:16]), start + 16
        box_end = min(start + size, end) if size else end
        if box_end < content:
            return
        yield head[4:8], content, box_end
        start = box_end
