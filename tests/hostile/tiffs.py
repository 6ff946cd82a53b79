"""TIFF (6.0, and BigTIFF): directories in circles, thousands of strips, sizes and counts without measure."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from tests.hostile import SIDE, NamedFiles, metadata
from tests.hostile.pngs import MEGABYTE, zeros

BYTE, SHORT, LONG, LONG8 = 1, 3, 4, 16
CODES = {BYTE: "B", SHORT: "H", LONG: "I", LONG8: "Q"}
WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC, SAMPLES = 256, 257, 258, 259, 262, 277
OFFSETS, ROWS, COUNTS, PLANAR, PREDICTOR, COLOR_MAP, SUB_IFDS = 273, 278, 279, 284, 317, 320, 330
TILE_WIDTH, TILE_HEIGHT, TILE_OFFSETS, TILE_COUNTS, EXTRA, FORMAT = 322, 323, 324, 325, 338, 339
SUBSAMPLING, XMP, ICC, ORIENTATION, EXIF_IFD = 530, 700, 34675, 274, 34665
PLAIN, LZW, OLD_JPEG, JPEG, DEFLATE, PACKBITS, FAX4 = 1, 5, 6, 7, 8, 32773, 4
BLACK_IS_0, RGB, PALETTE, YCBCR, CFA, LOG_LUV = 1, 2, 3, 6, 32803, 32845

Values = bytes | list[int] | int
Field = tuple[int, Values]


@dataclass(frozen=True)
class Layout:
    """Classic TIFF has 4 bytes for what BigTIFF has 8 for."""

    head: bytes
    first: int
    number: str
    offset: str
    offset_type: int

    @property
    def entry(self) -> int:
        return 4 + 2 * struct.calcsize(self.offset)


CLASSIC = Layout(b"II*\0", 8, "<H", "<I", LONG)
BIG = Layout(b"II+\0\x08\0\0\0", 16, "<Q", "<Q", LONG8)


def tiff(
    tags: Mapping[int, Field], data: bytes = b"", after: int = 0, layout: Layout = CLASSIC
) -> bytes:
    """One directory, then `data`, which begins at `start_of_data(tags)`."""
    values = [(tag, kind, _packed(kind, value)) for tag, (kind, value) in sorted(tags.items())]
    room = struct.calcsize(layout.offset)
    behind = start_of_data(tags, layout) + len(data)
    entries, outside = b"", b""
    for tag, kind, packed in values:
        count = len(packed) // struct.calcsize(CODES[kind])
        value = packed.ljust(room, b"\0")
        if len(packed) > room:
            value = struct.pack(layout.offset, behind + len(outside))
            outside += packed + bytes(len(packed) % 2)
        entries += struct.pack("<HH", tag, kind) + struct.pack(layout.offset, count) + value
    head = layout.head + struct.pack(layout.offset, layout.first)
    number, next_ifd = struct.pack(layout.number, len(values)), struct.pack(layout.offset, after)
    return head + number + entries + next_ifd + data + outside


def start_of_data(tags: Mapping[int, Field], layout: Layout = CLASSIC) -> int:
    room = struct.calcsize(layout.number) + struct.calcsize(layout.offset)
    return layout.first + room + len(tags) * layout.entry


def _packed(kind: int, values: Values) -> bytes:
    if isinstance(values, bytes):
        return values
    numbers = values if isinstance(values, list) else [values]
    return struct.pack(f"<{len(numbers)}{CODES[kind]}", *numbers)


def picture(
    width: int = 64,
    height: int = 64,
    data: bytes = bytes(64 * 64),
    tags: Mapping[int, Field] | None = None,
    layout: Layout = CLASSIC,
) -> bytes:
    """A gray picture in one strip; `tags` stand in for or beside its own."""
    own: dict[int, Field] = {
        WIDTH: (LONG, width),
        HEIGHT: (LONG, height),
        BITS: (SHORT, 8),
        COMPRESSION: (SHORT, PLAIN),
        PHOTOMETRIC: (SHORT, BLACK_IS_0),
        SAMPLES: (SHORT, 1),
        ROWS: (LONG, height),
        OFFSETS: (LONG, 0),
        COUNTS: (LONG, len(data)),
    }
    merged = own | dict(tags or {})
    if merged[OFFSETS] == (LONG, 0):
        merged[OFFSETS] = (LONG, start_of_data(merged, layout))
    return tiff(merged, data, layout=layout)


def files() -> NamedFiles:
    for makers in (_directories, _strips, _sizes, _compressed, _colors, _metadata):
        for name, content in makers():
            yield f"{name}.tif", content


def _directories() -> NamedFiles:
    small = picture()
    entries = struct.unpack("<H", small[8:10])[0]
    end = 10 + 12 * entries
    yield "whose_next_is_itself", small[:end] + struct.pack("<I", 8) + small[end + 4 :]
    yield "whose_next_is_beyond", small[:end] + struct.pack("<I", 2**32 - 16) + small[end + 4 :]
    yield "of_20000_pages", _pages(20_000)
    yield "whose_first_directory_is_beyond", b"II*\0" + struct.pack("<I", 2**32 - 2)
    yield "of_65535_entries", b"II*\0\x08\0\0\0\xff\xff" + bytes(12) * 65535
    yield (
        "of_65535_same_entries",
        b"II*\0\x08\0\0\0\xff\xff" + metadata.entry(256, 3, 1, 64) * 65535,
    )
    yield "with_itself_below", picture(tags={SUB_IFDS: (LONG, [8] * 1000)})
    yield "with_exif_that_is_itself", picture(tags={EXIF_IFD: (LONG, 8)})
    yield "big_whose_first_is_beyond", BIG.head + struct.pack("<Q", 2**63)
    yield "big_of_2_to_the_60_entries", BIG.head + struct.pack("<QQ", 16, 2**60) + bytes(100)
    yield "with_a_tag_of_4_billion", b"II*\0\x08\0\0\0\1\0" + metadata.entry(270, 2, 2**32 - 1, 8)
    yield "header_alone", b"II*\0\x08\0\0\0"


def _pages(number: int) -> bytes:
    small = picture(16, 16, bytes(256))
    size = len(small) - 8
    pages = []
    for page in range(number):
        start = 8 + size * page
        tags = struct.unpack("<H", small[8:10])[0]
        body = bytearray(small[8:])
        end = 2 + 12 * tags
        body[end : end + 4] = struct.pack("<I", start + size if page + 1 < number else 0)
        pages.append(bytes(body))
    return small[:8] + b"".join(pages)


def _strips() -> NamedFiles:
    number = 100_000
    every: dict[int, Field] = {
        OFFSETS: (LONG, [8] * number),
        COUNTS: (LONG, [64] * number),
        ROWS: (LONG, 1),
    }
    yield "of_100000_strips", picture(64, number, b"", every)
    high: dict[int, Field] = {
        OFFSETS: (LONG, [8] * SIDE),
        COUNTS: (LONG, [SIDE] * SIDE),
        ROWS: (LONG, 1),
    }
    yield "of_7900_strips_of_the_same_bytes", picture(SIDE, SIDE, bytes(SIDE), high)
    yield "of_4_million_strips_told", picture(64, 4_000_000, b"", {ROWS: (LONG, 1)})
    yield "of_strips_of_0_rows", picture(tags={ROWS: (LONG, 0)})
    yield "of_a_strip_of_4_gigabytes", picture(tags={COUNTS: (LONG, 2**32 - 1)})
    yield "of_a_strip_beyond", picture(tags={OFFSETS: (LONG, 2**32 - 100)})
    yield "of_a_strip_of_0_bytes", picture(tags={COUNTS: (LONG, 0)})
    for side in (16, 256):
        yield f"of_tiles_of_{side}_on_each_other", _tiled(SIDE, side)
    none = {TILE_WIDTH: (LONG, 256), TILE_HEIGHT: (LONG, 256)}
    yield "of_tiles_that_are_nowhere", picture(SIDE, SIDE, b"", none)
    yield "of_tiles_of_2_to_the_31", _tiled(64, 2**31 - 16)
    yield "of_tiles_of_0", _tiled(64, 0)
    yield "of_tiles_of_17", _tiled(64, 17)
    yield "of_one_tile_of_62_megapixels_for_a_small_picture", _tiled(64, 7904)


def _tiled(side: int, tile: int) -> bytes:
    number = (-(-side // max(tile, 1))) ** 2
    bytes_each = min(tile * tile, 65536)
    tags: dict[int, Field] = {
        TILE_WIDTH: (LONG, tile),
        TILE_HEIGHT: (LONG, tile),
        TILE_OFFSETS: (LONG, [250] * number),
        TILE_COUNTS: (LONG, [bytes_each] * number),
    }
    return picture(side, side, bytes(bytes_each), tags)


def _sizes() -> NamedFiles:
    yield "of_4_billion_pixels_wide", picture(2**32 - 1, 1)
    yield "of_4_billion_pixels_high", picture(16, 2**32 - 1)
    yield "without_width", picture(0, 64)
    yield "of_62_megapixels_without_data", picture(SIDE, SIDE)
    yield "of_65535_samples", picture(tags={SAMPLES: (SHORT, 65535)})
    yield "of_65535_samples_in_planes", picture(tags={SAMPLES: (SHORT, 65535), PLANAR: (SHORT, 2)})
    yield "of_0_samples", picture(tags={SAMPLES: (SHORT, 0)})
    for bits in (0, 3, 64, 65535):
        yield f"of_{bits}_bits", picture(tags={BITS: (SHORT, bits)})
    yield "of_extra_samples_beyond", picture(tags={EXTRA: (SHORT, [2] * 60_000)})
    yield (
        "big_of_a_strip_beyond",
        picture(tags={OFFSETS: (LONG8, 2**63), COUNTS: (LONG8, 2**63)}, layout=BIG),
    )


def _compressed() -> NamedFiles:
    bomb = zeros(200 * MEGABYTE)
    deflated = {COMPRESSION: (SHORT, DEFLATE), COUNTS: (LONG, len(bomb))}
    yield "of_200_megabytes_deflated", picture(64, 64, bomb, deflated)
    side = 4000
    large = zeros(side * side * 8)
    deep: dict[int, Field] = {
        COMPRESSION: (SHORT, DEFLATE),
        BITS: (SHORT, [16] * 4),
        SAMPLES: (SHORT, 4),
        PHOTOMETRIC: (SHORT, RGB),
        EXTRA: (SHORT, 2),
    }
    yield "of_16_megapixels_of_64_bits_deflated", picture(side, side, large, deep)
    for name, kind in {"lzw": LZW, "packbits": PACKBITS, "jpeg": JPEG, "fax": FAX4}.items():
        noise = bytes(range(256)) * 20
        yield f"of_noise_in_{name}", picture(64, 64, noise, {COMPRESSION: (SHORT, kind)})
    bits = {COMPRESSION: (SHORT, FAX4), BITS: (SHORT, 1)}
    yield "of_62_megapixels_of_fax_without_data", picture(SIDE, SIDE, bytes(100), bits)
    yield "of_62_megapixels_of_white_fax", picture(SIDE, SIDE, b"\xff" * (SIDE // 8 + 1), bits)
    packed = bytes([0x81, 0]) * (SIDE * SIDE // 128 + 1)
    yield "of_62_megapixels_packed", picture(SIDE, SIDE, packed, {COMPRESSION: (SHORT, PACKBITS)})
    old = {COMPRESSION: (SHORT, OLD_JPEG), PHOTOMETRIC: (SHORT, YCBCR), SAMPLES: (SHORT, 3)}
    yield "of_old_jpeg_without_tables", picture(64, 64, bytes(500), {**old, BITS: (SHORT, [8] * 3)})
    yield "of_compression_65535", picture(tags={COMPRESSION: (SHORT, 65535)})
    yield (
        "of_predictor_9",
        picture(
            64,
            64,
            zlib.compress(bytes(4096)),
            {COMPRESSION: (SHORT, DEFLATE), PREDICTOR: (SHORT, 9)},
        ),
    )


def _colors() -> NamedFiles:
    yield "of_a_palette_without_colors", picture(tags={PHOTOMETRIC: (SHORT, PALETTE)})
    few: dict[int, Field] = {PHOTOMETRIC: (SHORT, PALETTE), COLOR_MAP: (SHORT, [1, 2, 3])}
    yield "of_a_palette_of_one_color", picture(tags=few)
    three: dict[int, Field] = {SAMPLES: (SHORT, 3), BITS: (SHORT, [8] * 3)}
    for horizontal, vertical in ((0, 0), (3, 3), (255, 1), (4, 4)):
        tags = {**three, PHOTOMETRIC: (SHORT, YCBCR), SUBSAMPLING: (SHORT, [horizontal, vertical])}
        yield f"of_subsampling_{horizontal}_{vertical}", picture(64, 64, bytes(64 * 64 * 3), tags)
    for name, photometric in {"luv": LOG_LUV, "cfa": CFA, "none": 65535}.items():
        yield f"of_colors_{name}", picture(tags={PHOTOMETRIC: (SHORT, photometric)})
    for kind in (3, 5, 9):
        yield f"of_sample_format_{kind}", picture(tags={FORMAT: (SHORT, kind)})
    yield "of_orientation_255", picture(tags={ORIENTATION: (SHORT, 255)})


def _metadata() -> NamedFiles:
    for name, packet in metadata.packets(1_000_000):
        yield f"xmp_{name}", picture(tags={XMP: (BYTE, packet)})
    for name, profile in metadata.profiles():
        yield f"icc_{name}", picture(tags={ICC: (BYTE, profile)})
