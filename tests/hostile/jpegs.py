"""JPEG (ITU-T T.81): scans without end, sizes that are not there, markers that lead nowhere."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from itertools import islice

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
