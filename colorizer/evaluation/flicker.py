"""Temporal flicker: how much the colors of a scene change when only the camera or the light does.

One photo stands for a film: its frame is cut out of it, and so are copies seen by a camera that
moved a little, in another light and with another grain. All are colorized on their own; the chroma
of the copies is warped back onto the frame and compared, as in the warping error of Lai et al.,
Learning Blind Video Temporal Consistency (ECCV 2018), section 4, with a motion that is known.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import chroma_of
from colorizer.engine.colorizer import Colorizer

COPIES: Final = 4
SHIFT: Final = 0.02
"""Of the frame's shorter side."""
ZOOM: Final = 0.02
ROTATION: Final = math.radians(1)
MARGIN: Final = 0.07
"""Of the photo's shorter side; wide enough for a copy to stay inside the photo."""
GAMMA: Final = 0.2
BRIGHTNESS: Final = 0.05
NOISE_SIGMA: Final = 0.02
"""Light and noise as shares of full scale; gamma as the half-width of its logarithm."""

Matrix = NDArray[np.float64]
Planes = NDArray[np.float32]


@dataclass(frozen=True)
class Camera:
    """Where a frame of `size` looks: 3 x 3, from pixels of the frame to pixels of the photo."""

    size: tuple[int, int]
    to_photo: Matrix

    def view(self, photo: Image.Image) -> Image.Image:
        return photo.transform(
            self.size,
            Image.Transform.AFFINE,
            _coefficients(self.to_photo),
            Image.Resampling.BICUBIC,
        )


def flicker(colorizer: Colorizer, photo: Image.Image, render_factor: int, seed: int = 0) -> float:
    """Mean absolute difference of Cb and Cr between a frame and its moved copies, 8-bit units.

    Args:
        photo: any mode that Pillow converts to "L".
        seed: of motion, light and noise; the same seed gives the same copies.
    """
    rng = np.random.default_rng(seed)
    gray = photo.convert("L")
    still = still_camera(gray.size)
    wanted = chroma_planes(colorizer.colorize(still.view(gray), render_factor))
    differences = []
    for _ in range(COPIES):
        moved = moved_camera(still, rng)
        copy = relit(moved.view(gray), rng)
        found = chroma_planes(colorizer.colorize(copy, render_factor))
        differences.append(difference(wanted, found, still, moved))
    return float(np.mean(differences))


def still_camera(size: tuple[int, int]) -> Camera:
    """The frame: all of a photo but a margin."""
    margin = math.ceil(MARGIN * min(size))
    frame = (size[0] - 2 * margin, size[1] - 2 * margin)
    return Camera(frame, _translation(margin, margin))


def moved_camera(still: Camera, rng: np.random.Generator) -> Camera:
    """Zoomed and turned about the frame's center, and shifted, all by a little."""
    shift = SHIFT * min(still.size) * rng.uniform(-1, 1, size=2)
    scale, angle = math.exp(ZOOM * rng.uniform(-1, 1)), ROTATION * rng.uniform(-1, 1)
    cosine, sine = scale * math.cos(angle), scale * math.sin(angle)
    turned = np.array([[cosine, -sine, 0], [sine, cosine, 0], [0, 0, 1]])
    x, y = still.size[0] / 2, still.size[1] / 2
    about_center = _translation(x + shift[0], y + shift[1]) @ turned @ _translation(-x, -y)
    return Camera(still.size, still.to_photo @ about_center)


def relit(gray: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Mode "L": another gamma and brightness, and noise."""
    light = np.asarray(gray, dtype=np.float64) / 255
    light = light ** math.exp(GAMMA * rng.uniform(-1, 1)) + BRIGHTNESS * rng.uniform(-1, 1)
    light = light + rng.normal(0, NOISE_SIGMA, light.shape)
    return Image.fromarray((light.clip(0, 1) * 255).round().astype(np.uint8))


def chroma_planes(picture: Image.Image) -> Planes:
    """Mode "RGB" -> 2 x H x W: Cb and Cr around 0, 8-bit units, not rounded."""
    return chroma_of(np.asarray(picture, dtype=np.float32))


def difference(wanted: Planes, found: Planes, still: Camera, moved: Camera) -> float:
    """Mean absolute difference where both cameras looked, after `found` is warped back."""
    to_moved = np.linalg.inv(moved.to_photo) @ still.to_photo
    warped = np.stack([_warped(plane, to_moved) for plane in found])
    inside = _warped(np.ones_like(found[0]), to_moved) > 0.999  # noqa: PLR2004  (rounding)
    return float(np.abs(warped - wanted)[:, inside].mean())


def _warped(plane: Planes, to_source: Matrix) -> Planes:
    picture = Image.fromarray(plane)
    warped = picture.transform(
        picture.size, Image.Transform.AFFINE, _coefficients(to_source), Image.Resampling.BILINEAR
    )
    return np.asarray(warped)


def _coefficients(matrix: Matrix) -> tuple[float, ...]:
    return tuple(matrix[:2].ravel())


def _translation(x: float, y: float) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], dtype=np.float64)
