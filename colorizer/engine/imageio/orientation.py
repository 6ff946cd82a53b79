"""How the pixels lie in a file: one rule for all formats.

EXIF's orientation counts; where EXIF names none, that of XMP (tiff:Orientation). What is none of
1..8 is taken as 1. HEIC and AVIF are turned by what the container says (irot, imir), and by nothing
else, as their standard wants it (ISO/IEC 23008-12, 6.5.10).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import Base

FIRST_TURNED: Final = 5  # from here on width and height change places
IN_XMP: Final = re.compile(rb"""tiff:Orientation\s*(?:=\s*["']|>)\s*(\d+)""")

# How the pixels of an upright picture lie in the file, by EXIF's orientation (2.32, 4.6.4).
STORED: Final[dict[int, Callable[[NDArray[Any]], NDArray[Any]]]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: np.rot90,
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),
    8: lambda upright: np.rot90(upright, -1),
}


def named_orientation(exif: bytes | None, xmp: bytes | None) -> int:
    """By the rule above, of metadata that may be damaged or absent."""
    named = _in_exif(exif) if exif else None
    if named is None and xmp and (found := IN_XMP.search(xmp)):
        named = int(found[1][:2])
    return known_orientation(named)


def known_orientation(named: object) -> int:
    return named if isinstance(named, int) and named in STORED else 1


def _in_exif(exif: bytes) -> object:
    entries = Image.Exif()
    try:
        entries.load(exif)
        return entries.get(Base.Orientation)
    except Exception:  # noqa: BLE001  (metadata of any make; a picture does not fail for them)
        return None
