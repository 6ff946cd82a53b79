"""What emulsion, enlarger, scanner and file format do to the fine structure.

Sources: Selwyn, A Theory of Graininess (Photographic Journal, 1935), and Newson, Faraj, Galerne and
Delon, Realistic Film Grain Rendering (IPOL, 2017), on grain; ISO 21550 (2004) on scanners.
"""

from __future__ import annotations

import cv2
import numpy as np

from colorizer.degradation.film import Plane, as_levels

SCRATCH_SHARE = 0.6
"""Of the height, at most."""


def blurred(plane: Plane, sigma: float) -> Plane:
    """A Gaussian. Args: sigma: pixels, above 0."""
    return np.asarray(cv2.GaussianBlur(plane, (0, 0), sigma), dtype=np.float32)


def sharpened(plane: Plane, sigma: float, amount: float) -> Plane:
    """An unsharp mask: `amount` times what a blur of `sigma` pixels takes away is added."""
    return plane + amount * (plane - blurred(plane, sigma))


def grainy(plane: Plane, sigma: float, strength: float, rng: np.random.Generator) -> Plane:
    """Grain, strongest in the middle tones: clear film has none, black hides it.

    Args:
        sigma: of a grain, pixels; 0 is noise without a size.
        strength: its standard deviation in middle gray, 0 to 1.
    """
    noise = rng.standard_normal(plane.shape, np.float32)
    if sigma:
        noise = blurred(noise, sigma)
        noise /= max(float(noise.std()), 1e-6)
    clipped = plane.clip(0, 1)
    grained: Plane = plane + strength * 2 * np.sqrt(clipped * (1 - clipped)) * noise
    return grained


def banded(plane: Plane, strength: float, rng: np.random.Generator) -> Plane:
    """Elements of the scanner's line that see more or less light than their neighbors."""
    gains = 1 + strength * rng.standard_normal(plane.shape[1], np.float32)
    striped: Plane = plane * gains
    return striped


def scratched(plane: Plane, number: int, rng: np.random.Generator) -> Plane:
    """Dust and vertical scratches, one pixel wide, light or dark."""
    marked = plane.copy()
    height, width = plane.shape
    for _ in range(number):
        length = int(rng.integers(1, max(2, int(height * SCRATCH_SHARE))))
        top, left = int(rng.integers(0, height)), int(rng.integers(0, width))
        marked[top : top + length, left] = rng.choice([0.05, 0.95])
    return marked


def as_jpeg(plane: Plane, quality: int) -> Plane:
    """Encoded and decoded as a gray baseline JPEG. Args: quality: 1 to 100, as libjpeg has it."""
    _, encoded = cv2.imencode(".jpg", as_levels(plane), [cv2.IMWRITE_JPEG_QUALITY, quality])
    decoded = cv2.imdecode(encoded, cv2.IMREAD_GRAYSCALE)
    return np.asarray(decoded, dtype=np.float32) / np.float32(255)
