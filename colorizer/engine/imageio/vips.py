"""libvips, set up for pictures that are read once. Nothing else in the engine imports pyvips.

libvips starts threads of its own: a process that forks afterwards hands its children a broken
libvips. Import this module, and what imports it (`reading`, `writing`), in workers only.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import pyvips

# The cache of operations would keep whole pictures alive after they were written.
pyvips.cache_set_max(0)
# What cannot be read is raised; what can be read in spite of a flaw is no matter for the log.
logging.getLogger("pyvips").setLevel(logging.ERROR)

MILLIMETERS_PER_INCH: Final = 25.4  # libvips counts pixels a millimeter
UNKNOWN_DPI: Final = (72.0, 72.0)  # by convention, in every program


def forget_errors() -> None:
    """Empty the buffer that libvips collects its messages in.

    pyvips decodes it again and again: bytes of a damaged file that are no UTF-8 would make every
    later call in the process fail.
    """
    pyvips.vips_lib.vips_error_clear()


def check_words_of(reporter: str) -> None:
    """Raise what a decoder has reported since errors were forgotten, if libvips took no offense."""
    words = pyvips.ffi.string(pyvips.vips_lib.vips_error_buffer()).decode(errors="replace")
    if f"{reporter}: " in words:
        raise pyvips.Error(words)


def blob_of(image: Any, name: str) -> bytes | None:
    """Metadata that libvips has found in a file."""
    return bytes(image.get(name)) if image.get_typeof(name) else None


def cause_of(error: Exception) -> str:
    """What a library says is wrong: its last line, save for libheif's, which is a mere number."""
    message = str(error)
    if isinstance(error, UnicodeDecodeError):
        message = error.object.decode(errors="replace")
    lines = [line.strip() for line in message.splitlines()]
    return next((line for line in reversed(lines) if line and line[0] != "("), type(error).__name__)


__all__ = [
    "MILLIMETERS_PER_INCH",
    "UNKNOWN_DPI",
    "blob_of",
    "cause_of",
    "check_words_of",
    "forget_errors",
    "pyvips",
]
