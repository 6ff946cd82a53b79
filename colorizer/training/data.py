"""Training pairs made from color photographs on the fly: luma in, chroma as the target."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor

from colorizer.training.prefetch import prefetched

FLIP_PROBABILITY: Final = 0.5
ENLARGEMENT: Final = 1.6
PREFETCHED_BATCHES: Final = 4


@dataclass(frozen=True)
class Augmentation:
    """What old photographs suffer from, applied to the luma alone: the target stays as it was.

    Probabilities are 0..1; ranges are half-widths around "unchanged".
    """

    gamma: float = 0.3
    contrast: float = 0.2
    brightness: float = 0.05
    blur_probability: float = 0.1
    noise_probability: float = 0.2
    noise_sigma: float = 0.04


def random_crop(picture: Image.Image, side: int, rng: np.random.Generator) -> Image.Image:
    """A random square, at most enlarged by ENLARGEMENT where the picture is large enough."""
    longest = min(picture.size)
    crop = rng.uniform(min(side / ENLARGEMENT, longest), longest)
    left = rng.uniform(0, picture.width - crop)
    top = rng.uniform(0, picture.height - crop)
    box = (left, top, left + crop, top + crop)
    resized = picture.resize((side, side), Image.Resampling.BILINEAR, box=box)
    if rng.random() < FLIP_PROBABILITY:
        return resized.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return resized


def degrade(luma: Image.Image, augmentation: Augmentation, rng: np.random.Generator) -> Tensor:
    """1 x H x W float, 0..1: the luma as an old photograph might have kept it."""
    if rng.random() < augmentation.blur_probability:
        luma = luma.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.2)))
    pixels = np.asarray(luma, dtype=np.float32) / 255
    pixels **= math.exp(rng.uniform(-augmentation.gamma, augmentation.gamma))
    contrast = 1 + rng.uniform(-augmentation.contrast, augmentation.contrast)
    brightness = rng.uniform(-augmentation.brightness, augmentation.brightness)
    pixels = (pixels - 0.5) * contrast + 0.5 + brightness
    if rng.random() < augmentation.noise_probability:
        sigma = rng.uniform(0, augmentation.noise_sigma)
        pixels += sigma * rng.standard_normal(pixels.shape, np.float32)
    return torch.from_numpy(pixels.clip(0, 1))[None]


@dataclass(frozen=True)
class Batch:
    """Training pairs.

    degraded: views x N x 1 x H x W, float, 0..1: the network's input, each view degraded anew.
    luma: N x 1 x H x W, float, 0..1: not degraded.
    chroma: N x 2 x H x W, float, 8-bit units around 0.
    """

    degraded: Tensor
    luma: Tensor
    chroma: Tensor


class PhotoCrops:
    """Random training batches, the same ones for the same seed and step (so that runs resume)."""

    def __init__(
        self,
        pictures: Sequence[Image.Image],
        side: int,
        batch_size: int,
        views: int,
        augmentation: Augmentation,
        seed: int,
    ) -> None:
        self.pictures = pictures
        self.side = side
        self.batch_size = batch_size
        self.views = views
        self.augmentation = augmentation
        self.seed = seed

    def _indices(self, step: int) -> list[int]:
        """Every picture once per epoch, in an order of the epoch's own."""
        first_epoch, start = divmod(step * self.batch_size, len(self.pictures))
        epochs = 1 + (start + self.batch_size - 1) // len(self.pictures)
        order = [
            np.random.default_rng((self.seed, first_epoch + epoch)).permutation(len(self.pictures))
            for epoch in range(epochs)
        ]
        indices: list[int] = np.concatenate(order)[start : start + self.batch_size].tolist()
        return indices

    def _pair(self, index: int, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        crop = random_crop(self.pictures[index], self.side, rng)
        ycbcr = crop.convert("YCbCr")
        luma = ycbcr.getchannel("Y")
        views = [degrade(luma, self.augmentation, rng) for _ in range(self.views)]
        channels = torch.from_numpy(np.array(ycbcr)).permute(2, 0, 1).float()
        return torch.stack(views), channels[:1] / 255, channels[1:] - 128

    def batch(self, step: int) -> Batch:
        rng = np.random.default_rng((self.seed, step, 1))
        pairs = [self._pair(index, rng) for index in self._indices(step)]
        degraded, luma, chroma = zip(*pairs, strict=True)
        return Batch(torch.stack(degraded, dim=1), torch.stack(luma), torch.stack(chroma))

    def batches(self, steps: range) -> Generator[Batch, None, None]:
        """`batch` of each step, prefetched by threads, which end when the consumer does."""
        return prefetched(
            ThreadPoolExecutor(PREFETCHED_BATCHES), self.batch, steps, PREFETCHED_BATCHES
        )
