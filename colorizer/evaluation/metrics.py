"""Measures on 8-bit RGB pictures: H x W x 3 uint8 arrays of equal size."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def psnr(painted: Pixels, real: Pixels) -> float:
    """Peak signal-to-noise ratio over all three channels, dB; infinite for equal pictures."""
    squared_error = np.mean((painted.astype(np.float64) - real) ** 2)
    return float(10 * np.log10(255**2 / squared_error)) if squared_error else float("inf")


def colourfulness(pixels: Pixels) -> float:
    """Hasler and Suesstrunk, Measuring Colourfulness in Natural Images (2003), metric M3; 0 is gray."""
    red, green, blue = np.moveaxis(pixels.astype(np.float64), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    centre = np.hypot(red_green.mean(), yellow_blue.mean())
    return float(spread + 0.3 * centre)
