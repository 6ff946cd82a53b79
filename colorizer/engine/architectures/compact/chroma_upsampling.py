"""Guided chroma upsampling: chroma brought to full resolution along the edges of the luma.

Around every chroma pixel a line `chroma = slope * luma + intercept` is fitted, as in the guided
filter (He, Sun and Tang, Guided Image Filtering, ECCV 2010, section 3.1). The line goes through the
pixel's own luma and chroma instead of being averaged with its neighbors', so that smooth regions
keep the colors that were predicted. Size is doubled step by step, and the lines are fitted anew at
each size; those of the last size are applied to the full-resolution luma (as in He and Sun, Fast
Guided Filter, 2015).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from colorizer.engine.ycbcr import BLUE_OF_CB, LUMA_OF_RGB, RED_OF_CR

Luma = TypeVar("Luma", np.uint8, np.uint16)

FLATNESS: Final = 512.0
"""Variance of luma, squared 8-bit units, below which a neighborhood is taken to be flat."""
LINES_PIXELS: Final = 600_000
"""Doubling ends at this size: lines are smooth, and fitting them costs memory and time."""
STRIP_PIXELS: Final = 128_000
"""Small enough for the temporary planes of a strip to stay in the processor's cache."""


@torch.inference_mode()
def upsample_chroma(luma: npt.NDArray[Luma], chroma: Tensor) -> npt.NDArray[Luma]:
    """Bring low-resolution chroma to full-resolution luma without bleeding over its edges.

    JPEG's YCbCr (ITU-T T.871): the luma of the result is the luma given, as far as RGB can hold it.

    Args:
        luma: H x W, uint8 or uint16 (full range), C-contiguous, any size.
        chroma: 2 x h x w, float, Cb and Cr in 8-bit units around 0, of the whole picture.

    Returns:
        H x W x 3, sRGB, the dtype of `luma`.
    """
    full_scale = np.iinfo(luma.dtype).max
    scale = full_scale / 255
    slopes, intercepts = _lines(luma, chroma.float().cpu(), scale)
    lines = _as_red_and_blue(torch.stack([slopes, intercepts * scale]))
    of_red, of_green, of_blue = LUMA_OF_RGB
    result = np.empty((*luma.shape, 3), luma.dtype)
    for rows, (slope, intercept) in _upsampled_strips(lines, luma.shape):
        gray = torch.from_numpy(luma[rows].astype(np.float32))
        red, blue = torch.addcmul(intercept, slope, gray)
        green = red.mul(-of_red / of_green).sub_(blue, alpha=of_blue / of_green)
        colors = [plane.add_(gray).add_(0.5).clamp_(0, full_scale) for plane in (red, green, blue)]
        np.stack(colors, axis=-1, out=result[rows], casting="unsafe")
    return result


def _lines(luma: npt.NDArray[Luma], chroma: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    """Slopes and intercepts for Cb and Cr, each 2 x h x w, at the last of the doubled sizes."""
    height, width = (min(sides) for sides in zip(luma.shape, chroma.shape[-2:], strict=True))
    chroma = _resized(chroma, (height, width))
    gray, *finer_grays = _luma_pyramid(luma, (height, width), scale)
    slopes = _slopes(gray, chroma)
    for finer in finer_grays:
        maps = _resized(torch.cat([chroma, slopes, gray]), finer.shape[-2:])
        chroma, slopes, gray = maps[:2], maps[2:4], maps[4:]
        chroma = torch.addcmul(chroma, slopes, finer - gray)
        gray, slopes = finer, _slopes(finer, chroma)
    return slopes, chroma - slopes * gray


def _luma_pyramid(luma: npt.NDArray[Luma], smallest: tuple[int, int], scale: float) -> list[Tensor]:
    """Luma of each size, 1 x h x w in 8-bit units, from `smallest` doubled as often as it may be."""
    height, width = smallest
    doublings = 0
    while (
        (height << doublings + 1) <= luma.shape[0]
        and (width << doublings + 1) <= luma.shape[1]
        and (height * width << 2 * (doublings + 1)) <= LINES_PIXELS
    ):
        doublings += 1
    size = (width << doublings, height << doublings)
    largest = Image.fromarray(luma).resize(size, Image.Resampling.BOX)
    pyramid = [torch.from_numpy(np.asarray(largest, dtype=np.float32) / np.float32(scale))[None]]
    for _ in range(doublings):
        pyramid.insert(0, avg_pool2d(pyramid[0], 2))
    return pyramid


def _resized(maps: Tensor, size: Sequence[int]) -> Tensor:
    """Bicubic; C x h x w in, C x size out."""
    return interpolate(maps[None], size=tuple(size), mode="bicubic", antialias=True)[0]


def _slopes(gray: Tensor, chroma: Tensor) -> Tensor:
    """Least-squares slopes of chroma over luma in windows of 3 x 3; 2 x h x w."""
    maps = torch.cat([gray, chroma, gray * gray, gray * chroma])
    means = avg_pool2d(maps, 3, stride=1, padding=1, count_include_pad=False)
    mean_gray, mean_chroma, mean_square, mean_product = means[:1], means[1:3], means[3:4], means[4:]
    variance = torch.addcmul(mean_square, mean_gray, mean_gray, value=-1).clamp_(min=0)
    covariance = torch.addcmul(mean_product, mean_gray, mean_chroma, value=-1)
    return covariance / (variance + FLATNESS)


def _as_red_and_blue(lines: Tensor) -> Tensor:
    """Lines for Cb and Cr, 2 x 2 x h x w, become those for R - Y and B - Y."""
    return lines.flip(1) * torch.tensor([RED_OF_CR, BLUE_OF_CB])[:, None, None]


def _upsampled_strips(lines: Tensor, shape: tuple[int, ...]) -> Iterator[tuple[slice, Tensor]]:
    """Bilinear, strip by strip: rows of the picture and their lines, 2 x 2 x rows x width."""
    height, width = shape
    low_height, low_width = lines.shape[-2:]
    step = max(1, STRIP_PIXELS // width)
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        centers = (torch.arange(rows.start, rows.stop) + 0.5) * (low_height / height) - 0.5
        centers.clamp_(0, low_height - 1)
        above = centers.long()
        below = (above + 1).clamp_(max=low_height - 1)
        strip = torch.lerp(lines[:, :, above], lines[:, :, below], (centers - above)[:, None])
        wide = interpolate(strip.view(1, -1, low_width), size=width, mode="linear")
        yield rows, wide.view(2, 2, -1, width)
