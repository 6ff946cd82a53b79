"""Measures on 8-bit RGB pictures: H x W x 3 uint8 arrays of equal size."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from colorizer.engine.color import chroma_of

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

SSIM_WINDOW: Final = 11
SSIM_SIGMA: Final = 1.5
SSIM_C1: Final = (0.01 * 255) ** 2
SSIM_C2: Final = (0.03 * 255) ** 2


def psnr(colorized: Pixels, real: Pixels) -> float:
    """Peak signal-to-noise ratio over all three channels, dB; infinite for equal pictures."""
    squared_error = np.mean((colorized.astype(np.float64) - real) ** 2)
    return float(10 * np.log10(255**2 / squared_error)) if squared_error else float("inf")


def chroma_psnr(colorized: Pixels, real: Pixels) -> float:
    """`psnr` of Cb and Cr alone (JPEG's, 8-bit units): what luma the pictures have does not count."""
    squared_error = np.mean((_chroma(colorized) - _chroma(real)) ** 2)
    return float(10 * np.log10(255**2 / squared_error)) if squared_error else float("inf")


def _chroma(pixels: Pixels) -> Floats:
    chroma: Floats = chroma_of(pixels.astype(np.float64))
    return chroma


def ssim(colorized: Pixels, real: Pixels) -> float:
    """Mean structural similarity of R, G and B, -1..1; 1 for equal pictures.

    Source: Wang et al., Image Quality Assessment: From Error Visibility to Structural Similarity
    (2004), section III: Gaussian window of 11 x 11 with sigma 1.5, where it lies in the picture.

    Raises:
        ValueError: a side is shorter than the window.
    """
    if min(colorized.shape[:2]) < SSIM_WINDOW:
        raise ValueError(f"SSIM needs pictures of at least {SSIM_WINDOW} pixels a side.")
    x, y = colorized.astype(np.float64), real.astype(np.float64)
    mean_x, mean_y, mean_xx, mean_yy, mean_xy = map(_windowed, (x, y, x * x, y * y, x * y))
    product, squares = mean_x * mean_y, mean_x**2 + mean_y**2
    luminance = (2 * product + SSIM_C1) / (squares + SSIM_C1)
    structure = (2 * (mean_xy - product) + SSIM_C2) / (mean_xx + mean_yy - squares + SSIM_C2)
    return float((luminance * structure).mean())


def _windowed(plane: Floats) -> Floats:
    """H x W x C -> (H - 10) x (W - 10) x C: Gaussian means, rows first."""
    offsets = np.arange(SSIM_WINDOW) - SSIM_WINDOW // 2
    weights = np.exp(-(offsets**2) / (2 * SSIM_SIGMA**2))
    weights /= weights.sum()
    height, width = (side - SSIM_WINDOW + 1 for side in plane.shape[:2])
    rows = sum(weight * plane[top : top + height] for top, weight in enumerate(weights))
    means: Floats = sum(
        weight * rows[:, left : left + width] for left, weight in enumerate(weights)
    )
    return means


def colorfulness(pixels: Pixels) -> float:
    """Hasler and Suesstrunk, Measuring Colourfulness in Natural Images (2003), metric M3; 0 is gray."""
    red, green, blue = np.moveaxis(pixels.astype(np.float64), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    center = np.hypot(red_green.mean(), yellow_blue.mean())
    return float(spread + 0.3 * center)
