"""JPEG files, also those that lack their last two bytes or were damaged on their way.

A picture that libjpeg reads without a warning is whole. With one, it is read again: what is merely
flawed is taken, and said to be (`Flaw`); what lacks pixels is damage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO, Final

from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import PictureFormat
from colorizer.engine.imageio.joined_file import FilePart, JoinedFile
from colorizer.engine.imageio.jpeg_scans import check_scans
from colorizer.engine.imageio.opened import OpenedPicture, load, load_joined, opened_by_vips
from colorizer.engine.imageio.vips import check_words_of, pyvips

LOADER: Final = "jpegload_source"
END_MARKER: Final = b"\xff\xd9"
START_OF_SCAN: Final = 0xDA
FRAME_HEADERS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
COEFFICIENTS: Final = 64

# Of libjpeg's messages.
NO_END: Final = "premature end of JPEG image"
NO_PIXELS: Final = re.compile("premature end of data segment|found marker 0xd9 instead of RST")
CORRUPT: Final = "Corrupt JPEG data"


def open_jpeg(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
    try:
        image = load(LOADER, file, fail_on="warning")
    except pyvips.Error:
        image = load(LOADER, file)  # a warning about the header: the pixels may be whole

    def checked() -> Any:
        check_scans(file, image.width * image.height)
        return image

    strict = replace(opened_by_vips(image, known), image=checked, check=_check_warnings)
    is_progressive = bool(image.get("jpeg-multiscan"))
    return replace(strict, again=lambda cause: _again(file, strict, cause, is_progressive))


def _check_warnings() -> None:
    """libvips fails for a warning with the next rows: not for one about the last of them."""
    check_words_of("VipsJpeg")


def _again(
    file: BinaryIO, strict: OpenedPicture, cause: str, is_progressive: bool
) -> OpenedPicture | None:
    """What can be had of a file that libjpeg has warned of; None where pixels are missing."""
    if NO_PIXELS.search(cause):
        return None
    if NO_END in cause:
        if is_progressive and not _has_all_scans(file):
            return None
        image = load_joined(JoinedFile(FilePart(file), END_MARKER), fail_on="warning")
        return replace(strict, image=lambda: image, flaw=Flaw.NO_END)
    image, flaw = load(LOADER, file), Flaw.DAMAGED if CORRUPT in cause else None
    return OpenedPicture(strict.header, lambda: image, flaw=flaw)


def _has_all_scans(file: BinaryIO) -> bool:
    """Whether the scans of a progressive picture bring every coefficient to its last bit."""
    missing: set[tuple[int, int]] = set()
    for marker, content in _segments(file):
        if marker in FRAME_HEADERS:
            components = content[6::3]
            missing = {(part, number) for part in components for number in range(COEFFICIENTS)}
        elif marker == START_OF_SCAN:
            count = content[0]
            first, last, precision = content[1 + 2 * count : 4 + 2 * count]
            if precision & 0b1111 == 0:
                parts = content[1 : 1 + 2 * count : 2]
                missing -= {(part, number) for part in parts for number in range(first, last + 1)}
    return not missing


def _segments(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Markers with what belongs to them; the coded pixels between them are skipped (T.81, B.1.1)."""
    file.seek(0)
    content = file.read()
    position = 2
    while found := NEXT_MARKER.search(content, position):
        size = int.from_bytes(content[found.end() : found.end() + 2])
        yield content[found.end() - 1], content[found.end() + 2 : found.end() + size]
        position = found.end() + size
