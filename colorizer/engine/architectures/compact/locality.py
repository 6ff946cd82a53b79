"""Where a hint counts: at what looks to the network like the place that it is at, and not in all of the picture.

The network takes a hint also for a hint at the light, the print or the fashion of a photo: one blue coat turns
skies and other clothes blue, too. People who set a hint mean a thing. What hints change is therefore kept in places
whose features, without any hints, are like those under a hint, less with distance; as colors are carried by likeness
of features in He et al., Deep Exemplar-based Colorization (SIGGRAPH 2018). The more so, the more a hint differs from
what the network says itself: what fits the photo may well tell of all of it.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn.functional import normalize

UNLIKE: Final = 0.3
LIKE: Final = 0.7
"""Cosine similarity of features: up to UNLIKE a place has nothing to do with a hint, from LIKE on it belongs to it."""
REACH: Final = 0.8
"""Of the longer side: at this distance a hint counts 0.6 times as much (one standard deviation)."""
FITTING: Final = 10.0
SURPRISING: Final = 30.0
"""Between the chroma of a hint and the network's own, 8-bit units: up to FITTING a hint counts everywhere."""
MOST_PLACES: Final = 64
"""Hinted cells that are compared: of many, some stand for the others."""


def hint_shares(features: Tensor, chroma: Tensor, hints: Tensor) -> Tensor:
    """How far what hints change counts at each cell.

    Args:
        features: N x C x h x w, of the decoder, without hints.
        chroma: N x 2 x h x w, what the network says without hints, 8-bit units around 0.
        hints: N x 3 x h x w, see `CompactUNet.logits`.

    Returns:
        N x 1 x h x w, 0..1; 1 where a hint is.
    """
    mask = hints[:, 2:] > 0
    shares = torch.stack([_shares(*each) for each in zip(features, mask[:, 0], strict=True)])
    differences = ((hints[:, :2] - chroma) * mask).norm(dim=1).amax(dim=(1, 2))
    surprise = ((differences - FITTING) / (SURPRISING - FITTING)).clamp(0, 1)
    counted: Tensor = 1 - surprise[:, None, None, None] * (1 - shares[:, None])
    return counted


def _shares(features: Tensor, hinted: Tensor) -> Tensor:
    """C x h x w and h x w -> h x w."""
    rows, columns = hinted.shape
    places = hinted.nonzero()
    if not len(places):
        return torch.zeros_like(hinted, dtype=features.dtype)
    if len(places) > MOST_PLACES:
        chosen = torch.linspace(0, len(places) - 1, MOST_PLACES, device=places.device)
        places = places[chosen.round().long()]
    directions = normalize(features.flatten(1), dim=0)
    own = directions.unflatten(1, hinted.shape)[:, places[:, 0], places[:, 1]]
    likeness = (own.T @ directions - UNLIKE) / (LIKE - UNLIKE)
    likeness = likeness.clamp(0, 1)
    likeness = likeness * likeness * (3 - 2 * likeness)
    shares = (likeness * _nearness(places, rows, columns)).amax(dim=0)
    return torch.where(hinted, 1.0, shares.unflatten(0, hinted.shape))


def _nearness(places: Tensor, rows: int, columns: int) -> Tensor:
    """n x (h * w): how much a hint at each place counts in each cell by distance alone."""
    cells = torch.cartesian_prod(
        torch.arange(rows, device=places.device), torch.arange(columns, device=places.device)
    )
    distances = torch.cdist(places.float(), cells.float()) / max(rows, columns)
    return torch.exp(-distances.square() / (2 * REACH**2))
