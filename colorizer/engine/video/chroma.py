"""Chroma along the edges of luma, in few steps, and the planes that are written.

As `architectures.compact.chroma_upsampling` does for pictures: around each pixel a line
`chroma = slope * luma + intercept` (He, Sun and Tang, Guided Image Filtering, ECCV 2010). In 4:2:0
chroma has half the luma's size, so that a quarter of its pixels is all there is to make.
"""

from __future__ import annotations

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.engine.video.format import BT709, BT2020, DEEP, FilmFormat, full_range
from colorizer.engine.ycbcr import BLUE_OF_CB, RED_OF_CR

Chroma = NDArray[Any]
FLATNESS: Final = 512.0
"""Variance of luma, squared 8-bit units, below which a neighborhood is taken to be flat."""
WINDOW: Final = (3, 3)
BLUE_AND_RED: Final = {BT709: (1.8556, 1.5748), BT2020: (1.8814, 1.4746)}
"""B - Y and R - Y as multiples of Cb and Cr, by the matrix of the film; BT.601 otherwise."""


def refined(prediction: NDArray[Any], luma: NDArray[Any]) -> Chroma:
    """Bring a prediction to the size of the luma that it was made of, doubling by doubling.

    Args:
        prediction: 2 x y x x, 8-bit units around 0.
        luma: h x w, full range.

    Returns:
        h x w x 2.
    """
    chroma = np.ascontiguousarray(prediction.transpose(1, 2, 0))
    height, width = luma.shape
    gray = _reduced(luma, chroma.shape[1::-1])
    while chroma.shape[:2] != (height, width):
        size = (min(2 * chroma.shape[1], width), min(2 * chroma.shape[0], height))
        slopes, intercepts = lines(gray, chroma)
        gray = _reduced(luma, size)
        chroma = along(gray, slopes, intercepts)
    return chroma


def _reduced(luma: NDArray[Any], size: tuple[int, int]) -> NDArray[Any]:
    return cv2.resize(luma, size, interpolation=cv2.INTER_AREA).astype(np.float32)


def lines(gray: NDArray[Any], chroma: Chroma) -> tuple[Chroma, Chroma]:
    """Slopes and intercepts, h x w x 2 each, through each pixel's own luma and chroma."""
    wide = gray[..., None]
    maps = np.dstack([wide, wide * wide, chroma, chroma * wide])
    means = cv2.boxFilter(maps, -1, WINDOW, borderType=cv2.BORDER_REPLICATE)
    mean, square = means[..., :1], means[..., 1:2]
    slopes = (means[..., 4:] - mean * means[..., 2:4]) / (square - mean * mean + FLATNESS)
    return slopes, chroma - slopes * wide


def along(gray: NDArray[Any], slopes: Chroma, intercepts: Chroma) -> Chroma:
    """The lines at a larger size, applied to its luma."""
    size = gray.shape[1::-1]
    larger = cv2.resize(np.dstack([slopes, intercepts]), size, interpolation=cv2.INTER_LINEAR)
    return gray[..., None] * larger[..., :2] + larger[..., 2:]


def planes(
    luma: NDArray[Any], chroma: Chroma, seen: NDArray[Any], film: FilmFormat
) -> NDArray[Any]:
    """Cb and Cr as they are stored beside a frame's luma: 4:2:0, its depth, range and matrix.

    Args:
        luma: H x W, as it is stored; even sides.
        chroma: h x w x 2, 8-bit units around 0 (BT.601).
        seen: h x w, the luma of that size, full range.

    Returns:
        2 x H/2 x W/2, dtype of `luma`.
    """
    height, width = luma.shape
    half = full_range(
        cv2.resize(luma, (width // 2, height // 2), interpolation=cv2.INTER_AREA), film
    )
    found = along(half.astype(np.float32), *lines(seen.astype(np.float32), chroma))
    blue, red = BLUE_AND_RED.get(film.matrix, (BLUE_OF_CB, RED_OF_CR))
    scale = (4 if film.depth == DEEP else 1) * (1 if film.is_full_range else 224 / 255)
    zero = 128 << film.depth - 8
    stored = np.empty((2, *half.shape), luma.dtype)
    for plane, own in enumerate((BLUE_OF_CB / blue, RED_OF_CR / red)):
        values = found[..., plane] * np.float32(own * scale) + np.float32(zero + 0.5)
        limit = (1 << film.depth) - 1
        np.clip(values, 0, limit, out=values)
        stored[plane] = values
    return stored
