"""What DeOldify does before and after its network, as published (2018 to 2024)."""

from __future__ import annotations

from typing import Any, Final

import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.joining.published import join_published
from colorizer.engine.pipelines.seeing import reduced_luma
from colorizer.engine.variants import PIXELS_PER_RENDER_FACTOR

DEFAULT_RENDER_FACTOR: Final = 35
IMAGENET_MEAN: Final = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
IMAGENET_STD: Final = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)


def see(pixels: NDArray[Any], render_factor: int) -> Tensor:
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


def join(luma: NDArray[Any], painted: Tensor) -> NDArray[Any]:
    """The photo's luma with the chroma that was painted.

    Args:
        luma: H x W, uint8 or uint16.
        painted: 1 x 3 x S x S, float32: RGB, normalized like the network's input.

    Returns:
        H x W x 3, sRGB, dtype of `luma`.
    """
    unit = (painted[0].cpu() * IMAGENET_STD + IMAGENET_MEAN).clamp(0, 1)
    truncated = (unit * 255).to(torch.uint8).permute(1, 2, 0).contiguous()
    return join_published(luma, Image.fromarray(truncated.numpy()))
