"""How a JPEG is coded, found by its markers (ITU-T T.81, annex B) before a pixel is decoded.

Each scan of a progressive JPEG goes over the whole picture, however few bytes it has; and decoders
fill in what a file does not hold. So that a small file can cost as much time as one asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from typing import BinaryIO, Final

from colorizer.engine.errors import PictureTooComplexError, UnreadablePictureError

MAX_SEGMENTS: Final = 4096
"""A file of 256 MB is cut into as many at the longest, a photograph into a few dozen."""
USUAL_SCANS: Final = 24
"""Read at any size: encoders write 6 to 18, mozjpeg a few more."""
MAX_SCANS: Final = 500
MAX_SCANNED_PIXELS: Final = 2_000_000_000
"""In all scans: libjpeg-turbo needs 0.25 to 3 ns for each."""
PIXELS_OF_A_BLOCK: Final = 64

START_OF_SCAN: Final = 0xDA
END_OF_IMAGE: Final = 0xD9
WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
ARITHMETIC: Final = frozenset(range(0xC9, 0xD0))
MARKER: Final = re.compile(rb"\xff[\x01-\xfe]")
AFTER_CODED_DATA: Final = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


@dataclass(frozen=True)
class Segment:
    """A marker and the number of entropy-coded bytes that follow it."""

    marker: int
    coded_bytes: int = 0


def check_scans(file: BinaryIO, pixels: int) -> None:
    """Say before a JPEG is decoded that it would take too long, or that most of it is not there.

    Args:
        file: at any position, which stays.
        pixels: width times height.

    Raises:
        PictureTooComplexError: many more scans than any encoder writes, for its size.
        UnreadablePictureError: less than a bit for each 8 x 8 pixels, which Huffman's code cannot do.
    """
    with mmap(file.fileno(), 0, access=ACCESS_READ) as content:
        segments = list(_segments(content))
    scans = sum(segment.marker == START_OF_SCAN for segment in segments)
    if scans > _scans_allowed(pixels):
        raise PictureTooComplexError
    frame = next((segment.marker for segment in segments if segment.marker in FRAMES), None)
    coded_bytes = sum(segment.coded_bytes for segment in segments)
    if frame not in ARITHMETIC and coded_bytes * 8 < pixels // PIXELS_OF_A_BLOCK:
        raise UnreadablePictureError(
            "The picture is damaged: %(bytes)s bytes cannot be %(pixels)s pixels.",
            bytes=f"{coded_bytes:,}",
            pixels=f"{pixels:,}",
        )


def _scans_allowed(pixels: int) -> int:
    return max(USUAL_SCANS, min(MAX_SCANS, MAX_SCANNED_PIXELS // max(pixels, 1)))


def _segments(content: mmap) -> Iterator[Segment]:
    """Those of the first picture in the file, as libjpeg finds them: what is between is skipped."""
    position = 0
    for _ in range(MAX_SEGMENTS):
        found = MARKER.search(content, position)
        if not found or found[0][1] == END_OF_IMAGE:
            return
        marker, position = found[0][1], found.end()
        if marker in WITHOUT_LENGTH:
            yield Segment(marker)
            continue
        position += max(2, int.from_bytes(content[position : position + 2]))
        start = position
        if marker == START_OF_SCAN:
            position = _end_of_coded_data(content, start)
        yield Segment(marker, max(0, position - start))
    raise PictureTooComplexError


def _end_of_coded_data(content: mmap, start: int) -> int:
    found = AFTER_CODED_DATA.search(content, start)
    return found.start() if found else len(content)
