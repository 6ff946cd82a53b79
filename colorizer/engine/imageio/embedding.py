"""XMP into finished picture files: the pixels and all else stay byte for byte as they are.

Knows neither torch nor libvips. How a file carries a packet: XMP specification, part 3.
"""

from __future__ import annotations

import shutil
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Final, TypeAlias

from colorizer.engine.errors import UnsupportedFormatError
from colorizer.engine.imageio.formats import HEAD_BYTES, FormatName, format_of_content

CHUNK_BYTES: Final = 2**20
CHUNK_HEAD_BYTES: Final = 8
"""Of PNG and WebP."""
MAX_READ_PACKET: Final = 2**20
"""A longer one is left out: nobody has written it by hand."""

Rewrite: TypeAlias = Callable[[bytes], bytes]
"""From the packet that a file has, or b"", to the one it shall have."""


class NotEmbeddableError(UnsupportedFormatError):
    """The format, or this file of it, cannot take a packet without being written anew."""


def embed_xmp(source: Path, target: Path, rewrite: Rewrite) -> None:
    """Copy a picture file with another XMP packet in it.

    Raises:
        NotEmbeddableError: the packet cannot be put into this file.
        UnknownFormatError: it is no picture.
    """
    with source.open("rb") as file, target.open("wb") as copy:
        known = format_of_content(file.read(HEAD_BYTES))
        file.seek(0)
        embedder = EMBEDDERS.get(known.name)
        if embedder is None:
            raise NotEmbeddableError(
                "Details cannot be written into %(format)s files.", format=known.name
            )
        try:
            embedder(file, copy, rewrite)
        except (struct.error, IndexError, EOFError) as error:
            raise NotEmbeddableError(
                "Nothing can be written into this file: it is damaged or too large."
            ) from error


def can_embed(format_name: str) -> bool:
    """Whether files of a format can take a packet."""
    return format_name in EMBEDDERS


def _read(file: BinaryIO, size: int) -> bytes:
    content = file.read(size)
    if len(content) < size:
        raise EOFError
    return content


def _copy(file: BinaryIO, copy: BinaryIO, size: int) -> None:
    """As much of it as there is: the last bytes of a picture may be missing."""
    while content := file.read(min(size, CHUNK_BYTES)):
        copy.write(content)
        size -= len(content)


# JPEG: a segment before the first that is neither JFIF nor EXIF

JPEG_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
JPEG_EXTENDED_XMP: Final = b"http://ns.adobe.com/xmp/extension/\0"
START_OF_IMAGE: Final = b"\xff\xd8"
APP0: Final = 0xE0
APP1: Final = 0xE1
CARRIED_MARKERS: Final = frozenset({*range(APP0, APP0 + 16), 0xFE})
"""Of applications, and comments."""


def _into_jpeg(file: BinaryIO, copy: BinaryIO, rewrite: Rewrite) -> None:
    copy.write(_read(file, len(START_OF_IMAGE)))
    packet, kept = b"", []
    for marker, content in _jpeg_segments(file):
        if marker == APP1 and content.startswith(JPEG_XMP):
            packet = content.removeprefix(JPEG_XMP)
        elif not (marker == APP1 and content.startswith(JPEG_EXTENDED_XMP)):
            kept.append((marker, content))
    ours = (APP1, JPEG_XMP + rewrite(packet))
    first = next((place for place, (marker, _) in enumerate(kept) if marker > APP1), len(kept))
    for marker, content in (*kept[:first], ours, *kept[first:]):
        copy.write(struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content)
    shutil.copyfileobj(file, copy, CHUNK_BYTES)


def _jpeg_segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Those before the picture's own; the file is left behind the last."""
    while True:
        place = file.tell()
        start, marker, size = struct.unpack(">BBH", _read(file, 4))
        if start != 0xFF or size < 2 or marker not in CARRIED_MARKERS:  # noqa: PLR2004
            file.seek(place)
            return
        yield marker, _read(file, size - 2)


# PNG: a text chunk before the pixels

PNG_SIGNATURE_BYTES: Final = 8
PNG_KEYWORD: Final = b"XML:com.adobe.xmp\0"
PNG_UNCOMPRESSED: Final = b"\0\0\0\0"
"""Neither compression nor language nor translated keyword."""


def _into_png(file: BinaryIO, copy: BinaryIO, rewrite: Rewrite) -> None:
    copy.write(_read(file, PNG_SIGNATURE_BYTES))
    packet = b""
    while True:
        place = file.tell()
        size, kind = struct.unpack(">I4s", _read(file, 8))
        if kind in (b"IDAT", b"IEND"):
            file.seek(place)
            break
        if kind == b"iTXt" and size <= MAX_READ_PACKET:
            text = _read(file, size)
            file.seek(4, 1)
            if text.startswith(PNG_KEYWORD):
                packet = _png_text(text)
                continue
        file.seek(place)
        _copy(file, copy, size + 12)
    text = PNG_KEYWORD + PNG_UNCOMPRESSED + rewrite(packet)
    copy.write(struct.pack(">I", len(text)) + b"iTXt" + text)
    copy.write(struct.pack(">I", zlib.crc32(b"iTXt" + text)))
    _copy_png_without_xmp(file, copy)


def _png_text(text: bytes) -> bytes:
    is_compressed = text[len(PNG_KEYWORD)]
    # Behind two flags: language, translated keyword, text.
    content = text[len(PNG_KEYWORD) + 2 :].split(b"\0", 2)[-1]
    if not is_compressed:
        return content
    try:
        return zlib.decompressobj().decompress(content, MAX_READ_PACKET)
    except zlib.error:
        return b""


def _copy_png_without_xmp(file: BinaryIO, copy: BinaryIO) -> None:
    """One packet a file: an old one may stand behind the pixels."""
    kind = b""
    while kind != b"IEND" and len(head := file.read(CHUNK_HEAD_BYTES)) == CHUNK_HEAD_BYTES:
        size, kind = struct.unpack(">I4s", head)
        start = file.read(len(PNG_KEYWORD)) if kind == b"iTXt" else b""
        file.seek(-len(start), 1)
        if start == PNG_KEYWORD:
            file.seek(size + 4, 1)
            continue
        copy.write(head)
        _copy(file, copy, size + 4)
    shutil.copyfileobj(file, copy, CHUNK_BYTES)


# WebP: a chunk at the end, and a flag in the extended header

WEBP_HEAD_BYTES: Final = 12
VP8X_XMP: Final = 0x04
VP8X_ALPHA: Final = 0x10
LOSSLESS_ALPHA: Final = 1 << 28
SIDE: Final = 0x3FFF


def _into_webp(file: BinaryIO, copy: BinaryIO, rewrite: Rewrite) -> None:
    head = _read(file, WEBP_HEAD_BYTES)
    end = 8 + int.from_bytes(head[4:8], "little")
    copy.write(head)
    packet, kind, size = b"", *_webp_chunk(file)
    copy.write(_extended_header(file, kind, size))
    while file.tell() < end:
        place = file.tell()
        kind, size = _webp_chunk(file)
        if kind == b"XMP ":
            packet = _read(file, size) if size <= MAX_READ_PACKET else b""
        else:
            file.seek(place)
            _copy(file, copy, CHUNK_HEAD_BYTES + size + size % 2)
        file.seek(place + CHUNK_HEAD_BYTES + size + size % 2)
    content = rewrite(packet)
    copy.write(struct.pack("<4sI", b"XMP ", len(content)) + content + b"\0" * (len(content) % 2))
    end = copy.tell()
    copy.seek(4)
    copy.write(struct.pack("<I", end - 8))


def _webp_chunk(file: BinaryIO) -> tuple[bytes, int]:
    kind, size = struct.unpack("<4sI", _read(file, CHUNK_HEAD_BYTES))
    return kind, size


def _extended_header(file: BinaryIO, kind: bytes, size: int) -> bytes:
    """VP8X with the flag of XMP: the one that is there, or one made from the picture's own header.

    Args:
        file: behind the head of its first chunk; left where the next chunk to be copied begins.
    """
    if kind == b"VP8X":
        content = bytearray(_read(file, 10))
        content[0] |= VP8X_XMP
        return struct.pack("<4sI", kind, size) + content
    start = _read(file, 10)
    file.seek(-len(start) - CHUNK_HEAD_BYTES, 1)
    flags = VP8X_XMP
    if kind == b"VP8 ":
        width, height = (side & SIDE for side in struct.unpack_from("<HH", start, 6))
    elif kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", start, 1)
        width, height = (bits & SIDE) + 1, (bits >> 14 & SIDE) + 1
        flags |= VP8X_ALPHA if bits & LOSSLESS_ALPHA else 0
    else:
        raise EOFError
    sides = (side.to_bytes(3, "little") for side in (width - 1, height - 1))
    return struct.pack("<4sIB3x", b"VP8X", 10, flags) + b"".join(sides)


# TIFF: a directory of ours at the end, with the entries of the first and the packet

XMP_TAG: Final = 700
BYTES_TYPE: Final = 1
MAX_ENTRIES: Final = 2**16 - 1


@dataclass(frozen=True)
class TiffLayout:
    """How numbers are written: sizes of counts and offsets differ in files beyond 4 GB."""

    order: str
    is_big: bool

    @property
    def offset(self) -> str:
        return f"{self.order}{'Q' if self.is_big else 'I'}"

    @property
    def count(self) -> str:
        return f"{self.order}{'Q' if self.is_big else 'H'}"

    @property
    def entry(self) -> str:
        """Tag, type, count, and where the values are."""
        return f"{self.order}{'HHQQ' if self.is_big else 'HHII'}"

    @property
    def first_offset_at(self) -> int:
        return 8 if self.is_big else 4


def _into_tiff(file: BinaryIO, copy: BinaryIO, rewrite: Rewrite) -> None:
    layout = _tiff_layout(_read(file, 16))
    (first,) = _unpacked(file, layout.offset, layout.first_offset_at)
    (number,) = _unpacked(file, layout.count, first)
    if number > MAX_ENTRIES:
        raise EOFError
    entries = [_read(file, struct.calcsize(layout.entry)) for _ in range(number)]
    following = _read(file, struct.calcsize(layout.offset))
    tags = [struct.unpack(layout.entry, entry)[0] for entry in entries]
    packet = rewrite(_tiff_packet(file, layout, dict(zip(tags, entries, strict=True))))
    file.seek(0)
    shutil.copyfileobj(file, copy, CHUNK_BYTES)
    packet_at = _append(copy, packet)
    ours = struct.pack(layout.entry, XMP_TAG, BYTES_TYPE, len(packet), packet_at)
    others = [pair for pair in zip(tags, entries, strict=True) if pair[0] != XMP_TAG]
    named = sorted([*others, (XMP_TAG, ours)], key=itemgetter(0))
    directory = struct.pack(layout.count, len(named)) + b"".join(entry for _, entry in named)
    directory_at = _append(copy, directory + following)
    copy.seek(layout.first_offset_at)
    copy.write(struct.pack(layout.offset, directory_at))


def _tiff_layout(head: bytes) -> TiffLayout:
    order = "<" if head.startswith(b"II") else ">"
    (version,) = struct.unpack_from(f"{order}H", head, 2)
    return TiffLayout(order, is_big=version == 43)  # noqa: PLR2004


def _unpacked(file: BinaryIO, form: str, at: int) -> tuple[int, ...]:
    file.seek(at)
    return struct.unpack(form, _read(file, struct.calcsize(form)))


def _tiff_packet(file: BinaryIO, layout: TiffLayout, entries: dict[int, bytes]) -> bytes:
    entry = entries.get(XMP_TAG)
    if entry is None:
        return b""
    _, _, size, at = struct.unpack(layout.entry, entry)
    if size > MAX_READ_PACKET:
        return b""
    file.seek(at)
    return file.read(size)


def _append(copy: BinaryIO, content: bytes) -> int:
    """At an even offset, as TIFF wants it."""
    copy.seek(0, 2)
    copy.write(b"\0" * (copy.tell() % 2))
    at = copy.tell()
    copy.write(content)
    return at


EMBEDDERS: Final[dict[FormatName, Callable[[BinaryIO, BinaryIO, Rewrite], None]]] = {
    "JPEG": _into_jpeg,
    "PNG": _into_png,
    "WebP": _into_webp,
    "TIFF": _into_tiff,
}
