"""A 12-megapixel JPEG from file to file, per variant: python -m benchmarks.pipeline

Every variant runs in a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.photographs import gray_jpeg
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.variants import DEFAULT_RENDER_FACTOR, VARIANTS, Variant

REPETITIONS = 5
KIBIBYTES_PER_MEBIBYTE = 1024


class Measurement(NamedTuple):
    """Seconds, but for `peak` (MiB)."""

    load: float
    first: float
    median: float
    decode: float
    network: float
    upsample: float
    encode: float
    peak: float


def phases(colorizer: Colorizer, source: Path, target: Path) -> list[float]:
    """Seconds at which decoding, network, chroma upsampling and encoding were done."""
    begin = time.perf_counter()
    ends: list[float] = []
    colorizer.colorize_file(
        source, target, on_progress=lambda _: ends.append(time.perf_counter() - begin)
    )
    return ends


def measure(variant: Variant, source: Path) -> Measurement:
    begin = time.perf_counter()
    colorizer = Colorizer.for_variant(variant)
    load = time.perf_counter() - begin
    runs = [phases(colorizer, source, source.with_name("result.jpg")) for _ in range(REPETITIONS)]
    decode, network, upsample, encode = sorted(runs[1:], key=lambda ends: ends[-1])[
        len(runs) // 2 - 1
    ]
    return Measurement(
        load=load,
        first=runs[0][-1],
        median=statistics.median(ends[-1] for ends in runs[1:]),
        decode=decode,
        network=network - decode,
        upsample=upsample - network,
        encode=encode - upsample,
        peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES_PER_MEBIBYTE,
    )


def main() -> None:
    out = sys.stdout.write
    out(f"12 megapixels, render factor {DEFAULT_RENDER_FACTOR}; seconds, peak memory in MiB\n")
    out(f"{'variant':10}" + "".join(f"{name:>9}" for name in Measurement._fields) + "\n")
    with TemporaryDirectory() as folder:
        source = Path(folder, "gray.jpg")
        source.write_bytes(gray_jpeg())
        for variant in VARIANTS:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                row = process.submit(measure, variant, source).result()
            out(f"{variant:10}" + "".join(f"{value:9.2f}" for value in row) + "\n")


if __name__ == "__main__":
    main()
