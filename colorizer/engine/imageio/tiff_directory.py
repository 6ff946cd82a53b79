"""Directories of TIFF and BigTIFF files (TIFF 6.0, section 2), read and written anew.

A directory is a table of tags that says where the pixels lie and what they mean. libvips is given
the file with a directory of ours behind it: with the tags that concern the pixels, and only those.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import BinaryIO, Final, NamedTuple

import numpy as np

from colorizer.engine.imageio.joined_file import FilePart, JoinedFile

BIG_TIFF: Final = 43
BYTE_ORDERS: Final = {b"II": "<", b"MM": ">"}
# Size and numpy's name of each type of value; text and "undefined" are bytes.
TYPES: Final = {
    1: (1, "u1"),
    2: (1, "u1"),
    3: (2, "u2"),
    4: (4, "u4"),
    5: (8, "u4"),
    6: (1, "i1"),
    7: (1, "u1"),
    8: (2, "i2"),
    9: (4, "i4"),
    10: (8, "i4"),
    11: (4, "f4"),
    12: (8, "f8"),
    13: (4, "u4"),
    16: (8, "u8"),
    17: (8, "i8"),
    18: (8, "u8"),
}
RATIONALS: Final = (5, 10)
LONG8: Final = 16
SHORT: Final = 3
BIG_HEADER: Final = struct.Struct("2sHHHQ")
MAX_TAGS: Final = 4096
MAX_DIRECTORIES: Final = 64


class Tag(IntEnum):
    SUBFILE = 254
    OLD_SUBFILE = 255
    WIDTH = 256
    HEIGHT = 257
    BITS = 258
    COMPRESSION = 259
    PHOTOMETRIC = 262
    FILL_ORDER = 266
    STRIP_OFFSETS = 273
    ORIENTATION = 274
    DESCRIPTION = 270
    MAKE = 271
    MODEL = 272
    SAMPLES = 277
    STRIP_ROWS = 278
    STRIP_BYTES = 279
    X_RESOLUTION = 282
    Y_RESOLUTION = 283
    PLANAR = 284
    PAGE_NAME = 285
    T4_OPTIONS = 292
    T6_OPTIONS = 293
    RESOLUTION_UNIT = 296
    SOFTWARE = 305
    DATE_TIME = 306
    ARTIST = 315
    PREDICTOR = 317
    COLOR_MAP = 320
    TILE_WIDTH = 322
    TILE_HEIGHT = 323
    TILE_OFFSETS = 324
    TILE_BYTES = 325
    SUB_DIRECTORIES = 330
    INK_SET = 332
    EXTRA_SAMPLES = 338
    SAMPLE_FORMAT = 339
    JPEG_TABLES = 347
    OLD_JPEG_START = 513
    YCBCR_WEIGHTS = 529
    YCBCR_SUBSAMPLING = 530
    BLACK_AND_WHITE = 532
    XMP = 700
    COPYRIGHT = 33432
    IPTC = 33723
    PHOTOSHOP = 34377
    ICC_PROFILE = 34675


PLACES: Final = (Tag.STRIP_OFFSETS, Tag.TILE_OFFSETS)
KNOWN: Final = frozenset(Tag)
TEXTS: Final = frozenset(
    {
        Tag.DESCRIPTION,
        Tag.MAKE,
        Tag.MODEL,
        Tag.PAGE_NAME,
        Tag.SOFTWARE,
        Tag.DATE_TIME,
        Tag.ARTIST,
        Tag.COPYRIGHT,
    }
)
KEPT: Final = (
    KNOWN
    - TEXTS
    - {
        Tag.SUBFILE,
        Tag.OLD_SUBFILE,
        Tag.ORIENTATION,
        Tag.SUB_DIRECTORIES,
        Tag.OLD_JPEG_START,
    }
)


class Entry(NamedTuple):
    type: int
    content: bytes


@dataclass(frozen=True)
class Directory:
    """One picture of a file.

    Attributes:
        byte_order: "<" or ">", of the directory and of the pixels.
        entries: by tag.
        next: where the next directory lies, 0 after the last.
    """

    byte_order: str
    entries: dict[int, Entry] = field(default_factory=dict)
    next: int = 0

    def numbers(self, tag: Tag, *default: int) -> tuple[int, ...]:
        """The whole numbers of a tag; of what has none, the default."""
        entry = self.entries.get(tag)
        if entry is None or "f" in TYPES[entry.type][1] or entry.type in RATIONALS:
            return default
        values = np.frombuffer(entry.content, self.byte_order + TYPES[entry.type][1])
        return tuple(int(value) for value in values) or default

    def number(self, tag: Tag, default: int = 0) -> int:
        return self.numbers(tag, default)[0]

    def fractions(self, tag: Tag, default: tuple[float, ...]) -> tuple[float, ...]:
        """The rational numbers of a tag; of what has not as many as the default, the default."""
        entry = self.entries.get(tag)
        if entry is None or entry.type not in RATIONALS:
            return default
        values = np.frombuffer(entry.content, self.byte_order + TYPES[entry.type][1])
        above, below = values[::2].astype(float), values[1::2].astype(float)
        return tuple(above / below) if len(above) == len(default) and below.all() else default

    @property
    def is_tiled(self) -> bool:
        return Tag.TILE_OFFSETS in self.entries

    @property
    def parts(self) -> int:
        """How many strips or tiles there are."""
        return max(len(self.numbers(tag)) for tag in PLACES)

    @property
    def is_reduced(self) -> bool:
        """A thumbnail, a level of a pyramid or a mask, beside the picture itself."""
        return bool(self.number(Tag.SUBFILE) & 0b101) or self.number(Tag.OLD_SUBFILE) == 2  # noqa: PLR2004

    def changed(self, **values: int | tuple[int, ...]) -> Directory:
        """With other numbers under some tags, by the names of `Tag`; an empty tuple removes one."""
        entries = dict(self.entries)
        for name, value in values.items():
            numbers = value if isinstance(value, tuple) else (value,)
            content = struct.pack(f"{self.byte_order}{len(numbers)}Q", *numbers)
            entries[Tag[name]] = Entry(LONG8, content)
            if not numbers:
                del entries[Tag[name]]
        return replace(self, entries=entries)

    def plane(self, index: int, planes: int) -> Directory:
        """One of the separate planes of a picture, as a gray one."""
        bits = self.numbers(Tag.BITS, 1)
        alone = self.changed(
            SAMPLES=1, PLANAR=1, BITS=bits[min(index, len(bits) - 1)], PHOTOMETRIC=1
        )
        alone = alone.changed(EXTRA_SAMPLES=(), YCBCR_SUBSAMPLING=())
        for tag in (Tag.STRIP_OFFSETS, Tag.STRIP_BYTES, Tag.TILE_OFFSETS, Tag.TILE_BYTES):
            if numbers := self.numbers(tag):
                each = len(numbers) // planes
                alone = alone.changed(**{tag.name: numbers[index * each : (index + 1) * each]})
        return alone


def pixels_of(directory: Directory, file: BinaryIO) -> JoinedFile:
    """A file as libvips shall see it: one picture, without what does not concern its pixels."""
    start = BIG_HEADER.size
    entries = {tag: entry for tag, entry in directory.entries.items() if tag in KEPT}
    for tag in PLACES:
        if tag in entries:
            entries[tag] = _shifted(entries[tag], directory.byte_order, start)
    content = FilePart(file)
    end = start + JoinedFile(content).seek(0, 2)
    mark = next(mark for mark, order in BYTE_ORDERS.items() if order == directory.byte_order)
    header = struct.pack(directory.byte_order + "2sHHHQ", mark, BIG_TIFF, 8, 0, end)
    return JoinedFile(header, content, _table(entries, directory.byte_order, end))


def _shifted(entry: Entry, byte_order: str, distance: int) -> Entry:
    places = np.frombuffer(entry.content, byte_order + TYPES[entry.type][1])
    return Entry(LONG8, (places.astype(np.uint64) + distance).astype(byte_order + "u8").tobytes())


def _table(entries: dict[int, Entry], byte_order: str, start: int) -> bytes:
    """A directory of a BigTIFF that begins at `start`, with what it points at behind it."""
    table = struct.pack(byte_order + "Q", len(entries))
    behind, free = b"", start + 8 + 20 * len(entries) + 8
    for tag, (kind, content) in sorted(entries.items()):
        value = content.ljust(8, b"\0")
        if len(content) > len(value[:8]):
            value = struct.pack(byte_order + "Q", free + len(behind))
            behind += content.ljust(-(-len(content) // 8) * 8, b"\0")
        table += struct.pack(byte_order + "HHQ", tag, kind, len(content) // TYPES[kind][0]) + value
    return table + bytes(8) + behind


def read_directories(file: BinaryIO, limit: int = MAX_DIRECTORIES) -> Iterator[Directory]:
    """The pictures of a file one after the other, until one is damaged.

    Raises:
        ValueError, struct.error: the first is.
    """
    byte_order, is_big, start = read_header(file)
    first = start
    seen: set[int] = set()
    while start and start not in seen and len(seen) < limit:
        seen.add(start)
        try:
            directory = read_directory(file, start, byte_order, is_big=is_big)
        except (ValueError, struct.error, OverflowError, OSError):
            if start == first:
                raise
            return
        yield directory
        start = directory.next


def read_sub_directories(file: BinaryIO, directory: Directory) -> list[Directory]:
    """Those that a directory names as parts of it."""
    byte_order, is_big, _ = read_header(file)
    places = directory.numbers(Tag.SUB_DIRECTORIES)[:MAX_DIRECTORIES]
    return [read_directory(file, place, byte_order, is_big=is_big) for place in places]


def read_header(file: BinaryIO) -> tuple[str, bool, int]:
    """Byte order, whether it is a BigTIFF, and where the first directory lies."""
    file.seek(0)
    header = file.read(BIG_HEADER.size)
    byte_order = BYTE_ORDERS[header[:2]]
    is_big = BIG_TIFF in header[2:4]
    form, place = ("Q", 8) if is_big else ("L", 4)
    return byte_order, is_big, struct.unpack_from(byte_order + form, header, place)[0]


def read_directory(file: BinaryIO, start: int, byte_order: str, *, is_big: bool) -> Directory:
    """Values of an unknown type, or that lie outside of the file, are left out."""
    count_form, entry_form, place_form = ("Q", "HHQ8s", "Q") if is_big else ("H", "HHL4s", "L")
    count_form, place_form = byte_order + count_form, byte_order + place_form
    entry_form = byte_order + entry_form
    if start >= file.seek(0, 2):
        raise ValueError("a directory behind the end of the file")
    file.seek(start)
    (count,) = struct.unpack(count_form, file.read(struct.calcsize(count_form)))
    if not 0 < count <= MAX_TAGS:
        raise ValueError(f"a directory of {count} tags")
    table = file.read(count * struct.calcsize(entry_form))
    after = file.read(struct.calcsize(place_form)).ljust(struct.calcsize(place_form), b"\0")
    entries: dict[int, Entry] = {}
    for tag, kind, number, value in struct.iter_unpack(entry_form, table):
        if tag in KNOWN and tag not in entries:
            content = _content(file, kind, number, value, place_form)
            if content:
                entries[tag] = Entry(kind, content)
    return Directory(byte_order, entries, struct.unpack(place_form, after)[0])


def _content(file: BinaryIO, kind: int, number: int, value: bytes, place_form: str) -> bytes | None:
    size = TYPES.get(kind, (0, ""))[0] * number
    if size <= len(value):
        return value[:size]
    (place,) = struct.unpack(place_form, value)
    end = file.seek(0, 2)
    if place + size > end:
        return None
    file.seek(place)
    return file.read(size)
