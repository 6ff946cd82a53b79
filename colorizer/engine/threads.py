"""How many threads a process that colorizes takes. Knows neither torch nor Django."""

from __future__ import annotations

import os
from typing import Final

VARIABLES: Final = ("OMP_NUM_THREADS", "VIPS_CONCURRENCY", "OPENCV_FOR_THREADS_NUM")
"""Of torch, libvips and OpenCV, which read them when they are loaded."""
WAIT_POLICY: Final = "OMP_WAIT_POLICY"


def share_cores(processes: int) -> None:
    """Give this process its share of the cores; call it before these libraries are loaded.

    Variables that are set already are left as they are.

    Args:
        processes: that colorize on this machine, 1 or more.
    """
    threads = max(1, _cores() // processes)
    for variable in VARIABLES:
        os.environ.setdefault(variable, str(threads))
    # Threads of torch that wait sleep. Spinning, they take the cores from the very threads that they wait for, as soon
    # as anything else runs on the machine.
    os.environ.setdefault(WAIT_POLICY, "passive")


def _cores() -> int:
    """Those that this process may use, where the system tells."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
