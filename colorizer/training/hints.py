"""Hints for the network to learn from: now and then a few places tell their real chroma.

Source: Zhang et al., Real-Time User-Guided Image Colorization with Learned Deep Priors (SIGGRAPH
2017), section 3.1: patches of 1 to 9 pixels that show the mean of the real chroma.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

PROBABILITY: Final = 0.5
MOST_HINTS: Final = 64
PATCH_CELLS: Final = (1, 3)
"""Sides of patches, in cells of the prediction: 4 pixels of the input each."""
TURNED_PROBABILITY: Final = 0.15
FEWEST_WHEN_TURNED: Final = 16


def with_random_hints(chroma: Tensor) -> tuple[Tensor, Tensor]:
    """Half of the crops get hints, few more often than many.

    Some of those with many get another hue throughout, target and hints alike: hints are to win over
    what the network would have guessed.

    Args:
        chroma: N x 2 x h x w, float, 8-bit units around 0.

    Returns:
        The target, like `chroma`, and the hints, N x 3 x h x w: see `CompactUNet.logits`.
    """
    numbers = _random_numbers(len(chroma), chroma.device)
    turned = _turned(chroma, numbers)
    return turned, torch.cat(_patches(turned, numbers), dim=1)


def _random_numbers(crops: int, device: torch.device) -> Tensor:
    """How many hints each crop gets, on average; log-uniform."""
    numbers = torch.empty(crops, device=device).uniform_(0, math.log(MOST_HINTS)).exp()
    return numbers * (torch.rand(crops, device=device) < PROBABILITY)


def _turned(chroma: Tensor, numbers: Tensor) -> Tensor:
    chance = torch.rand_like(numbers)
    is_turned = (numbers >= FEWEST_WHEN_TURNED) & (chance < TURNED_PROBABILITY)
    angles = torch.rand_like(numbers) * 2 * math.pi * is_turned
    cosine, sine = (part[:, None, None] for part in (angles.cos(), angles.sin()))
    cb, cr = chroma.unbind(1)
    return torch.stack([cosine * cb - sine * cr, sine * cb + cosine * cr], dim=1).clamp(-128, 127)


def _patches(chroma: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """Chroma, N x 2 x h x w, and mask, N x 1 x h x w; where patches overlap, their mean."""
    height, width = chroma.shape[-2:]
    density = numbers / (height * width * len(PATCH_CELLS))
    total = torch.zeros_like(chroma)
    covering = torch.zeros_like(chroma[:, :1])
    for side in PATCH_CELLS:
        centers = (torch.rand_like(covering) < density[:, None, None, None]).float()
        means = avg_pool2d(chroma, side, 1, side // 2, count_include_pad=False)
        total += side**2 * avg_pool2d(centers * means, side, 1, side // 2)
        covering += side**2 * avg_pool2d(centers, side, 1, side // 2)
    covering = covering.round()
    mask = (covering > 0).float()
    return total / covering.clamp(min=1) * mask, mask
