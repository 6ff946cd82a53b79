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

__all__ = ["MILLIMETRES_PER_INCH", "pyvips"]
