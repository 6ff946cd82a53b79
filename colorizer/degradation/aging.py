"""What lenses, prints and years do: vignettes, fading, borders.

Sources: Wilhelm, The Permanence and Care of Color Photographs (1993), and Reilly, Care and
Identification of 19th-Century Photographic Prints (1986), on prints whose highlights yellow and
whose shadows lose density, at the edges first.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from colorizer.degradation.film import Plane

FIELD_POINTS = 3
ENCODING_EXPONENT = 1 / 2.2


def vignetted(plane: Plane, corner_degrees: float) -> Plane:
    """Light falls off by the fourth power of the cosine of the angle to the axis of the lens.

    Args:
        corner_degrees: of the corners; half of the lens's diagonal angle of view.
    """
    height, width = plane.shape
    y, x = np.ogrid[:height, :width]
    squared = ((x - (width - 1) / 2) ** 2 + (y - (height - 1) / 2) ** 2).astype(np.float32)
    corner = max(float(squared[0, 0]), 1.0)
    falloff = (1 + squared / corner * math.tan(math.radians(corner_degrees)) ** 2) ** -2
    darker: Plane = plane * falloff**ENCODING_EXPONENT
    return darker


def faded(plane: Plane, black: float, white: float) -> Plane:
    """Black has risen to `black`, white sunk to `white`, the tones between in proportion."""
    return black + (white - black) * plane


def unevenly_faded(plane: Plane, black: float, white: float, rng: np.random.Generator) -> Plane:
    """`faded`, here more and there less: from not at all to altogether, without a visible edge."""
    points = rng.uniform(0, 1, (FIELD_POINTS, FIELD_POINTS)).astype(np.float32)
    size = plane.shape[::-1]
    share = cv2.resize(points, size, interpolation=cv2.INTER_CUBIC).clip(0, 1)
    mixed: Plane = plane + share * (faded(plane, black, white) - plane)
    return mixed


def bordered(plane: Plane, share: float, value: float) -> Plane:
    """The paper around a print, or the edge of a film, on all four sides.

    Args:
        share: of the shorter side, 0 to 0.5.
        value: of the border, 0 to 1.
    """
    width = round(share * min(plane.shape))
    inner = plane.copy()
    if width:
        inner[:width] = inner[-width:] = value
        inner[:, :width] = inner[:, -width:] = value
    return inner
