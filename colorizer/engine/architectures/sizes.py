"""How small a picture becomes before a network sees it."""

from __future__ import annotations

import math
from typing import Final

from colorizer.engine.variants import PIXELS_PER_RENDER_FACTOR

LONGEST_SIDE: Final = 4


def proportional_size(
    width: int, height: int, render_factor: int, multiple: int
) -> tuple[int, int]:
    """Width and height in the picture's proportions, of the area that a render factor stands for.

    The area is that of a square of 16 x render_factor pixels, each side rounded to a multiple. No side is
    longer than 4 times that square's: what is more elongated than 16:1 is squeezed, so that no picture
    needs more memory than others.
    """
    square = PIXELS_PER_RENDER_FACTOR * render_factor
    scale = square / math.sqrt(width * height)
    columns, rows = (
        max(1, round(min(side * scale, LONGEST_SIDE * square) / multiple))
        for side in (width, height)
    )
    return columns * multiple, rows * multiple
