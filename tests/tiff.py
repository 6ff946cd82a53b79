"""TIFF files written tag by tag: also such as no library writes."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from colorizer.engine.imageio.tiff_directory import Tag

FORMS = {"H": (3, 2), "L": (4, 4), "B": (1, 1), "b": (6, 1), "R": (5, 8), "U": (7, 1)}
SHORT, LONG, RATIONAL, UNDEFINED = "H", "L", "R", "U"


def tiff_of(
    tags: Mapping[int, Any],
    strips: Sequence[bytes],
    *,
    byte_order: str = "<",
    forms: Mapping[int, str] | None = None,
    next_directory: int = 0,
) -> bytes:
    """A classic TIFF of one directory: whole numbers, bytes, or (numerator, denominator) tuples.

    Args:
        strips: as they lie in the file; they are tiles if there is a TILE_WIDTH.
        forms: types of values other than SHORT (numbers), RATIONAL (tuples) and UNDEFINED (bytes).
    """
    start, places = 8, []
    for strip in strips:
        places.append(start)
        start += len(strip)
    is_tiled = Tag.TILE_WIDTH in tags
    entries: dict[int, Any] = {
        Tag.TILE_OFFSETS if is_tiled else Tag.STRIP_OFFSETS: places,
        Tag.TILE_BYTES if is_tiled else Tag.STRIP_BYTES: [len(strip) for strip in strips],
        **tags,
    }
    known = {Tag.STRIP_OFFSETS: LONG, Tag.TILE_OFFSETS: LONG, **(forms or {})}
    table, behind = struct.pack(byte_order + "H", len(entries)), b""
    free = start + 2 + 12 * len(entries) + 4
    for tag, value in sorted(entries.items()):
        form, count, content = _packed(value, known.get(tag), byte_order)
        if len(content) > 4:
            place = struct.pack(byte_order + "L", free + len(behind))
            behind += content
        else:
            place = content.ljust(4, b"\0")
        table += struct.pack(byte_order + "HHL", tag, form, count) + place
    mark = b"II*\0" if byte_order == "<" else b"MM\0*"
    head = mark + struct.pack(byte_order + "L", start)
    return head + b"".join(strips) + table + struct.pack(byte_order + "L", next_directory) + behind


def _packed(value: Any, form: str | None, byte_order: str) -> tuple[int, int, bytes]:
    if isinstance(value, bytes):
        return FORMS[form or UNDEFINED][0], len(value), value
    values = list(value) if isinstance(value, (list, range)) else [value]
    if isinstance(values[0], tuple):
        numbers = [number for fraction in values for number in fraction]
        return (
            FORMS[RATIONAL][0],
            len(values),
            struct.pack(f"{byte_order}{len(numbers)}L", *numbers),
        )
    form = form or (SHORT if all(0 <= number < 2**16 for number in values) else LONG)
    content = struct.pack(f"{byte_order}{len(values)}{form}", *values)
    return FORMS[form][0], len(values), content
