"""Luma, chroma and bit depths of arrays of pixels: the constants, once, and what is computed by them.

Two sets of constants for the same standard, ITU-R BT.601: exact shares, for JPEG's YCbCr, in
`ycbcr`, and here OpenCV's integers with 14 fractional bits, for results that are equal to
DeOldify's to the last bit. Knows neither torch nor libvips.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.ycbcr import BLUE_OF_CB, GREEN_OF_CB, GREEN_OF_CR, LUMA_OF_RGB, RED_OF_CR

# BT.601 as OpenCV has it in RGB2YUV and YUV2RGB for 8 bit; exactly it is in `ycbcr`.
FIXED_BITS: Final = 14
FIXED_LUMA_OF_RGB: Final = (4899, 9617, 1868)
FIXED_U_OF_BLUE: Final = 8061
FIXED_V_OF_RED: Final = 14369
FIXED_RED_OF_V: Final = 18678
FIXED_GREEN_OF_U: Final = -6472
FIXED_GREEN_OF_V: Final = -9519
FIXED_BLUE_OF_U: Final = 33292
CHROMA_ZERO: Final = 128
"""Where gray lies in 8-bit Cb and Cr."""

UNIT_OF_16_BITS: Final = 257
"""65535 / 255."""
LUMA_STRIP_ROWS: Final = 16
DEPTH_STRIP_ROWS: Final = 64


def luma_of(pixels: NDArray[Any]) -> NDArray[Any]:
    """Luma as OpenCV's RGB2YUV has it: (4899 R + 9617 G + 1868 B + 8192) >> 14.

    Args:
        pixels: H x W x 1 or H x W x 3, uint8 or uint16.

    Returns:
        H x W, the same dtype; of gray pixels a view.
    """
    if pixels.shape[2] == 1:
        return pixels[..., 0]
    luma = np.empty(pixels.shape[:2], pixels.dtype)
    # Exact: 16-bit luma times 2^14 has 30 bits. Single precision, with its 24, does for 8 bit.
    wide = np.dtype(np.float32 if pixels.dtype == np.uint8 else np.float64)
    weights = (np.array(FIXED_LUMA_OF_RGB) / 2**FIXED_BITS).astype(wide)
    for top in range(0, len(pixels), LUMA_STRIP_ROWS):
        strip = slice(top, top + LUMA_STRIP_ROWS)
        luma[strip] = pixels[strip].astype(wide) @ weights + wide.type(0.5)
    return luma


def chroma_of(rgb: NDArray[Any]) -> NDArray[Any]:
    """Cb and Cr of JPEG's YCbCr, not rounded.

    Args:
        rgb: H x W x 3, float, 0..255.

    Returns:
        2 x H x W, the same dtype, 8-bit units around 0.
    """
    luma = rgb @ np.array(LUMA_OF_RGB, dtype=rgb.dtype)
    return np.stack([(rgb[..., 2] - luma) / BLUE_OF_CB, (rgb[..., 0] - luma) / RED_OF_CR])


def colors_of(luma: float, chroma: NDArray[Any]) -> list[tuple[int, int, int]]:
    """The colors of one luma with several chroma, as far as RGB holds them.

    Args:
        luma: 0..255.
        chroma: n x 2, Cb and Cr in 8-bit units around 0.

    Returns:
        n times red, green and blue, 0..255.
    """
    cb, cr = chroma.T
    rgb = luma + np.stack([RED_OF_CR * cr, GREEN_OF_CB * cb + GREEN_OF_CR * cr, BLUE_OF_CB * cb])
    return [tuple(color) for color in rgb.T.round().clip(0, 255).astype(int).tolist()]


def reduced_luma(
    pixels: NDArray[Any], size: tuple[int, int], resampling: Image.Resampling
) -> NDArray[np.float32]:
    """Resize, then take luma (BT.601), so that colors that a photo has have no influence.

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


def eight_bit(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """Scale 0..65535 to 0..255, to the nearest.

    Args:
        pixels: H x W or H x W x C, uint16 (full range), or uint8, which is returned as it is.
    """
    if pixels.dtype == np.uint8:
        return pixels
    scaled = np.empty(pixels.shape, np.uint8)
    for top in range(0, len(pixels), DEPTH_STRIP_ROWS):
        strip = slice(top, top + DEPTH_STRIP_ROWS)
        scaled[strip] = (pixels[strip].astype(np.uint32) + 128) // UNIT_OF_16_BITS
    return scaled


def sixteen_bit(pixels: NDArray[Any]) -> NDArray[np.uint16]:
    """Scale 0..255 to 0..65535; uint16 is returned as it is."""
    return pixels if pixels.dtype == np.uint16 else pixels * np.uint16(UNIT_OF_16_BITS)
