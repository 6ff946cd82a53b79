"""What DeOldify does before and after its network, as its own program does (2018 to 2024).

Exact to the last bit in 8 bits: OpenCV's integer conversions (BT.601; `cvtColor`, RGB to YUV and
back, 14 fractional bits), Pillow's bilinear resize.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.color import (
    CHROMA_ZERO,
    FIXED_BITS,
    FIXED_BLUE_OF_U,
    FIXED_GREEN_OF_U,
    FIXED_GREEN_OF_V,
    FIXED_LUMA_OF_RGB,
    FIXED_RED_OF_V,
    FIXED_U_OF_BLUE,
    FIXED_V_OF_RED,
    UNIT_OF_16_BITS,
    chroma_of,
    reduced_luma,
)
from colorizer.engine.variants import PIXELS_PER_RENDER_FACTOR

IMAGENET_MEAN: Final = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
IMAGENET_STD: Final = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
STRIP_PIXELS: Final = 250_000


def preprocess(pixels: NDArray[Any], render_factor: int) -> Tensor:
    """Squeeze into a square with sides of 16 x render_factor pixels, take luma, normalize.

    Args:
        pixels: H x W x 1 or H x W x 3 (sRGB), uint8 or uint16.

    Returns:
        1 x 3 x S x S, float32, three equal channels, normalized by ImageNet's mean and deviation.
    """
    side = PIXELS_PER_RENDER_FACTOR * render_factor
    luma = torch.from_numpy(reduced_luma(pixels, (side, side), Image.Resampling.BILINEAR))
    normalized: Tensor = (luma - IMAGENET_MEAN) / IMAGENET_STD
    return normalized[None]


def postprocess(luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
    """The photo's luma with the chroma that was predicted.

    Args:
        luma: H x W, uint8 or uint16.
        prediction: 1 x 3 x S x S, float32: RGB, normalized like the network's input.

    Returns:
        H x W x 3, sRGB, dtype of `luma`.
    """
    truncated = _rgb(prediction).to(torch.uint8).contiguous()
    return upsample_chroma(luma, Image.fromarray(truncated.numpy()))


def predicted_chroma(prediction: Tensor) -> NDArray[np.float32]:
    """Cb and Cr, 2 x S x S, 8-bit units around 0, of the prediction that `postprocess` takes."""
    return chroma_of(_rgb(prediction).numpy())


def _rgb(prediction: Tensor) -> Tensor:
    """S x S x 3, 0..255, not rounded."""
    unit = (prediction[0].cpu() * IMAGENET_STD + IMAGENET_MEAN).clamp(0, 1)
    return (unit * 255).permute(1, 2, 0)


def upsample_chroma(luma: NDArray[Any], prediction: Image.Image) -> NDArray[Any]:
    """The photo's luma with the chroma of a prediction, upsampled bilinearly.

    Args:
        luma: H x W, uint8 or uint16 (full range).
        prediction: mode "RGB", any size: the whole picture as the network predicted it.

    Returns:
        H x W x 3, sRGB, dtype of `luma`. 16-bit luma keeps its bits, the chroma has 8.
    """
    height, width = luma.shape
    result = np.empty((height, width, 3), luma.dtype)
    # Whole channels: in strips, Pillow would round differently. The result holds them meanwhile.
    for channel, band in enumerate(prediction.split()):
        result[..., channel] = band.resize((width, height), Image.Resampling.BILINEAR)
    rows = max(1, STRIP_PIXELS // width)
    for top in range(0, height, rows):
        strip = slice(top, top + rows)
        _fill(result[strip], luma[strip], *_chroma(result[strip]))
    return result


def _rounded(fixed_point: NDArray[np.int32]) -> NDArray[np.int32]:
    return (fixed_point + (1 << FIXED_BITS - 1)) >> FIXED_BITS


def _chroma(rgb: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """U and V around 0, after saturation to 8 bits."""
    red, green, blue = (rgb[..., channel].astype(np.int32) for channel in range(3))
    of_red, of_green, of_blue = FIXED_LUMA_OF_RGB
    luma = _rounded(of_red * red + of_green * green + of_blue * blue)
    u = _rounded(FIXED_U_OF_BLUE * (blue - luma))
    v = _rounded(FIXED_V_OF_RED * (red - luma))
    limits = (-CHROMA_ZERO, 255 - CHROMA_ZERO)
    return u.clip(*limits), v.clip(*limits)


def _fill(
    result: NDArray[Any],
    luma: NDArray[Any],
    u: NDArray[np.int32],
    v: NDArray[np.int32],
) -> None:
    unit = UNIT_OF_16_BITS if luma.dtype == np.uint16 else 1
    white = 255 * unit
    wide = luma.astype(np.int32)
    chroma = (FIXED_RED_OF_V * v, FIXED_GREEN_OF_U * u + FIXED_GREEN_OF_V * v, FIXED_BLUE_OF_U * u)
    for channel, offset in enumerate(chroma):
        result[..., channel] = (wide + unit * _rounded(offset)).clip(0, white)
