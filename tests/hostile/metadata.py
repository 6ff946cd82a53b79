"""What a picture file says beside its pixels: EXIF (TIFF 6.0), XMP, ICC profiles, IPTC."""

from __future__ import annotations

import struct

from tests.hostile import NamedFiles

SHORT, LONG, RATIONAL, ASCII, UNDEFINED = 3, 4, 5, 2, 7
ORIENTATION, EXIF_IFD, GPS_IFD = 0x0112, 0x8769, 0x8825
X_RESOLUTION, THUMBNAIL, THUMBNAIL_LENGTH, MAKER_NOTE = 0x011A, 0x0201, 0x0202, 0x927C
FIRST_IFD = 8
NESTED = "<rdf:Description>"

IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\xff\xff\xff\xff" + b"\x1c\x02\x19\xff\xff" * 50


def entry(tag: int, kind: int, count: int, value: int) -> bytes:
    return struct.pack("<HHII", tag, kind, count, value)


def ifd(entries: list[bytes], after: int = 0) -> bytes:
    return struct.pack("<H", len(entries)) + b"".join(entries) + struct.pack("<I", after)


def exif(entries: list[bytes], after: int = 0) -> bytes:
    return b"II*\0" + struct.pack("<I", FIRST_IFD) + ifd(entries, after)


def exifs() -> NamedFiles:
    yield "that_leads_to_itself_5400_times", exif([entry(EXIF_IFD, LONG, 1, FIRST_IFD)] * 5400)
    yield "whose_next_is_itself", exif([entry(ORIENTATION, SHORT, 1, 1)], after=FIRST_IFD)
    yield "within_itself", exif([entry(EXIF_IFD, LONG, 1, FIRST_IFD)])
    yield "with_gps_within_itself", exif([entry(GPS_IFD, LONG, 1, FIRST_IFD)])
    yield "beyond_the_end", exif([entry(EXIF_IFD, LONG, 1, 0xFFFFFFF0)])
    yield "of_4_gigabytes", exif([entry(MAKER_NOTE, UNDEFINED, 0xFFFFFFFF, 26)])
    yield "of_rationals_without_end", exif([entry(X_RESOLUTION, RATIONAL, 0x3FFFFFFF, 26)])
    yield "orientation_65535", exif([entry(ORIENTATION, SHORT, 1, 65535)])
    yield "orientation_in_letters", exif([entry(ORIENTATION, ASCII, 4, 0x41414141)])
    yield "orientation_4000_times", exif([entry(ORIENTATION, SHORT, 1, 6)] * 4000)
    yield "of_type_65535", exif([entry(ORIENTATION, 65535, 1, 1)])
    thumbnail = [entry(THUMBNAIL, LONG, 1, 0), entry(THUMBNAIL_LENGTH, LONG, 1, 0xFFFFFFFF)]
    yield "with_a_thumbnail_of_4_gigabytes", exif(thumbnail)
    yield "of_a_thousand_directories", _chain(1000)
    yield "empty", b""
    yield "of_zeros", bytes(60_000)


def _chain(length: int) -> bytes:
    size = len(ifd([entry(0, 0, 0, 0)]))
    starts = [FIRST_IFD + size * number for number in range(length)]
    parts = [ifd([entry(EXIF_IFD, LONG, 1, start + size)], start + size) for start in starts]
    return b"II*\0" + struct.pack("<I", FIRST_IFD) + b"".join(parts)


def packets(size: int) -> NamedFiles:
    """XMP of about `size` bytes."""
    depth = size // (2 * len(NESTED) + 1)
    closed = NESTED.replace("<", "</")
    yield "nested", (NESTED * depth + closed * depth).encode()
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    yield "of_entities", f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><x>&a11;</x>'.encode()
    yield (
        "that_asks_for_a_file",
        b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>',
    )
    yield "of_zeros", bytes(size)
    yield "of_bytes_that_are_no_text", b"<x:xmpmeta>" + bytes(range(128, 256)) * (size // 128)


def profiles() -> NamedFiles:
    """ICC.1: 128 bytes of header, a count of tags, twelve bytes each."""
    yield "of_4_billion_tags", _profile(0xFFFFFFFF)
    yield "of_tags_beyond_the_end", _profile(100, b"rTRC\xff\xff\xff\xf0\xff\xff\xff\xff" * 100)
    yield (
        "of_a_curve_of_4_billion_points",
        _profile(
            3,
            b"".join(name + struct.pack(">II", 168, 20) for name in (b"rTRC", b"gTRC", b"bTRC")),
            b"curv\0\0\0\0\xff\xff\xff\xff" + bytes(8),
        ),
    )
    yield (
        "of_a_table_of_255_to_the_15th",
        _profile(
            1, b"A2B0" + struct.pack(">II", 144, 4000), b"mft2\0\0\0\0\x0f\x0f\xff\0" + bytes(4000)
        ),
    )
    yield "of_zeros", bytes(5000)
    yield "of_one_byte", b"\0"


def _profile(count: int, tags: bytes = b"", data: bytes = b"") -> bytes:
    content = struct.pack(">I", count) + tags + data
    head = struct.pack(
        ">I4s4s4s4s4s", 128 + len(content), b"lcms", b"\x04\0\0\0", b"mntr", b"RGB ", b"XYZ "
    )
    return (head + bytes(12) + b"acsp").ljust(128, b"\0") + content
