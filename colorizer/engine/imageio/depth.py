"""Between 8 and 16 bits a channel. Knows neither torch nor libvips: the web process uses it, too."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

STRIP_ROWS: Final = 64


def eight_bit(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale 0..65535 to 0..255, to the nearest.

    Args:
        pixels: H x W or H x W x C, uint16 (full range), or uint8, which is returned as it is.
    """
    if pixels.dtype == np.uint8:
        return pixels
    scaled = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), STRIP_ROWS):
        strip = slice(top, top + STRIP_ROWS)
        scaled[strip] = (pixels[strip].astype(np.uint32) + 128) // 257
    return scaled


def sixteen_bit(pixels: NDArray[Any]) -> NDArray[np.uint16]:
    """Scale 0..255 to 0..65535; uint16 is returned as it is."""
    return pixels if pixels.dtype == np.uint16 else pixels * np.uint16(257)
