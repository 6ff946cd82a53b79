"""Fréchet distance between two sets of pictures: how far apart their features lie as Gaussians.

Source: Heusel et al., GANs Trained by a Two Time-Scale Update Rule (NeurIPS 2017), section 2, with
ImageNet's EfficientNet-Lite0 in place of Inception: its weights are free and come with a package.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.architectures.compact.efficientnet_lite import EfficientNetLite
from colorizer.engine.architectures.optimization import best_device
from colorizer.imagenet import imagenet_encoder

SIDE: Final = 224
"""Pixels; the size at which EfficientNet-Lite0 was trained."""

Features: TypeAlias = NDArray[np.float64]
FeatureExtractor: TypeAlias = Callable[[Sequence[Image.Image]], Features]


class Statistics(NamedTuple):
    """Of D features: mean (D) and unbiased covariance (D x D)."""

    mean: Features
    covariance: Features


def lite0_features(pictures: Sequence[Image.Image]) -> Features:
    """What EfficientNet-Lite0 sees in pictures that are squeezed to 224 x 224 (bicubic).

    Args:
        pictures: N, mode "RGB".

    Returns:
        N x 320: means over the last features (stride 32).
    """
    pixels = pixels_of(pictures, SIDE).to(best_device())
    with torch.inference_mode():
        last: Tensor = _encoder()(pixels)[-1]
    return last.mean(dim=(2, 3)).double().cpu().numpy()


def pixels_of(pictures: Sequence[Image.Image], side: int) -> Tensor:
    """N pictures, mode "RGB" -> N x 3 x side x side, float32, 0..1."""
    resized = [picture.resize((side, side), Image.Resampling.BICUBIC) for picture in pictures]
    stacked = torch.from_numpy(np.stack([np.asarray(picture) for picture in resized]))
    return stacked.permute(0, 3, 1, 2).float() / 255


@cache
def _encoder() -> EfficientNetLite:
    return imagenet_encoder("lite0", in_channels=3).eval().to(best_device())


def statistics_of(features: Sequence[Features]) -> Statistics:
    """Mean and covariance of N vectors of D features.

    Raises:
        ValueError: fewer than two.
    """
    if len(features) < 2:  # noqa: PLR2004  (one has no covariance)
        raise ValueError("A Fréchet distance needs at least two pictures. Give more of them.")
    stacked = np.stack(features)
    covariance = np.cov(stacked, rowvar=False)
    return Statistics(stacked.mean(axis=0), np.atleast_2d(covariance))


def frechet_distance(a: Statistics, b: Statistics) -> float:
    """|mean_a - mean_b|^2 + tr(C_a + C_b - 2 (C_a C_b)^(1/2)); 0 or more, 0 for equal statistics.

    Source: Dowson and Landau, The Fréchet Distance between Multivariate Normal Distributions
    (1982). The trace of (C_a C_b)^(1/2) is that of the symmetric (R C_b R)^(1/2), R = C_a^(1/2).
    """
    root = _square_root(a.covariance)
    inner = np.linalg.eigvalsh(root @ b.covariance @ root).clip(min=0)
    spread = np.trace(a.covariance) + np.trace(b.covariance) - 2 * np.sqrt(inner).sum()
    return float(max(0.0, np.sum((a.mean - b.mean) ** 2) + spread))


def _square_root(covariance: Features) -> Features:
    values, vectors = np.linalg.eigh(covariance)
    root: Features = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T
    return root
