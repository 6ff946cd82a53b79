"""Training pairs made from color photographs on the fly: luma in, chroma as the target."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np
import torch
from PIL import Image, ImageFilter
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from colorizer.degradation.film import Pixels, as_levels
from colorizer.degradation.old_photograph import old_photograph
from colorizer.engine.color import CHROMA_ZERO

FLIP_PROBABILITY: Final = 0.5
ENLARGEMENT: Final = 1.6


@dataclass(frozen=True)
class Augmentation:
    """What happens to the luma alone: the target's chroma stays as it was.

    Probabilities are 0..1; ranges are half-widths around "unchanged".

    old_probability: of a crop to be an old photograph first (`degradation.old_photograph`). The rest is what
        views of one photograph may differ in.
    """

    old_probability: float = 0.4
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


def degrade(luma: Image.Image, augmentation: Augmentation, rng: np.random.Generator) -> Pixels:
    """H x W: the luma in another light, with another lens and other noise."""
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
    return as_levels(pixels.astype(np.float32))


class Batch(NamedTuple):
    """Training pairs.

    degraded: views x N x 1 x H x W, float, 0..1: the network's input, each view degraded anew.
    luma: N x 1 x H x W, float, 0..1: before the views went apart.
    chroma: N x 2 x H x W, float, 8-bit units around 0.
    """

    degraded: Tensor
    luma: Tensor
    chroma: Tensor


class ByteBatch(NamedTuple):
    """A batch as it is made and travels to the device: uint8, chroma with its zero at 128."""

    degraded: Tensor
    luma: Tensor
    chroma: Tensor

    def decoded(self, device: torch.device) -> Batch:
        """On the device."""
        degraded, luma, chroma = (part.to(device, non_blocking=True).float() for part in self)
        return Batch(degraded / 255, luma / 255, chroma - CHROMA_ZERO)


class PhotoCrops(Dataset[ByteBatch]):
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

    def _pair(self, index: int, rng: np.random.Generator) -> ByteBatch:
        crop = random_crop(self.pictures[index], self.side, rng)
        ycbcr = np.array(crop.convert("YCbCr")).transpose(2, 0, 1)
        luma, chroma = ycbcr[:1], ycbcr[1:]
        if rng.random() < self.augmentation.old_probability:
            old = old_photograph(np.asarray(crop), rng)
            luma = as_levels(old.luma)[None]
            chroma[:, old.is_border] = CHROMA_ZERO
        picture = Image.fromarray(luma[0])
        views = [degrade(picture, self.augmentation, rng)[None] for _ in range(self.views)]
        return ByteBatch(*map(torch.from_numpy, (np.stack(views), luma, chroma)))

    def batch(self, step: int) -> ByteBatch:
        rng = np.random.default_rng((self.seed, step, 1))
        pairs = [self._pair(index, rng) for index in self._indices(step)]
        degraded, luma, chroma = zip(*pairs, strict=True)
        return ByteBatch(torch.stack(degraded, dim=1), torch.stack(luma), torch.stack(chroma))

    __getitem__ = batch

    def batches(self, steps: range, *, for_gpu: bool = False) -> Iterator[ByteBatch]:
        """`batch` of each step, prefetched by other processes, which end when the consumer does.

        Args:
            for_gpu: a GPU takes all that the other cores can make; a network on the CPU needs them.
        """
        loader = DataLoader(
            self,
            batch_size=None,
            sampler=steps,
            num_workers=max(1, (os.cpu_count() or 1) - 2) if for_gpu else 1,
            worker_init_fn=_keep_to_one_core,
            pin_memory=for_gpu,
            generator=torch.Generator(),  # the global one is the run's, which a resumed run repeats
        )
        return iter(loader)


def _keep_to_one_core(_worker: int) -> None:
    """As torch does by itself."""
    cv2.setNumThreads(0)
