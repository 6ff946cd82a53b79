"""The colors that `compact` would believe at a place: the peaks of its distribution there."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

APART: Final = 18.0
"""8-bit units of Cb and Cr: what is nearer than that is one color to people."""
LEAST_SHARE: Final = 0.002
"""Of the distribution: a color that has less is no proposal."""


@torch.inference_mode()
def plausible_chroma(shares: Tensor, bins: Tensor, most: int) -> Tensor:
    """The likeliest chroma first, each the mean of the classes around a peak.

    As the clusters of suggested colors in Zhang et al., Real-Time User-Guided Image Colorization with Learned
    Deep Priors (SIGGRAPH 2017, section 3.3), found here without random starts.

    Args:
        shares: K, of the chroma classes; the sum is 1.
        bins: K x 2, their centers, Cb and Cr in 8-bit units around 0.
        most: how many at most.

    Returns:
        n x 2, n from 1 to `most`.
    """
    near = (torch.cdist(bins, bins) <= APART).to(shares.dtype)
    left = shares.clone()
    found: list[Tensor] = []
    while len(found) < most:
        around = near @ left
        peak = int(around.argmax())
        if found and around[peak] < LEAST_SHARE:
            break
        weights = left * near[peak]
        found.append(weights @ bins / weights.sum())
        left[near[peak] > 0] = 0
    return torch.stack(found)
