"""A photograph as it may come out of a family's album: film, lens, years and scanner together."""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from colorizer.degradation import aging, scanning
from colorizer.degradation.film import RESPONSES, Pixels, Plane, as_levels, on_film
from colorizer.engine.color import CHROMA_ZERO

Mask: TypeAlias = npt.NDArray[np.bool_]


class OldPhotograph(NamedTuple):
    """What is left of a color photograph.

    luma: H x W float32, 0..1.
    is_border: H x W bool: paper or film around the picture, which has no color.
    """

    luma: Plane
    is_border: Mask


EMULSIONS = ("panchromatic", "panchromatic", "orthochromatic", "orthochromatic", "blue-sensitive")
FILTERS = ("yellow filter", "yellow filter", "orange filter", "red filter")
FILTER_PROBABILITY = 0.15
VIGNETTE_PROBABILITY = 0.5
BLUR_PROBABILITY = 0.4
UNEVEN_PROBABILITY = 0.4
BORDER_PROBABILITY = 0.2
BANDING_PROBABILITY = 0.3
SCRATCHES_PROBABILITY = 0.3
SHARPENING_PROBABILITY = 0.4


def old_photograph(rgb: Pixels, rng: np.random.Generator) -> OldPhotograph:
    """The same for the same generator state. Args: rgb: H x W x 3 uint8, sRGB."""
    plane = on_film(rgb, RESPONSES[_response(rng)])
    plane = _through_the_lens(plane, rng)
    plane = _printed(plane, rng)
    plane, is_border = _framed(plane, rng)
    return OldPhotograph(_scanned(plane, rng).clip(0, 1), is_border)


def gray_and_truth(real: Image.Image, rng: np.random.Generator) -> tuple[Image.Image, Image.Image]:
    """An old photograph of a color picture, and what it should look like in color.

    Args:
        real: mode "RGB".

    Returns:
        Mode "L"; mode "RGB", the real chroma (BT.601, as Pillow has it) with the old luma.
    """
    old = old_photograph(np.asarray(real), rng)
    luma = Image.fromarray(as_levels(old.luma))
    chroma = np.asarray(real.convert("YCbCr"))[..., 1:].copy()
    chroma[old.is_border] = CHROMA_ZERO
    planes = (luma, *(Image.fromarray(chroma[..., band].copy()) for band in range(2)))
    return luma, Image.merge("YCbCr", planes).convert("RGB")


def _response(rng: np.random.Generator) -> str:
    names = FILTERS if rng.random() < FILTER_PROBABILITY else EMULSIONS
    return str(rng.choice(names))


def _through_the_lens(plane: Plane, rng: np.random.Generator) -> Plane:
    if rng.random() < VIGNETTE_PROBABILITY:
        plane = aging.vignetted(plane, rng.uniform(10, 35))
    if rng.random() < BLUR_PROBABILITY:
        plane = scanning.blurred(plane, rng.uniform(0.3, 1.5))
    return scanning.grainy(plane, rng.uniform(0, 1.2), rng.uniform(0, 0.08), rng)


def _printed(plane: Plane, rng: np.random.Generator) -> Plane:
    black, white = rng.uniform(0, 0.3), rng.uniform(0.7, 1)
    if rng.random() < UNEVEN_PROBABILITY:
        return aging.unevenly_faded(plane, black, white, rng)
    return aging.faded(plane, black, white)


def _framed(plane: Plane, rng: np.random.Generator) -> tuple[Plane, Mask]:
    if rng.random() >= BORDER_PROBABILITY:
        return plane, np.zeros(plane.shape, np.bool_)
    share = rng.uniform(0.02, 0.08)
    value = rng.choice([rng.uniform(0, 0.1), rng.uniform(0.8, 1)])
    is_border = aging.bordered(np.zeros_like(plane), share, 1) == 1
    return aging.bordered(plane, share, float(value)), is_border


def _scanned(plane: Plane, rng: np.random.Generator) -> Plane:
    if rng.random() < BANDING_PROBABILITY:
        plane = scanning.banded(plane, rng.uniform(0, 0.02), rng)
    if rng.random() < SCRATCHES_PROBABILITY:
        plane = scanning.scratched(plane, int(rng.integers(1, 8)), rng)
    if rng.random() < SHARPENING_PROBABILITY:
        plane = scanning.sharpened(plane, rng.uniform(0.5, 2), rng.uniform(0.2, 1))
    return scanning.as_jpeg(plane, int(rng.integers(40, 96)))
