"""How much memory a network needs, how much there is, and what it looks like when it ran out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psutil
import torch

from colorizer.engine.errors import ColorizerError
from colorizer.engine.variants import (
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    PIXELS_PER_RENDER_FACTOR,
)

TELLTALES: Final = (
    "can't allocate memory",
    "out of memory",
    "std::bad_alloc",
    "could not create a primitive",
)
"""Torch has an exception of its own for CUDA's memory only."""
CONTROL_GROUP: Final = Path("/sys/fs/cgroup")


class TooLittleMemoryError(ColorizerError, MemoryError):
    """Neither a smaller render factor nor another try on this machine will do."""


def available_bytes(device: torch.device) -> int:
    """Memory that can be taken now without swapping."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return min(int(psutil.virtual_memory().available), _left_in_container())


def _left_in_container() -> int:
    """What the control group leaves (Linux, version 2); without a limit, more than there can be."""
    limit, used = (CONTROL_GROUP / name for name in ("memory.max", "memory.current"))
    if not limit.exists() or (text := limit.read_text().strip()) == "max":
        return sys.maxsize
    return max(0, int(text) - int(used.read_text()))


def largest_render_factor(bytes_per_pixel: int, device: torch.device) -> int:
    """The largest that fits into the memory available now, 0..MAX_RENDER_FACTOR.

    Args:
        bytes_per_pixel: see `Architecture`.
    """
    pixels = available_bytes(device) // bytes_per_pixel
    return min(MAX_RENDER_FACTOR, int(pixels**0.5) // PIXELS_PER_RENDER_FACTOR)


@contextmanager
def out_of_memory_named() -> Iterator[None]:
    """Raises TooLittleMemoryError for whatever torch raises on any device."""
    try:
        yield
    except MemoryError as error:
        raise _too_little() from error
    except RuntimeError as error:
        if not any(telltale in str(error) for telltale in TELLTALES):
            raise
        raise _too_little() from error


def _too_little() -> TooLittleMemoryError:
    return TooLittleMemoryError(
        "There is too little memory for this photo, even at render factor %(factor)d. "
        "Close other programs or use a larger machine.",
        factor=MIN_RENDER_FACTOR,
    )
