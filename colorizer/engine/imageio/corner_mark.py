"""A small visible mark in the bottom right corner: a disc, half gray and half in colors."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SHARE_OF_SHORTER_SIDE: Final = 0.045
MIN_DIAMETER: Final = 12
OPACITY: Final = 0.85
OVERSAMPLING: Final = 8

RING: Final = (250, 250, 248, 255)
SHADE: Final = (20, 20, 20, 110)
GRAY: Final = (128, 128, 128, 255)
COLORS: Final = ((214, 76, 62, 255), (236, 174, 56, 255), (58, 128, 168, 255))


def draw_corner_mark(pixels: NDArray[Any], alpha: NDArray[Any] | None = None) -> None:
    """Draw the mark into a picture. One that is too small for it gets none.

    Args:
        pixels: H x W x 3, uint8 or uint16; changed in place.
        alpha: H x W, the dtype of `pixels`; made opaque under the mark, in place.
    """
    height, width = pixels.shape[:2]
    diameter = max(MIN_DIAMETER, round(min(width, height) * SHARE_OF_SHORTER_SIDE))
    margin = diameter // 2
    if min(width, height) < diameter + 2 * margin:
        return
    rows = slice(height - margin - diameter, height - margin)
    columns = slice(width - margin - diameter, width - margin)
    white = np.iinfo(pixels.dtype).max
    colors, cover = _mark(diameter)
    under = pixels[rows, columns] / white
    pixels[rows, columns] = (under + (colors - under) * cover) * white + 0.5
    if alpha is not None:
        alpha[rows, columns] = np.maximum(alpha[rows, columns], cover[..., 0] * white + 0.5)


@cache
def _mark(diameter: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Colors (d x d x 3) and cover (d x d x 1), both 0..1."""
    side = diameter * OVERSAMPLING
    mark = Image.new("RGBA", (side, side))
    draw = ImageDraw.Draw(mark)
    draw.ellipse((0, 0, side - 1, side - 1), fill=SHADE)
    draw.ellipse(_inset(side, 0.03), fill=RING)
    disc = _inset(side, 0.13)
    draw.pieslice(disc, 90, 270, fill=GRAY)
    for third, color in enumerate(COLORS):
        draw.pieslice(disc, -90 + 60 * third, -30 + 60 * third, fill=color)
    small = np.asarray(mark.resize((diameter, diameter), Image.Resampling.BOX), np.float32) / 255
    return small[..., :3], small[..., 3:] * OPACITY


def _inset(side: int, share: float) -> tuple[float, float, float, float]:
    return side * share, side * share, side * (1 - share) - 1, side * (1 - share) - 1
