"""The decoder with 14 MB beyond what it has at its start: for pictures that want more. Linux only."""

from __future__ import annotations

import re
from pathlib import Path

from colorizer.decoding import memory, process


def taken() -> int:
    found = re.search(r"VmData:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) * 1024


if __name__ == "__main__":
    memory.BASE_BYTES = taken() + 14 * 2**20  # type: ignore[misc]
    memory.BYTES_PER_PIXEL = 0  # type: ignore[misc]
    process.main()
