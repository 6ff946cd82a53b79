"""How bright the colors of a scene are on film, by the light that its emulsion sees.

Sources: Mees and James, The Theory of the Photographic Process (3rd edition, 1966), chapter 12, on
blue-sensitive, orthochromatic and panchromatic emulsions; Kodak, Photographic Filters Handbook
(B-3), transmission of the Wratten filters 8, 21 and 25. Their curves, integrated over the bands in
which sRGB's primaries lie (about 400-500, 500-590 and 590-680 nm), give the weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Plane = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]

RESPONSES: Final[Mapping[str, tuple[float, float, float]]] = {
    "panchromatic": (0.33, 0.40, 0.27),
    "orthochromatic": (0.03, 0.52, 0.45),
    "blue-sensitive": (0.00, 0.12, 0.88),
    "yellow filter": (0.42, 0.51, 0.07),
    "orange filter": (0.63, 0.36, 0.01),
    "red filter": (0.94, 0.06, 0.00),
}
"""Shares of linear R, G and B; each adds up to 1, so that gray keeps its brightness."""
LINEAR_KNEE: Final = 0.0031308
ENCODED_KNEE: Final = 0.04045
"""Below, sRGB's curve is a straight line (IEC 61966-2-1)."""
LINEAR_LUMA: Final = (0.2126, 0.7152, 0.0722)
"""ITU-R BT.709: what a light meter sees."""


def on_film(rgb: Pixels, response: tuple[float, float, float]) -> Plane:
    """The scene on an emulsion, exposed as a light meter says: its mean light stays the same.

    Args:
        rgb: H x W x 3 uint8, sRGB.
        response: shares of linear R, G and B, such as RESPONSES has.
    """
    linear = linear_by_level().astype(np.float32)[rgb]
    light = linear @ np.array(response, dtype=np.float32)
    metered = float((linear @ np.array(LINEAR_LUMA, dtype=np.float32)).mean())
    mean = float(light.mean())
    return encoded(light * (metered / mean) if mean else light)


def encoded(linear: Plane) -> Plane:
    """Linear light, clipped to 0..1, in the encoding of sRGB (IEC 61966-2-1)."""
    light = linear.clip(0, 1)
    curve = np.where(light <= LINEAR_KNEE, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return curve.astype(np.float32)


def as_levels(plane: Plane) -> Pixels:
    """The nearest of 256 levels. Args: plane: 0..1, clipped here."""
    levels: Pixels = np.rint(plane.clip(0, 1) * 255).astype(np.uint8)
    return levels


@cache
def linear_by_level() -> npt.NDArray[np.float64]:
    """Light of the 256 levels of sRGB, 0..1 (IEC 61966-2-1)."""
    levels = np.arange(256) / 255
    return np.where(levels > ENCODED_KNEE, ((levels + 0.055) / 1.055) ** 2.4, levels / 12.92)
