"""IPTC records (IIM 4.2) as programs wrote them before XMP."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from colorizer.engine.imageio.description import Description, joined

MARKER: Final = 0x1C
HEAD_BYTES: Final = 5
EXTENDED: Final = 0x8000
UTF_8: Final = b"\x1b%G"
CODED_CHARACTER_SET: Final = (1, 90)
TITLE, HEADLINE, CAPTION, KEYWORDS, DATE = (2, 5), (2, 105), (2, 120), (2, 25), (2, 55)
# Sublocation, city, province or state, country.
PLACE_PARTS: Final = ((2, 92), (2, 90), (2, 95), (2, 101))

Records = dict[tuple[int, int], list[bytes]]


def described_in_iptc(content: bytes) -> Description:
    """What the records say. Nothing of it is cleaned yet."""
    records = _records(content)
    is_utf_8 = UTF_8 in records[CODED_CHARACTER_SET]

    def first(*names: tuple[int, int]) -> str:
        values = (value for name in names for value in records[name])
        return next(filter(str.strip, (as_text(value, is_utf_8=is_utf_8) for value in values)), "")

    return Description(
        title=first(TITLE, HEADLINE),
        caption=first(CAPTION),
        date=first(DATE),
        place=joined(first(part) for part in PLACE_PARTS),
        tags=tuple(as_text(value, is_utf_8=is_utf_8) for value in records[KEYWORDS]),
    )


def _records(content: bytes) -> Records:
    """By record and data set; as far as they can be read."""
    records: Records = defaultdict(list)
    start = content.find(MARKER)
    while start >= 0 and content[start : start + 1] == bytes([MARKER]):
        head = content[start : start + HEAD_BYTES]
        size = int.from_bytes(head[3:], "big")
        if len(head) < HEAD_BYTES or size & EXTENDED:  # longer than any text that counts
            break
        first = start + HEAD_BYTES
        records[head[1], head[2]].append(content[first : first + size])
        start = first + size
    return records


def as_text(content: bytes, *, is_utf_8: bool = False) -> str:
    """Few programs say which encoding they wrote: UTF-8 where it can be, else that of Windows."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("utf-8" if is_utf_8 else "cp1252", errors="replace")
