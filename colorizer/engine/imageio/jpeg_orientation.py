"""Telling in a JPEG how its pixels lie, without touching them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image
from PIL.ExifTags import Base

from colorizer.engine.errors import DamagedPictureError

START: Final = b"\xff\xd8"
MARKER: Final = 0xFF
APP1: Final = 0xE1
TABLES_AND_TEXTS: Final = (*range(0xE0, 0xF0), 0xFE, 0xDB, 0xC4, 0xDD)
"""What may come before the picture: application data, comments, tables."""


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The same picture with EXIF's orientation; what EXIF and XMP said before is gone.

    Raises:
        DamagedPictureError: no JPEG.
    """
    if not jpeg.startswith(START):
        raise DamagedPictureError("a JPEG without its beginning")
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    content = b"Exif\0\0" + exif.tobytes().removeprefix(b"Exif\0\0")
    segment = struct.pack(">BBH", MARKER, APP1, len(content) + 2) + content
    kept, rest = b"", len(START)
    for kind, start, end in _segments(jpeg):
        kept += b"" if kind == APP1 else jpeg[start:end]
        rest = end
    return START + segment + kept + jpeg[rest:]


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of those before the picture."""
    place = len(START)
    while place + 4 <= len(jpeg) and jpeg[place] == MARKER:
        kind, size = struct.unpack_from(">BH", jpeg, place + 1)
        if kind not in TABLES_AND_TEXTS:
            return
        yield kind, place, place + 2 + size
        place += 2 + size
