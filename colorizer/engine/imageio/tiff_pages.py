"""TIFF files of several pages: each becomes a TIFF of its own, its pixels byte for byte as they are."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, Final

from colorizer.engine.errors import (
    DamagedPictureError,
    PictureTooComplexError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.tiff import OLD_JPEG, is_canon_raw
from colorizer.engine.imageio.tiff_directory import (
    BIG_TIFF,
    BYTE_ORDERS,
    TYPES,
    Directory,
    Entry,
    Tag,
    read_directories,
    read_header,
)

PARTS: Final = (
    (Tag.STRIP_OFFSETS, Tag.STRIP_BYTES),
    (Tag.TILE_OFFSETS, Tag.TILE_BYTES),
)
LEFT_OUT: Final = frozenset({Tag.SUBFILE, Tag.OLD_SUBFILE, Tag.SUB_DIRECTORIES, Tag.OLD_JPEG_START})
LONG: Final = 4
LONG8_TYPES: Final = (16, 17, 18)
DIRECTORIES_A_PAGE: Final = 4
"""A page may have a thumbnail, a mask and the like beside it."""
CHUNK_BYTES: Final = 2**20


def tiff_pages(file: BinaryIO, most: int) -> list[Directory]:
    """The pages of a file; reduced images and masks are none. Of more than `most`, one more is returned.

    Raises:
        DamagedPictureError: what comes behind the second page cannot be read.
        ValueError, struct.error: the first directory is damaged.
    """
    if is_canon_raw(file):
        return []
    pages: list[Directory] = []
    last = None
    for last in read_directories(file, DIRECTORIES_A_PAGE * (most + 1)):
        if not last.is_reduced:
            pages.append(last)
        if len(pages) > most:
            return pages
    if len(pages) > 1 and last and last.next:
        raise DamagedPictureError("a TIFF whose last pages are not there")
    return pages


def write_tiff_page(file: BinaryIO, page: Directory, target: Path) -> None:
    """With its profile, its depth and its compression.

    Raises:
        UnsupportedPixelsError: an old kind of JPEG, which lies where no tag of ours says.
        PictureTooComplexError: its parts have more bytes than the whole file.
    """
    if page.number(Tag.COMPRESSION, 1) == OLD_JPEG:
        raise UnsupportedPixelsError(
            "This TIFF holds an old kind of JPEG: in files of several pages that is not supported. "
            "Save each page as JPEG or PNG."
        )
    _, is_big, _ = read_header(file)
    entries = {tag: entry for tag, entry in page.entries.items() if tag not in LEFT_OUT}
    with target.open("wb") as copy:
        copy.write(_header(page.byte_order, 0, is_big=is_big))
        for offsets, sizes in PARTS:
            if offsets in entries:
                entries |= _copied_parts(file, page, offsets, sizes, copy)
        copy.write(bytes(copy.tell() % 2))
        start = copy.tell()
        copy.write(_table(entries, page.byte_order, start, is_big=is_big))
        copy.seek(0)
        copy.write(_header(page.byte_order, start, is_big=is_big))


def _copied_parts(
    file: BinaryIO, page: Directory, offsets: Tag, sizes: Tag, copy: BinaryIO
) -> dict[int, Entry]:
    """Strips or tiles one behind the other, and where they lie now."""
    end = file.seek(0, 2)
    starts = page.numbers(offsets)
    lengths = page.numbers(sizes) or _until_the_next(starts, end)
    if len(lengths) < len(starts):
        raise DamagedPictureError("a TIFF with parts of unknown size")
    kept = lengths[: len(starts)]
    if sum(kept) > end:
        raise PictureTooComplexError
    places = []
    for start, length in zip(starts, kept, strict=True):
        places.append(copy.tell() if start else 0)
        _copy(file, start, length if start else 0, copy)
    return {
        offsets: _numbers(places, page.byte_order),
        sizes: _numbers(kept, page.byte_order),
    }


def _until_the_next(starts: tuple[int, ...], end: int) -> tuple[int, ...]:
    """Old writers of uncompressed files did not tell sizes."""
    following = [*starts[1:], end]
    return tuple(max(0, after - start) for start, after in zip(starts, following, strict=True))


def _copy(file: BinaryIO, start: int, length: int, copy: BinaryIO) -> None:
    file.seek(start)
    while length and (chunk := file.read(min(length, CHUNK_BYTES))):
        copy.write(chunk)
        length -= len(chunk)


def _numbers(numbers: list[int] | tuple[int, ...], byte_order: str) -> Entry:
    return Entry(LONG, struct.pack(f"{byte_order}{len(numbers)}L", *numbers))


def _header(byte_order: str, start: int, *, is_big: bool) -> bytes:
    mark = next(mark for mark, order in BYTE_ORDERS.items() if order == byte_order)
    if is_big:
        return struct.pack(byte_order + "2sHHHQ", mark, BIG_TIFF, 8, 0, start)
    return struct.pack(byte_order + "2sHL", mark, 42, start)


def _table(entries: dict[int, Entry], byte_order: str, start: int, *, is_big: bool) -> bytes:
    """A directory that begins at `start`, with what it points at behind it."""
    count, number, room = ("Q", "Q", 8) if is_big else ("H", "L", 4)
    usable = {
        tag: entry for tag, entry in entries.items() if is_big or entry.type not in LONG8_TYPES
    }
    table = struct.pack(byte_order + count, len(usable))
    entry_size = 4 + 2 * room
    behind, free = b"", start + len(table) + entry_size * len(usable) + room
    for tag, (kind, content) in sorted(usable.items()):
        value = content.ljust(room, b"\0")
        if len(content) > room:
            value = struct.pack(byte_order + number, free + len(behind))
            behind += content + bytes(len(content) % 2)
        values = len(content) // TYPES[kind][0]
        table += struct.pack(f"{byte_order}HH{number}", tag, kind, values) + value
    return table + bytes(room) + behind
