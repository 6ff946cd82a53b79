"""EXIF that leads in circles (EXIF 2.32, 4.6.2): libexif follows every pointer again and again."""

from __future__ import annotations

import re
import struct
from mmap import ACCESS_READ, mmap
from typing import BinaryIO, Final

from colorizer.engine.errors import PictureTooComplexError

MAX_ENTRIES: Final = 4096
"""In all directories, counted as often as a pointer leads to them. Cameras write a few hundred."""
MAX_DEPTH: Final = 12
"""As far as libexif goes."""
SEARCHED_BYTES: Final = 2**21
"""At both ends of a file: JPEG, PNG and AVIF have it before the pixels, WebP behind them."""
# In JPEG and AVIF behind these words, in PNG and WebP in a chunk of that name.
START: Final = re.compile(rb"(?:Exif\0\0|eXIf|EXIF....)(?=II\*\0|MM\0\*)", re.DOTALL)
POINTERS: Final = frozenset({0x8769, 0x8825, 0xA005})
ENTRY_BYTES: Final = 12


def check_exif(file: BinaryIO) -> None:
    """
    Args:
        file: at any position, which stays.

    Raises:
        PictureTooComplexError: its directories lead to each other too often.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        ends = (content[:SEARCHED_BYTES], content[SEARCHED_BYTES:][-SEARCHED_BYTES:])
    for end in ends:
        for found in START.finditer(end):
            _walk(end[found.end() :])


def _walk(exif: bytes) -> None:
    order = "<" if exif.startswith(b"II") else ">"
    waiting, entries = [(4, 0)], 0
    while waiting:
        place, depth = waiting.pop()
        start = _number(exif, order, place)
        said = struct.unpack_from(f"{order}H", exif, start)[0] if start + 2 <= len(exif) else 0
        count = min(said, (len(exif) - start) // ENTRY_BYTES)  # more are not there
        entries += count
        if entries > MAX_ENTRIES:
            raise PictureTooComplexError
        for entry in range(start + 2, start + 2 + count * ENTRY_BYTES, ENTRY_BYTES):
            tag = exif[entry : entry + 2]
            if int.from_bytes(tag, "little" if order == "<" else "big") in POINTERS:
                waiting += [(entry + 8, depth + 1)] * (depth < MAX_DEPTH)


def _number(exif: bytes, order: str, place: int) -> int:
    """Where a pointer leads; past the end for one that is itself past the end."""
    if place + 4 > len(exif):
        return len(exif)
    number: int = struct.unpack_from(f"{order}L", exif, place)[0]
    return number
