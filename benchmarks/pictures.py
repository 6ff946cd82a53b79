"""Reading, luma, chroma upsampling and writing of large pictures, without a network: python -m benchmarks.pictures

Every row runs in a process of its own; its peak is what the process grew by. Formats and megapixels
can be chosen: python -m benchmarks.pictures .jpg .png --megapixels 12 200
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from pillow_heif import register_heif_opener

from colorizer.engine.architectures.compact.chroma_upsampling import upsample_chroma
from colorizer.engine.color import eight_bit, luma_of, sixteen_bit
from colorizer.engine.imageio.formats import HIGH_DEPTH, SUFFIXES, SaveOptions, bits_of_result
from colorizer.engine.imageio.metadata import Metadata
from colorizer.engine.imageio.provenance import Provenance
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.imageio.writing import write_picture

KINDS = ("gray", "color", "color 16 bit", "color, turned")
PROVENANCE = Provenance("Tintype", "benchmark", None, "none", "0" * 64, 20)
CHROMA = torch.randn(2, 80, 80, generator=torch.Generator().manual_seed(1)) * 20
KIBIBYTE = 1024
TURNED = 6


class Measurement(NamedTuple):
    read: float
    upsample: float
    write: float
    peak: float  # bytes a pixel
    size: float  # bytes a pixel, of the result's file


def photograph(megapixels: float, kind: str) -> NDArray[Any]:
    """Smooth colors with grain, 4:3."""
    height = round((megapixels * 1e6 * 3 / 4) ** 0.5)
    size = (round(height * 4 / 3), height)
    low = np.random.default_rng(1).integers(30, 220, (48, 64, 3), dtype=np.uint8)
    pixels = np.array(Image.fromarray(low).resize(size, Image.Resampling.BICUBIC))
    grain = np.random.default_rng(2).integers(-8, 9, (256, size[0], 1), dtype=np.int16)
    for top in range(0, height, 256):
        strip = pixels[top : top + 256]
        strip[:] = (strip + grain[: len(strip)]).clip(0, 255)
    if kind == "gray":
        return np.repeat(pixels[..., 1:2], 3, axis=2)
    return sixteen_bit(pixels) if kind.endswith("16 bit") else pixels


def make_source(path: Path, megapixels: float, kind: str) -> None:
    register_heif_opener()
    pixels = photograph(megapixels, kind)
    if kind == "gray":
        Image.fromarray(pixels[..., 0].copy()).save(path, quality=92)
    elif kind == "color, turned":
        exif = Image.Exif()
        exif[0x0112] = TURNED
        Image.fromarray(pixels).save(path, quality=92, exif=exif)
    else:
        write_picture(pixels, None, path, SaveOptions(), PROVENANCE, Metadata())


def colorize(source: Path, destination: Path) -> list[float]:
    """Seconds at which reading, upsampling and writing were done."""
    begin = time.perf_counter()
    picture = read_picture(source)
    luma, metadata = luma_of(picture.pixels), picture.metadata
    del picture
    if bits_of_result(destination, SaveOptions(), 16) < HIGH_DEPTH:
        luma = eight_bit(luma)
    ends = [time.perf_counter() - begin]
    result = upsample_chroma(luma, CHROMA)
    del luma
    ends.append(time.perf_counter() - begin)
    write_picture(result, None, destination, SaveOptions(), PROVENANCE, metadata)
    return [*ends, time.perf_counter() - begin]


def peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE


def measure(source: Path, small: Path, suffix: str, pixels: float) -> Measurement:
    torch.set_num_threads(1)
    destination = source.with_name(f"result{suffix}")
    colorize(small, destination)  # whatever is loaded on first use
    before = peak_bytes()
    read, upsampled, written = colorize(source, destination)
    grown = peak_bytes() - before
    size = destination.stat().st_size
    return Measurement(read, upsampled - read, written - upsampled, grown / pixels, size / pixels)


def row(suffix: str, megapixels: float, kind: str) -> Measurement:
    with TemporaryDirectory() as folder:
        source_suffix = {"color 16 bit": ".tif", "color, turned": ".jpg"}.get(kind, suffix)
        source, small = (Path(folder, f"{name}{source_suffix}") for name in ("source", "small"))
        for path, size in ((source, megapixels), (small, 0.1)):
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                process.submit(make_source, path, size, kind).result()
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(measure, source, small, suffix, megapixels * 1e6).result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suffixes", nargs="*", default=[*SUFFIXES])
    parser.add_argument("--megapixels", type=float, nargs="+", default=[12, 200])
    parser.add_argument("--kinds", nargs="+", default=["gray", "color"], choices=KINDS)
    options = parser.parse_args()
    out = sys.stdout.write
    out(f"{'':24}{'MP':>6}" + "".join(f"{name:>8}" for name in Measurement._fields) + "\n")
    for suffix in options.suffixes:
        for kind in options.kinds:
            for megapixels in options.megapixels:
                found = row(suffix, megapixels, kind)
                figures = "".join(f"{value:8.2f}" for value in found)
                out(f"{suffix:6}{kind:18}{megapixels:6g}{figures}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()
