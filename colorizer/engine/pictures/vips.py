"""libvips, set up for pictures that are read once. Nothing else in the engine imports pyvips.

libvips starts threads of its own: a process that forks afterwards hands its children a broken
libvips. Import this module, and what imports it (`reading`, `writing`), in workers only.
"""

from __future__ import annotations

import logging
from typing import Final

import pyvips

# The cache of operations would keep whole pictures alive after they were written.
pyvips.cache_set_max(0)
# What cannot be read is raised; what can be read in spite of a flaw is no matter for the log.
logging.getLogger("pyvips").setLevel(logging.ERROR)

MILLIMETRES_PER_INCH: Final = 25.4  # libvips counts pixels a millimetre
UNKNOWN_DPI: Final = (72.0, 72.0)  # by convention, in every program


def cause_of(error: Exception) -> str:
    """What a library says is wrong: its last line, save for libheif's, which is a mere number."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in reversed(lines) if line and line[0] != "("), type(error).__name__)


__all__ = ["MILLIMETRES_PER_INCH", "UNKNOWN_DPI", "cause_of", "pyvips"]
