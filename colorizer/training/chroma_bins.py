"""The quantized chroma that `compact` classifies into, and how often each class occurs.

Source: Zhang et al., Colorful Image Colorization (ECCV 2016), section 2, with Cb and Cr for a and b.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from safetensors import safe_open
from torch import Tensor

BIN_WIDTH = 12
"""8-bit units of Cb and Cr."""
NEIGHBORS = 5
SMOOTHING_SIGMA = 6.0
RARER_THAN_IS_DROPPED = 1e-5
STATISTICS_SHRINK = 4
STATISTICS_PICTURES = 3000
CLASS_WEIGHTS: Final = "class_weights"
"""In the metadata of a weights file: what its classes were trained with."""

Histogram = npt.NDArray[np.float64]


def chroma_histogram(pictures: Sequence[Image.Image]) -> Histogram:
    """256 x 256 shares of pixels by (Cb, Cr), from RGB pictures shrunk to a quarter.

    The first STATISTICS_PICTURES are enough.
    """
    counts = np.zeros((256, 256), dtype=np.int64)
    for index in range(min(len(pictures), STATISTICS_PICTURES)):
        small = pictures[index].reduce(STATISTICS_SHRINK).convert("YCbCr")
        pixels = np.asarray(small).reshape(-1, 3)
        np.add.at(counts, (pixels[:, 1], pixels[:, 2]), 1)
    return np.asarray(counts / counts.sum())


def occupied_bins(histogram: Histogram) -> Tensor:
    """K x 2 float centers (Cb, Cr), 8-bit units around 0, of the squares that photographs use."""
    nearest = np.rint((np.arange(256) - 128) / BIN_WIDTH).astype(int)
    indices = np.unique(nearest)
    shares = np.add.reduceat(histogram, np.searchsorted(nearest, indices), axis=0)
    shares = np.add.reduceat(shares, np.searchsorted(nearest, indices), axis=1)
    kept = np.argwhere(shares > RARER_THAN_IS_DROPPED)
    return torch.from_numpy(indices[kept] * float(BIN_WIDTH)).float()


class SoftEncoder:
    """Spreads chroma values over their nearest bins with Gaussian weights.

    Args:
        bins: K x 2 float centers, 8-bit units around 0.
    """

    def __init__(self, bins: Tensor) -> None:
        values = torch.arange(256, dtype=torch.float32) - 128
        distances, nearest = torch.cdist(torch.cartesian_prod(values, values), bins).topk(
            NEIGHBORS, largest=False
        )
        scores = -(distances**2) / (2 * SMOOTHING_SIGMA**2)
        self.bins = bins
        self.nearest = nearest
        self.weights = scores.softmax(dim=-1)

    def __call__(self, chroma: Tensor) -> tuple[Tensor, Tensor]:
        """Encode.

        Args:
            chroma: N x 2 x h x w, float, 8-bit units around 0 (-128..127).

        Returns:
            Indices (int64) and weights (float, sum 1) of the nearest bins, each
            N x NEIGHBORS x h x w.
        """
        if self.nearest.device != chroma.device:
            self.nearest, self.weights = (
                table.to(chroma.device) for table in (self.nearest, self.weights)
            )
        cb, cr = (chroma.round().long() + 128).clamp(0, 255).unbind(dim=1)
        cell = cb * 256 + cr
        return self.nearest[cell].movedim(-1, 1), self.weights[cell].movedim(-1, 1)

    def class_shares(self, histogram: Histogram) -> Tensor:
        """K float: how much of the photographs' pixels falls to each bin; the sum is 1."""
        pixels = torch.from_numpy(histogram).float().view(-1, 1) * self.weights
        return torch.zeros(len(self.bins)).index_add(0, self.nearest.flatten(), pixels.flatten())


def rebalancing_weights(shares: Tensor, uniform: float) -> Tensor:
    """Class weights that make rare colors count (Zhang et al., equation 4), expectation 1.

    Args:
        shares: K float, sum 1.
        uniform: share of the uniform distribution mixed in, 0..1; 1 weighs all classes alike.
    """
    weights = 1 / ((1 - uniform) * shares + uniform / len(shares))
    return weights / (weights * shares).sum()


class ChromaStatistics(NamedTuple):
    """The classes of a training set: K x 2 centers, 8-bit units around 0, and their K shares."""

    bins: Tensor
    shares: Tensor


def chroma_statistics(pictures: Sequence[Image.Image], bins: Tensor | None) -> ChromaStatistics:
    """Of RGB pictures, with the classes that the pictures occupy or with given ones."""
    histogram = chroma_histogram(pictures)
    chosen = occupied_bins(histogram) if bins is None else bins
    return ChromaStatistics(chosen, SoftEncoder(chosen).class_shares(histogram))


def class_weights_metadata(class_weights: Tensor) -> dict[str, str]:
    """For `save_weights`. Args: class_weights: K float, that the classes were trained with."""
    return {CLASS_WEIGHTS: json.dumps(class_weights.tolist())}


def read_class_weights(path: Path, classes: int) -> Tensor:
    """K float: what a file's classes were trained with; ones where the file does not say."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
    if CLASS_WEIGHTS not in metadata:
        return torch.ones(classes)
    return torch.tensor(json.loads(metadata[CLASS_WEIGHTS]))
