"""How a network sees a picture: small, and as luma alone."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.imageio.depth import eight_bit


def reduced_luma(
    pixels: NDArray[Any], size: tuple[int, int], resampling: Image.Resampling
) -> NDArray[np.float32]:
    """Resize, then take luma (ITU-R BT.601): colors that a photo has are not seen.

    Args:
        pixels: H x W x 1 or H x W x 3 (sRGB), uint8 or uint16.
        size: width and height.

    Returns:
        height x width, float32, range 0..1 in steps of 1/255.
    """
    # Channel by channel: Pillow would hold color pixels in four bytes each.
    bands = [
        Image.fromarray(np.ascontiguousarray(eight_bit(pixels[..., band]))).resize(size, resampling)
        for band in range(pixels.shape[2])
    ]
    luma = bands[0] if len(bands) == 1 else Image.merge("RGB", bands).convert("L")
    return np.asarray(luma, dtype=np.float32) / np.float32(255)
