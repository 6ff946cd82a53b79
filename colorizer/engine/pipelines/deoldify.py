"""What DeOldify does before and after its network, as published.

Differences from the published program are none in what is painted; see docs/engine.md for what is
left out (its watermark, its gray result when memory runs out).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.joining.published import join_published
from colorizer.engine.pictures.depth import eight_bit
from colorizer.engine.variants import PIXELS_PER_RENDER_FACTOR

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
DEFAULT_RENDER_FACTOR = 35


def _per_channel(values: tuple[float, ...]) -> Tensor:
    return torch.tensor(values).view(3, 1, 1)


def see(pixels: NDArray[Any], render_factor: int) -> Tensor:
    """Squeeze into a square, then to luma (ITU-R BT.601), then normalise.

    Args:
        pixels: H x W x 1 or H x W x 3 (sRGB), uint8 or uint16.
        render_factor: the square has a side of 16 times as many pixels.

    Returns:
        1 x 3 x S x S, float32, three equal channels, normalised by ImageNet's mean and deviation.
    """
    side = PIXELS_PER_RENDER_FACTOR * render_factor
    bands = [
        Image.fromarray(eight_bit(pixels[..., band])).resize(
            (side, side), Image.Resampling.BILINEAR
        )
        for band in range(pixels.shape[-1])
    ]
    gray = bands[0] if len(bands) == 1 else Image.merge("RGB", bands).convert("L")
    values = torch.from_numpy(np.asarray(gray, dtype=np.float32) / 255)
    normalised: Tensor = (values - _per_channel(IMAGENET_MEAN)) / _per_channel(IMAGENET_STD)
    return normalised[None]


def _picture_of(painted: Tensor) -> Image.Image:
    """1 x 3 x S x S normalised RGB -> mode "RGB", truncated as published, not rounded."""
    unit = painted[0] * _per_channel(IMAGENET_STD) + _per_channel(IMAGENET_MEAN)
    values = unit.clamp(0, 1).permute(1, 2, 0).numpy()
    return Image.fromarray((values * 255).astype(np.uint8))


def join(luma: NDArray[Any], painted: Tensor) -> NDArray[Any]:
    """The photo's luma with the chroma that was painted.

    Args:
        luma: H x W, uint8 or uint16.
        painted: 1 x 3 x S x S, float32: RGB, normalised like the network's input.

    Returns:
        H x W x 3, sRGB, dtype of `luma`.
    """
    return join_published(luma, _picture_of(painted))
