"""AVIF files put together item by item (ISO/IEC 23008-12): such as cameras write and libraries do not."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from PIL import Image


def box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">L4s", 8 + len(content), kind) + content


def full_box(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">L", version << 24 | flags), *parts)


@dataclass(frozen=True)
class Item:
    """A picture of a file, or a part of one.

    Attributes:
        content: coded pixels, or the description of a grid.
        properties: boxes, each of which is marked as essential where it turns or crops.
        parts: of a grid, by their number in the file, from 1.
    """

    kind: bytes
    content: bytes
    properties: Sequence[bytes]
    parts: Sequence[int] = ()
    is_hidden: bool = False


def coded(picture: Image.Image, **options: object) -> Item:
    """As libavif codes it, taken out of the file that it makes."""
    file = BytesIO()
    picture.save(file, "AVIF", quality=100, **options)
    content = file.getvalue()
    properties = [_box_at(content, kind) for kind in (b"ispe", b"pixi", b"av1C", b"colr")]
    start = content.index(b"mdat") + 4
    return Item(b"av01", content[start:], properties)


def _box_at(content: bytes, kind: bytes) -> bytes:
    start = content.index(kind) - 4
    return content[start : start + int.from_bytes(content[start : start + 4])]


def cropped(item: Item, width: int, height: int, right: int, down: int) -> Item:
    """The middle of what is left, moved by so many half pixels from that of the whole (clap)."""
    numbers = (width, 1, height, 1, right & 0xFFFFFFFF, 2, down & 0xFFFFFFFF, 2)
    return Item(
        item.kind, item.content, [*item.properties, box(b"clap", struct.pack(">8L", *numbers))]
    )


def turned(item: Item, quarters: int) -> Item:
    return Item(item.kind, item.content, [*item.properties, box(b"irot", bytes([quarters]))])


def grid(rows: int, columns: int, width: int, height: int, parts: Sequence[int], of: Item) -> Item:
    description = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    size = full_box(b"ispe", 0, 0, struct.pack(">LL", width, height))
    others = [prop for prop in of.properties if prop[4:8] in (b"pixi", b"colr")]
    return Item(b"grid", description, [size, *others], parts)


def avif_of(items: Sequence[Item], primary: int = 1) -> bytes:
    """A file of items, numbered from 1."""
    head = box(b"ftyp", b"avif", bytes(4), b"avifmif1miaf")
    start = len(head) + len(_meta(items, primary, 0)) + 8
    return head + _meta(items, primary, start) + box(b"mdat", *(item.content for item in items))


def _meta(items: Sequence[Item], primary: int, start: int) -> bytes:
    numbered = list(enumerate(items, 1))
    properties = [prop for item in items for prop in item.properties]
    infos, places, links, references = [], b"", b"", []
    for number, item in numbered:
        flags = int(item.is_hidden)
        infos.append(full_box(b"infe", 2, flags, struct.pack(">HH4sB", number, 0, item.kind, 0)))
        places += struct.pack(">HHHLL", number, 0, 1, start, len(item.content))
        start += len(item.content)
        first = sum(len(other.properties) for other in items[: number - 1]) + 1
        links += struct.pack(">HB", number, len(item.properties))
        links += bytes(
            index | (0x80 if prop[4:8] in (b"av1C", b"clap", b"irot") else 0)
            for index, prop in enumerate(item.properties, first)
        )
        if item.parts:
            parts = struct.pack(f">HH{len(item.parts)}H", number, len(item.parts), *item.parts)
            references.append(box(b"dimg", parts))
    return full_box(
        b"meta",
        0,
        0,
        full_box(b"hdlr", 0, 0, bytes(4), b"pict", bytes(13)),
        full_box(b"pitm", 0, 0, struct.pack(">H", primary)),
        full_box(b"iloc", 0, 0, b"\x44\0", struct.pack(">H", len(items)), places),
        full_box(b"iinf", 0, 0, struct.pack(">H", len(items)), *infos),
        full_box(b"iref", 0, 0, *references) if references else b"",
        box(
            b"iprp",
            box(b"ipco", *properties),
            full_box(b"ipma", 0, 0, struct.pack(">L", len(items)), links),
        ),
    )
