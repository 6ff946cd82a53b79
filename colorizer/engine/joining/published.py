"""DeOldify's join: its chroma brought up bilinearly, its conversions between RGB and YUV.

Exact to the last bit in 8 bits: OpenCV's integer conversions (BT.601; `cvtColor`, RGB to YUV and
back, 14 fractional bits), Pillow's bilinear resize.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

STRIP_PIXELS = 250_000
FRACTION_BITS = 14
U_OF_BLUE = 8061
V_OF_RED = 14369
LUMA_OF_RGB = (4899, 9617, 1868)
RED_OF_V = 18678
GREEN_OF_U = -6472
GREEN_OF_V = -9519
BLUE_OF_U = 33292
CHROMA_ZERO = 128
LUMA_16_OF_8 = 257


def join_published(luma: NDArray[Any], painted: Image.Image) -> NDArray[Any]:
    """Join the photo's luma with the chroma of what the network painted.

    Args:
        luma: H x W, uint8 or uint16 (full range).
        painted: mode "RGB", any size: the whole picture as the network painted it.

    Returns:
        H x W x 3, sRGB, dtype of `luma`. 16-bit luma keeps its bits, the chroma has 8.
    """
    height, width = luma.shape
    joined = np.empty((height, width, 3), luma.dtype)
    # Whole channels: in strips, Pillow would round differently. The result holds them meanwhile.
    for channel, band in enumerate(painted.split()):
        joined[..., channel] = band.resize((width, height), Image.Resampling.BILINEAR)
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip = slice(top, top + rows)
        _fill(joined[strip], luma[strip], *_chroma(joined[strip]))
    return joined


def _rounded(fixed_point: NDArray[np.int32]) -> NDArray[np.int32]:
    return (fixed_point + (1 << FRACTION_BITS - 1)) >> FRACTION_BITS


def _chroma(rgb: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """U and V around 0, after saturation to 8 bits."""
    red, green, blue = (rgb[..., channel].astype(np.int32) for channel in range(3))
    luma = _rounded(LUMA_OF_RGB[0] * red + LUMA_OF_RGB[1] * green + LUMA_OF_RGB[2] * blue)
    u = _rounded(U_OF_BLUE * (blue - luma))
    v = _rounded(V_OF_RED * (red - luma))
    limits = (-CHROMA_ZERO, 255 - CHROMA_ZERO)
    return u.clip(*limits), v.clip(*limits)


def _fill(
    joined: NDArray[Any],
    luma: NDArray[Any],
    u: NDArray[np.int32],
    v: NDArray[np.int32],
) -> None:
    unit = LUMA_16_OF_8 if luma.dtype == np.uint16 else 1
    white = 255 * unit
    wide = luma.astype(np.int32)
    chroma = (RED_OF_V * v, GREEN_OF_U * u + GREEN_OF_V * v, BLUE_OF_U * u)
    for channel, offset in enumerate(chroma):
        joined[..., channel] = (wide + unit * _rounded(offset)).clip(0, white)
