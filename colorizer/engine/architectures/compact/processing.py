"""What `compact` does before and after its network: the photo's proportions, clean edges."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.architectures.compact.chroma_upsampling import upsample_chroma
from colorizer.engine.architectures.compact.hinting import hint_planes, with_hints
from colorizer.engine.architectures.compact.network import SIZE_MULTIPLE
from colorizer.engine.architectures.compact.structure import photograph_share
from colorizer.engine.architectures.sizes import LONGEST_SIDE, proportional_size
from colorizer.engine.color import reduced_luma
from colorizer.engine.hints import Hint


def network_size(width: int, height: int, render_factor: int) -> tuple[int, int]:
    """Width and height of the network's input: see `proportional_size`."""
    return proportional_size(width, height, render_factor, SIZE_MULTIPLE)


def preprocess(pixels: NDArray[Any], render_factor: int) -> Tensor:
    """Reduce to `network_size` and take luma.

    Args:
        pixels: H x W x 1 or H x W x 3 (sRGB), uint8 or uint16.

    Returns:
        1 x 1 x h x w, float32, range 0..1.
    """
    size = network_size(pixels.shape[1], pixels.shape[0], render_factor)
    return torch.from_numpy(reduced_luma(pixels, size, Image.Resampling.BICUBIC))[None, None]


def belief(luma: NDArray[Any]) -> float:
    """How far predictions for a picture are believed, 0..1.

    Less in a picture with little of a photograph in it (see `photograph_share`), and in one that the
    network has seen squeezed (see `network_size`), in the same proportion.

    Args:
        luma: H x W, uint8 or uint16.
    """
    squeezed: float = max(luma.shape) / min(luma.shape) / LONGEST_SIDE**2
    return photograph_share(luma) / max(1, squeezed)


def hinted_chroma(
    luma: NDArray[Any], prediction: Tensor, hints: Sequence[Hint], believed: float
) -> Tensor:
    """The predicted chroma as far as it is believed; and the colors of hints, however little is believed.

    Args:
        luma: H x W, uint8 or uint16.
        prediction: 1 x 2 x h x w, float32: Cb and Cr in 8-bit units around 0.
        hints: in pixels of `luma`.
        believed: see `belief`.

    Returns:
        2 x h x w.
    """
    chroma = prediction[0] * believed
    if not hints:
        return chroma
    planes = hint_planes(hints, luma.shape[::-1], chroma.shape[-2:])
    return with_hints(chroma, torch.from_numpy(planes), luma)


def postprocess(luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
    """The photo's luma with the predicted chroma, upsampled along the luma's edges.

    Args:
        luma: H x W, uint8 or uint16.
        prediction: see `hinted_chroma`.

    Returns:
        H x W x 3, sRGB, dtype of `luma`.
    """
    return postprocess_hinted(luma, prediction, (), belief(luma))


def postprocess_hinted(
    luma: NDArray[Any], prediction: Tensor, hints: Sequence[Hint], believed: float
) -> NDArray[Any]:
    """`postprocess` that keeps the colors of hints. Args: see `hinted_chroma`."""
    return upsample_chroma(luma, hinted_chroma(luma, prediction, hints, believed))


def palette(chroma: NDArray[np.float32], bins: Tensor) -> Tensor:
    """How much of a photo falls to each chroma class.

    Args:
        chroma: 2 x h x w, of the photo, 8-bit units around 0.
        bins: K x 2, the centers of the classes.

    Returns:
        1 x K; the sum is 1.
    """
    pixels = torch.from_numpy(chroma).flatten(1).T
    counts = torch.cdist(pixels, bins).argmin(dim=1).bincount(minlength=len(bins))
    return counts[None] / len(pixels)
