"""LPIPS, a learned perceptual distance between two pictures.

Source: Zhang et al., The Unreasonable Effectiveness of Deep Features as a Perceptual Metric (CVPR
2018), section 3, version 0.1 of its authors with AlexNet.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from colorizer.engine.inference.preparing import best_device
from colorizer.engine.networks.torchvision_models import models
from colorizer.evaluation.evaluate import PairMetric
from colorizer.evaluation.metrics import Pixels
from colorizer.evaluation.published_networks import filled

SHIFT: Final = torch.tensor((-0.030, -0.088, -0.188)).view(3, 1, 1)
SCALE: Final = torch.tensor((0.458, 0.448, 0.450)).view(3, 1, 1)
"""Of values -1..1."""
LEVELS: Final = ((1, 64), (4, 192), (7, 384), (9, 256), (11, 256))
"""Indices of AlexNet's ReLUs, and their channels."""
SMALLEST_SIDE: Final = 31
EPSILON: Final = 1e-10


class _Linear(nn.Module):
    """A 1 x 1 convolution under the name that it has in the authors' file."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.model = nn.Sequential(nn.Dropout(), nn.Conv2d(channels, 1, 1, bias=False))

    def forward(self, squares: Tensor) -> Tensor:
        weighted: Tensor = self.model(squares)
        return weighted


class LinearLayers(nn.Module):
    """One weight for every channel of every level: `lin0.model.1.weight` and so on."""

    def __init__(self) -> None:
        super().__init__()
        for index, (_, channels) in enumerate(LEVELS):
            self.add_module(f"lin{index}", _Linear(channels))


def lpips_metric(alexnet: Path, linear: Path) -> PairMetric:
    """A metric of two pictures, H x W x 3 uint8: 0 for equal ones, about 0.5 for unlike ones.

    Args:
        alexnet: torchvision's `alexnet-owt-7be5be79.pth`.
        linear: `alex.pth` of the authors' folder `lpips/weights/v0.1`.

    Raises:
        WeightsError: a file is missing, damaged or of another network.
    """
    backbone = filled(models.alexnet(weights=None), alexnet).features
    layers = filled(LinearLayers(), linear)

    @torch.inference_mode()
    def lpips(painted: Pixels, real: Pixels) -> float:
        levels = zip(
            layers.children(), *(_levels(backbone, p) for p in (painted, real)), strict=True
        )
        distances = [layer((first - second) ** 2).mean() for layer, first, second in levels]
        return float(torch.stack(distances).sum())

    return lpips


def _levels(backbone: nn.Sequential, pixels: Pixels) -> list[Tensor]:
    """Features after each ReLU of LEVELS, each pixel's of length 1; 1 x C x h x w."""
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        raise ValueError(f"LPIPS needs pictures of at least {SMALLEST_SIDE} pixels a side.")
    x = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    x = ((x - SHIFT) / SCALE).to(best_device())
    kept = {index for index, _ in LEVELS}
    levels = []
    for index, layer in enumerate(backbone):
        x = layer(x)
        if index in kept:
            levels.append(x / (x.norm(dim=1, keepdim=True) + EPSILON))
    return levels
