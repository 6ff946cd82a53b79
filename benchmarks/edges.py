"""How far color bleeds over edges: python -m benchmarks.edges PHOTOS_TAR [--first N]

The chroma of color photographs is made small by each ratio and brought back, bilinear, bicubic and
by the engine's chroma upsampling; then the same with the chroma that the bundled network predicts. Everything is
done in 16 bit, so that no measure is of rounding.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate, max_pool2d

from colorizer.engine.architectures.compact.chroma_upsampling import upsample_chroma
from colorizer.engine.architectures.compact.processing import preprocess
from colorizer.engine.color import UNIT_OF_16_BITS, chroma_of
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.variants import Variant
from colorizer.engine.weights import load_weights
from colorizer.engine.ycbcr import BLUE_OF_CB, GREEN_OF_CB, GREEN_OF_CR, RED_OF_CR
from colorizer.evaluation.metrics import colorfulness, psnr
from colorizer.shards import read_shards

RATIOS = (4, 8, 16, 32)
RENDER_FACTORS = (8, 12, 16, 20)
VARIANT: Variant = "stable"
STRONG_EDGE_PERCENTILE = 90
EDGE_REACH = 3
FLAT_DISTANCE = 8

Floats = npt.NDArray[np.float64]
Upsampling = Callable[[npt.NDArray[np.uint8], Tensor], Floats]


class Measures(NamedTuple):
    """RMSE of Cb and Cr and noise in 8-bit units, `psnr` of RGB in dB.

    `edges` is within EDGE_REACH pixels of luma gradients over the photo's 90th percentile; `noise`
    is the standard deviation of chroma after a 5 x 5 mean is taken away, farther than
    FLAT_DISTANCE pixels from them.
    """

    edges: float
    all: float
    noise: float
    psnr: float
    colorfulness: float


def plain_upsampling(mode: str) -> Upsampling:
    def upsample(luma: npt.NDArray[np.uint8], chroma: Tensor) -> Floats:
        upsampled = interpolate(chroma[None], size=luma.shape, mode=mode, antialias=True)[0]
        cb, cr = upsampled.numpy().astype(np.float64)
        offsets = np.stack(
            [RED_OF_CR * cr, GREEN_OF_CB * cb + GREEN_OF_CR * cr, BLUE_OF_CB * cb], axis=-1
        )
        result: Floats = np.clip(luma[..., None] + offsets, 0, 255)
        return result

    return upsample


def guided_upsampling(luma: npt.NDArray[np.uint8], chroma: Tensor) -> Floats:
    return upsample_chroma(luma.astype(np.uint16) * UNIT_OF_16_BITS, chroma) / UNIT_OF_16_BITS


UPSAMPLINGS: dict[str, Upsampling] = {
    "bilinear": plain_upsampling("bilinear"),
    "bicubic": plain_upsampling("bicubic"),
    "guided": guided_upsampling,
}


def grown(where: npt.NDArray[np.bool_], reach: int) -> npt.NDArray[np.bool_]:
    spots = torch.from_numpy(where).float()[None]
    return max_pool2d(spots, 2 * reach + 1, stride=1, padding=reach)[0].numpy() > 0


class Photo:
    def __init__(self, content: bytes) -> None:
        with Image.open(io.BytesIO(content)) as opened:
            self.rgb = np.asarray(opened.convert("RGB"))
        self.luma = np.asarray(Image.fromarray(self.rgb).convert("L"))
        self.chroma = chroma_of(self.rgb.astype(np.float64))
        gradient = np.hypot(*np.gradient(self.luma.astype(np.float64)))
        strong = gradient >= np.percentile(gradient, STRONG_EDGE_PERCENTILE)
        self.edges = grown(strong, EDGE_REACH)
        self.flat = ~grown(strong, FLAT_DISTANCE)

    def small_chroma(self, ratio: int) -> Tensor:
        size = [max(1, round(side / ratio)) for side in self.luma.shape]
        chroma = torch.from_numpy(self.chroma).float()
        return interpolate(chroma[None], size=size, mode="area")[0]

    def measured(self, upsample: Upsampling, chroma: Tensor) -> Measures:
        result = upsample(self.luma, chroma)
        found = chroma_of(result)
        squared_error = np.mean((found - self.chroma) ** 2, axis=0)
        rounded = np.round(result).astype(np.uint8)
        return Measures(
            edges=float(np.sqrt(squared_error[self.edges].mean())),
            all=float(np.sqrt(squared_error.mean())),
            noise=noise(found, self.flat),
            psnr=psnr(rounded, self.rgb),
            colorfulness=colorfulness(rounded),
        )


def noise(chroma: Floats, where: npt.NDArray[np.bool_]) -> float:
    """Of photos without any flat place: not a number."""
    if not where.any():
        return float("nan")
    means = avg_pool2d(torch.from_numpy(chroma), 5, stride=1, padding=2, count_include_pad=False)
    fine = chroma - means.numpy()
    return float(np.sqrt(np.mean(fine[:, where] ** 2)))


def table(photos: list[Photo], chroma_for: Callable[[Photo], Tensor]) -> Iterator[str]:
    measures: dict[str, list[Measures]] = {name: [] for name in UPSAMPLINGS}
    for photo in photos:
        chroma = chroma_for(photo)
        for name, upsample in UPSAMPLINGS.items():
            measures[name].append(photo.measured(upsample, chroma))
    yield f"{'':10}" + "".join(f"{name:>14}" for name in Measures._fields)
    for name, rows in measures.items():
        yield f"{name:10}" + "".join(f"{mean:14.3f}" for mean in np.nanmean(rows, axis=0))


@torch.inference_mode()
def predicted_chroma(network: nn.Module, render_factor: int, photo: Photo) -> Tensor:
    prediction: Tensor = network(preprocess(photo.luma[..., None], render_factor))
    return prediction[0]


def tables(photos: list[Photo]) -> Iterator[str]:
    for ratio in RATIOS:
        yield f"\nTrue chroma made {ratio} times smaller"
        yield from table(photos, partial(Photo.small_chroma, ratio=ratio))
    network = load_weights(bundled_weights(VARIANT)).network
    for factor in RENDER_FACTORS:
        yield f"\nPredicted chroma ({VARIANT}), render factor {factor}"
        yield from table(photos, partial(predicted_chroma, network, factor))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--first", type=int, help="only so many photos")
    arguments = parser.parse_args()
    photos = [Photo(content) for content in read_shards([arguments.photos])[: arguments.first]]
    sys.stdout.write(f"{len(photos)} photos; means over photos\n")
    for line in tables(photos):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
