"""How much memory a picture may take while it is decoded, and how one sees that it wanted more."""

from __future__ import annotations

import errno
import re
import resource
import sys
from typing import Final

BASE_BYTES: Final = 512 * 2**20
BYTES_PER_PIXEL: Final = 40
"""Of AVIF and lossless WebP with some to spare; the others need less (docs/security.md)."""
IN_WORDS: Final = re.compile(r"memory|allocat|thread|unexpected C\+\+ exception", re.IGNORECASE)
"""What libvips, libpng, libjpeg and libheif say; GLib; libde265."""


def limit_memory(max_pixels: int) -> None:
    """Let this process have what the largest picture takes. Only Linux keeps to such a limit."""
    if sys.platform == "linux":
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        limit = BASE_BYTES + BYTES_PER_PIXEL * max_pixels
        if most != resource.RLIM_INFINITY:
            limit = min(limit, most)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def is_lack_of_memory(error: Exception) -> bool:
    """Python says it by type or number, libraries in words."""
    if isinstance(error, MemoryError) or getattr(error, "errno", None) == errno.ENOMEM:
        return True
    return bool(IN_WORDS.search(str(error)))
