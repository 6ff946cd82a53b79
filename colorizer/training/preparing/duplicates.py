"""Pictures that look alike: a perceptual hash, and a search among all hashes so far."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

FREQUENCIES: Final = 8
SAMPLES: Final = 32
NEAR_BITS: Final = 9
"""Hamming distance up to which two pictures are taken for the same."""

_DCT: Final = np.cos(
    np.pi / (2 * SAMPLES) * np.outer(np.arange(FREQUENCIES), 2 * np.arange(SAMPLES) + 1)
)
_MIRROR: Final = (-1.0) ** np.arange(FREQUENCIES)


class PerceptualHash(NamedTuple):
    """64 bits of a picture and of its mirror image."""

    upright: int
    mirrored: int


def perceptual_hash(picture: Image.Image) -> PerceptualHash:
    """Signs of the 8 x 8 lowest DCT coefficients of 32 x 32 luma, against their median.

    Source: Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions (2010), 3.2.1.
    """
    small = picture.convert("L").resize((SAMPLES, SAMPLES), Image.Resampling.LANCZOS)
    coefficients = _DCT @ np.asarray(small, dtype=np.float64) @ _DCT.T
    return PerceptualHash(_bits(coefficients), _bits(coefficients * _MIRROR))


def _bits(coefficients: npt.NDArray[np.float64]) -> int:
    is_above = coefficients > np.median(coefficients)
    return int.from_bytes(np.packbits(is_above).tobytes())


class PictureHashes:
    """The hashes of the pictures kept so far.

    Every new one is compared with all of them at once: at 100,000 pictures that takes less time
    than decoding one.
    """

    def __init__(self) -> None:
        self._hashes = np.empty(1024, dtype=np.uint64)
        self._count = 0

    def add(self, new: PerceptualHash) -> bool:
        """Whether no picture so far looks like it, mirrored or not; only then it is added."""
        kept = self._hashes[: self._count]
        if any((np.bitwise_count(kept ^ np.uint64(bits)) <= NEAR_BITS).any() for bits in new):
            return False
        if self._count == len(self._hashes):
            self._hashes = np.resize(self._hashes, 2 * self._count)
        self._hashes[self._count] = new.upright
        self._count += 1
        return True
