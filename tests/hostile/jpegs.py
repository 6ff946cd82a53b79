"""JPEG (ITU-T T.81): scans without end, sizes that are not there, markers that lead nowhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

from PIL import Image

from tests.hostile import SIDE, NamedFiles, metadata
from tests.pictures import GRADIENT, encoded

EOI = b"\xff\xd9"
SOI = b"\xff\xd8"
LONGEST_RUN = 32767  # of blocks without coefficients, in one code
BASELINE, PROGRESSIVE, LOSSLESS = 0xC0, 0xC2, 0xC3
ARITHMETIC, ARITHMETIC_PROGRESSIVE = 0xC9, 0xCA


def segment(marker: int, data: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def frame(kind: int, width: int, height: int, components: int = 1, sampling: int = 0x11) -> bytes:
    parts = b"".join(bytes([number, sampling, 0]) for number in range(1, components + 1))
    return segment(kind, struct.pack(">BHHB", 8, height, width, components) + parts)


def scan(components: list[int], band: tuple[int, int], precision: int = 0) -> bytes:
    """The header of one. `precision`: the bit before in the upper half, this one in the lower."""
    parts = b"".join(bytes([number, 0]) for number in components)
    return segment(0xDA, bytes([len(components)]) + parts + bytes([*band, precision]))


def tables() -> bytes:
    """No difference of DC in one bit; a run of 16,384 blocks or more, or one block, of AC."""
    quantization = segment(0xDB, bytes([0]) + bytes([1] * 64))
    dc = segment(0xC4, bytes([0x00, 1] + [0] * 15 + [0]))
    ac = segment(0xC4, bytes([0x10, 1, 1] + [0] * 14 + [0xE0, 0x00]))
    return quantization + dc + ac


def scanned(side: int, scans: int, components: int = 1) -> bytes:
    """A flat progressive picture in as many scans as asked for, all but the first without a change.

    They are in the order that the standard demands: bit by bit, coefficient by coefficient.
    """
    blocks = ((side + 7) // 8) ** 2
    numbers = list(range(1, components + 1))
    first = scan(numbers, (0, 0)) + bytes((blocks * components + 7) // 8)
    nothing = _nothing(blocks)
    others = (header + nothing for header in islice(_refinements(numbers), scans - 1))
    head = SOI + tables() + frame(PROGRESSIVE, side, side, components)
    return head + first + b"".join(others) + EOI


def _refinements(numbers: list[int]) -> Iterator[bytes]:
    for number in numbers:
        for coefficient in range(1, 64):
            yield scan([number], (coefficient, coefficient), 13)
            for bit in range(12, -1, -1):
                yield scan([number], (coefficient, coefficient), (bit + 1) << 4 | bit)


def _nothing(blocks: int) -> bytes:
    """The codes by which all blocks of a scan are without coefficients."""
    codes, left = "", blocks
    while left > LONGEST_RUN // 2:
        run = min(left, LONGEST_RUN)
        codes += f"0{run - (LONGEST_RUN + 1) // 2:014b}"
        left -= run
    codes += "10" * left
    codes += "1" * (-len(codes) % 8)
    return int(codes, 2).to_bytes(len(codes) // 8).replace(b"\xff", b"\xff\0")


def with_size(content: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame says another size than its data have."""
    marker = b"\xff\xc0" if b"\xff\xc0" in content else b"\xff\xc2"
    start = content.index(marker) + 5
    return content[:start] + struct.pack(">HH", height, width) + content[start + 4 :]


GRAY = encoded(GRADIENT.resize((64, 48)), "JPEG")
COLOR = encoded(GRADIENT.resize((64, 48)).convert("RGB"), "JPEG")
STEPPED = encoded(GRADIENT.resize((64, 48)).convert("RGB"), "JPEG", progressive=True)
HEAD, REST = COLOR[:2], COLOR[2:]


def files() -> NamedFiles:
    for makers in (_scans, _sizes, _coded_data, _markers, _tables, _metadata):
        for name, content in makers():
            yield f"{name}.jpg", content


def _scans() -> NamedFiles:
    yield "scans_882_of_62_megapixels", scanned(SIDE, 882)
    yield "scans_1000_of_62_megapixels_in_color", scanned(SIDE, 1000, components=3)
    yield "scans_130_of_16_megapixels", scanned(4000, 130)
    yield "scans_501_of_4_megapixels", scanned(2000, 501)
    yield "scans_501_small", scanned(64, 501)
    yield "scans_2600_small_in_color", scanned(64, 2600, components=3)
    yield "scans_24_of_4_megapixels", scanned(2000, 24)
    yield "scans_400_small", scanned(300, 400)
    empty = scan([1], (1, 63), 1) * 1000
    yield "scans_without_data", SOI + tables() + frame(PROGRESSIVE, 2000, 2000) + empty + EOI
    repeated = (scan([1], (0, 63)) + bytes(200)) * 1000
    yield "scans_of_a_baseline", SOI + tables() + frame(BASELINE, 2000, 2000) + repeated + EOI
    yield "scans_out_of_order", _one_scan(PROGRESSIVE, scan([1], (63, 1)))
    yield "scan_of_bit_13", _one_scan(PROGRESSIVE, scan([1], (0, 0), 0xFF))
    yield "scan_of_four_components_of_one", _one_scan(BASELINE, scan([1, 2, 3, 4], (0, 63)))
    yield "scan_of_the_same_component_thrice", _one_scan(BASELINE, scan([1, 1, 1], (0, 63)))
    yield "scan_before_the_frame", SOI + tables() + scan([1], (0, 63)) + bytes(100) + EOI


def _one_scan(kind: int, header: bytes) -> bytes:
    return SOI + tables() + frame(kind, 64, 64) + header + bytes(200) + EOI


def _sizes() -> NamedFiles:
    for name, content in {"gray": GRAY, "color": COLOR, "progressive": STEPPED}.items():
        yield f"size_of_62_megapixels_{name}", with_size(content, SIDE, SIDE)
        yield f"size_of_4_gigapixels_{name}", with_size(content, 65500, 65500)
    yield "size_too_large_for_libjpeg", with_size(COLOR, 65535, 65535)
    yield "size_of_a_long_strip", with_size(COLOR, 65500, 900)
    yield "size_too_narrow", with_size(COLOR, 65500, 1)
    yield "size_without_height", with_size(COLOR, 64, 0)
    yield "size_without_width", with_size(COLOR, 0, 48)
    yield "size_told_twice", HEAD + frame(BASELINE, 64, 64) + REST
    for sampling in (0x00, 0x44, 0xFF):
        content = SOI + tables() + frame(BASELINE, 640, 640, 3, sampling)
        header = scan([1, 2, 3], (0, 63))
        yield f"sampling_{sampling:02x}", content + header + bytes(20_000) + EOI
    for components in (0, 2, 5, 255):
        content = SOI + tables() + frame(BASELINE, 64, 64, components)
        yield f"components_{components}", content + scan([1], (0, 63)) + bytes(500) + EOI


def _coded_data() -> NamedFiles:
    for percent in (5, 30, 60, 90):
        yield f"cut_at_{percent}_percent", COLOR[: len(COLOR) * percent // 100]
    yield "header_alone", COLOR[:30]
    yield "arithmetic", _one_scan(ARITHMETIC, scan([1], (0, 63)))
    yield "arithmetic_progressive", _one_scan(ARITHMETIC_PROGRESSIVE, scan([1], (0, 0)))
    yield "lossless", _one_scan(LOSSLESS, scan([1], (1, 0)))
    yield "hierarchical", SOI + segment(0xDE, frame(BASELINE, 64, 64)[4:]) + REST
    yield "jpeg_ls", SOI + frame(0xF7, 64, 64) + scan([1], (0, 0)) + bytes(500) + EOI
    yield "noise", HEAD + REST[:-300] + bytes(range(1, 251)) * 40 + EOI
    yield "restarts_only", _one_scan(BASELINE, scan([1], (0, 63)) + b"\xff\xd0\xff\xd1" * 5000)
    yield "stuffing_only", _one_scan(BASELINE, scan([1], (0, 63)) + b"\xff\0" * 500_000)


def _markers() -> NamedFiles:
    yield "markers_5000_comments", HEAD + segment(0xFE, b"") * 5000 + REST
    yield "markers_without_length", HEAD + b"\xff\x01" * 500_000 + REST
    yield "markers_of_fill", HEAD + b"\xff" * 1_000_000 + REST
    yield "markers_after_garbage", HEAD + b"x" * 1_000_000 + REST
    yield "marker_of_length_0", HEAD + b"\xff\xe1\0\0" + REST
    yield "marker_of_length_1", HEAD + b"\xff\xe1\0\1" + REST
    yield "marker_beyond_the_end", HEAD + b"\xff\xe1\xff\xff" + REST
    yield "after_the_end_a_page", COLOR + b"<script>alert(1)</script>" + bytes(100_000)
    yield "after_the_end_600_scans", COLOR + scanned(64, 600)


def _tables() -> NamedFiles:
    body = frame(BASELINE, 64, 64) + scan([1], (0, 63)) + bytes(200) + EOI
    yield "tables_missing", SOI + body
    yield "tables_overfull", SOI + segment(0xC4, b"\0" + bytes([255] * 16)) + body
    yield (
        "tables_of_one_code_too_many",
        SOI + segment(0xC4, b"\0" + bytes([3, *[0] * 15, 1, 2, 3])) + body,
    )
    yield "tables_numbered_15", SOI + segment(0xDB, b"\x0f" + bytes([1] * 64)) + body
    yield "tables_of_zeros", SOI + segment(0xDB, bytes(65)) + tables()[69:] + body
    yield "tables_4000", SOI + tables() * 1300 + body
    yield "restart_interval_cut", SOI + tables() + b"\xff\xdd\0\3\1" + body


def _metadata() -> NamedFiles:
    for name, exif in metadata.exifs():
        yield f"exif_{name}", HEAD + segment(0xE1, b"Exif\0\0" + exif[:65_000]) + REST
    for name, packet in metadata.packets(60_000):
        header = b"http://ns.adobe.com/xap/1.0/\0"
        yield f"xmp_{name}", HEAD + segment(0xE1, header + packet) + REST
    for name, profile in metadata.profiles():
        yield f"icc_{name}", HEAD + segment(0xE2, b"ICC_PROFILE\0\1\1" + profile[:65_000]) + REST
    parts = (segment(0xE2, b"ICC_PROFILE\0" + bytes([n, 255]) + bytes(8000)) for n in range(1, 256))
    yield "icc_of_255_parts", HEAD + b"".join(parts) + REST
    yield "icc_of_a_part_255_times", HEAD + segment(0xE2, b"ICC_PROFILE\0\1\xff") * 255 + REST
    yield "iptc_of_length_4_gigabytes", HEAD + segment(0xED, metadata.IPTC) + REST
    pages = encoded(GRADIENT, "MPO", save_all=True, append_images=[Image.new("L", (32, 32))] * 300)
    yield "mpo_of_301_pictures", pages
