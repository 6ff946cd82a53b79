"""Color difference as people see it: CIEDE2000 between 8-bit sRGB pictures.

Source: Sharma, Wu and Dalal, The CIEDE2000 Color-Difference Formula: Implementation Notes (Color
Research and Application, 2005), equations 2 to 22, with all parametric factors 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from colorizer.degradation.film import linear_by_level
from colorizer.evaluation.metrics import Floats, Pixels

SRGB_TO_XYZ: Final = np.array(
    [
        [0.412453, 0.357580, 0.180423],
        [0.212671, 0.715160, 0.072169],
        [0.019334, 0.119193, 0.950227],
    ]
)
"""ITU-R BT.709 primaries, D65 (IEC 61966-2-1)."""
D65_WHITE: Final = np.array([0.95047, 1.0, 1.08883])
CHROMA_KNEE: Final = 25.0**7


def ciede2000(colorized: Pixels, real: Pixels) -> float:
    """Mean over the pixels; 0 is equal, about 1 is just noticeable side by side."""
    return float(delta_e(lab(colorized), lab(real)).mean())


def lab(pixels: Pixels) -> Floats:
    """H x W x 3 uint8 sRGB -> H x W x 3: CIE L*, a*, b* (CIE 15, D65, 2 degrees)."""
    xyz = linear_by_level()[pixels] @ (SRGB_TO_XYZ / D65_WHITE[:, None]).T
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz * (29 / 6) ** 2 / 3 + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def delta_e(first: Floats, second: Floats) -> Floats:
    """Color differences of two ... x 3 arrays of L*, a*, b*; float64, 0 or more."""
    chroma = [np.hypot(lab[..., 1], lab[..., 2]) for lab in (first, second)]
    stretch = 1.5 - 0.5 * _knee((chroma[0] + chroma[1]) / 2)
    c1, h1 = _chroma_and_hue(first, stretch)
    c2, h2 = _chroma_and_hue(second, stretch)
    turn = np.where(c1 * c2 == 0, 0.0, (h2 - h1 + 180) % 360 - 180)
    lightness, saturation = second[..., 0] - first[..., 0], c2 - c1
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn) / 2)

    mean_lightness, mean_c = (first[..., 0] + second[..., 0]) / 2, (c1 + c2) / 2
    mean_h = np.where(c1 * c2 == 0, h1 + h2, _mean_hue(h1, h2))
    offset = (mean_lightness - 50) ** 2
    scaled_lightness = lightness / (1 + 0.015 * offset / np.sqrt(20 + offset))
    scaled_saturation = saturation / (1 + 0.045 * mean_c)
    scaled_hue = hue / (1 + 0.015 * mean_c * _hue_weight(mean_h))
    squares = scaled_lightness**2 + scaled_saturation**2 + scaled_hue**2
    rotated = _rotation(mean_c, mean_h) * scaled_saturation * scaled_hue
    return np.asarray(np.sqrt((squares + rotated).clip(min=0)))


def _knee(chroma: Floats) -> Floats:
    return np.sqrt(chroma**7 / (chroma**7 + CHROMA_KNEE))


def _chroma_and_hue(lab: Floats, stretch: Floats) -> tuple[Floats, Floats]:
    """C' and h' (degrees, 0..360; 0 for gray) after a* is stretched."""
    a, b = lab[..., 1] * stretch, lab[..., 2]
    return np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360


def _mean_hue(h1: Floats, h2: Floats) -> Floats:
    """The hue half-way on the shorter arc; degrees, 0..360."""
    is_across_zero = np.abs(h1 - h2) > 180  # noqa: PLR2004  (half a turn)
    return np.where(is_across_zero, (h1 + h2 + 360) / 2 % 360, (h1 + h2) / 2)


def _hue_weight(hue: Floats) -> Floats:
    """T of equation 15."""
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    cosines = [weight * np.cos(np.radians(times * hue + shift)) for weight, times, shift in terms]
    return np.asarray(1 + np.sum(cosines, axis=0))


def _rotation(chroma: Floats, hue: Floats) -> Floats:
    """R_T of equation 21: hue and chroma are not independent among blues."""
    angle = 60 * np.exp(-(((hue - 275) / 25) ** 2))
    return np.asarray(-2 * _knee(chroma) * np.sin(np.radians(angle)))
