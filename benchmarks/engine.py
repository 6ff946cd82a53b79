"""Networks side by side, as DeOldify's own code and as the engine runs them: python -m benchmarks.engine

    python -m benchmarks.engine FILE.pth... --render-factors 16 35

Without files, DeOldify's networks get random weights. Every row runs in processes of its own, the two
forms in turns. The arithmetic limit is the time that the counted operations of the plain network take
at the best rate measured in the same run: of float32 matrix products, or of a large 3x3 convolution
by torch. Winograd's method needs fewer operations, so that more than 100 % is possible.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from skimage import data
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.architectures.deoldify.checkpoints import LAYOUTS
from colorizer.engine.architectures.deoldify.network import DeOldifyUNet
from colorizer.engine.color import luma_of
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.weights import convert, load_weights

KIBIBYTES_PER_MEBIBYTE = 1024
GIGA = 1e9
REPETITIONS = 2
WARM_UP_RENDER_FACTOR = 8


class Measurement(NamedTuple):
    seconds: float
    peak: float  # MiB of the whole process, weights and libraries included
    flops: int
    picture: NDArray[Any]


def best_seconds(work: Callable[[], object], repetitions: int) -> float:
    seconds = []
    for _ in range(repetitions):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return min(seconds)


@torch.inference_mode()
def rates() -> dict[str, float]:
    """Operations a second of the two that networks are made of."""
    square = torch.randn(2048, 2048)
    channels = 304
    rows = torch.randn(1, channels, 70, 560).to(memory_format=torch.channels_last)
    weight = torch.randn(channels, channels, 3, 3).to(memory_format=torch.channels_last)
    convolve = partial(nn.functional.conv2d, rows, weight, padding=1)
    return {
        "matrix product": 2 * 2048**3 / best_seconds(lambda: square @ square, 8),
        "3x3 convolution": 18 * channels**2 * 70 * 560 / best_seconds(convolve, 8),
    }


def plain_network(weights: Path) -> tuple[Architecture, nn.Module]:
    """In the layout of the checkpoints, norms computed at every call."""
    if weights.suffix == ".safetensors":
        loaded = load_weights(weights)
        return loaded.architecture, loaded.network
    architecture = load_weights(weights).architecture
    network = DeOldifyUNet(LAYOUTS[architecture.name])
    network.load_state_dict(torch.load(weights, weights_only=True)["model"])
    return architecture, network.eval()


def fast_network(weights: Path) -> tuple[Architecture, nn.Module]:
    loaded = load_weights(weights)
    return loaded.architecture, loaded.architecture.optimize(loaded.network, torch.device("cpu"))


@torch.inference_mode()
def measure(
    build: Callable[[Path], tuple[Architecture, nn.Module]], weights: Path, render_factor: int
) -> Measurement:
    architecture, network = build(weights)
    photograph = data.astronaut()
    network(architecture.preprocess(photograph, WARM_UP_RENDER_FACTOR))
    batch = architecture.preprocess(photograph, render_factor)
    seconds = best_seconds(lambda: network(batch), REPETITIONS)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES_PER_MEBIBYTE
    picture = architecture.postprocess(luma_of(photograph), network(batch))
    with FlopCounterMode(display=False) as counter:
        network(batch)
    return Measurement(seconds, peak, counter.get_total_flops(), picture)


def psnr(one: NDArray[Any], other: NDArray[Any]) -> float:
    """Decibels; infinite for equal pictures."""
    squares = (one.astype(float) - other.astype(float)) ** 2
    return float(10 * np.log10(255**2 / squares.mean())) if squares.any() else float("inf")


def in_its_own_process(work: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
        return processes.submit(work, *arguments).result()


def random_weights(folder: Path) -> list[Path]:
    files = []
    for architecture, layout in LAYOUTS.items():
        files.append(folder / f"{architecture}.pth")
        torch.save({"model": DeOldifyUNet(layout).state_dict()}, files[-1])
    return files


def write_row(weights: Path, render_factor: int, folder: Path, rate: float) -> None:
    installed = weights
    if weights.suffix != ".safetensors":
        installed = folder / f"{weights.stem}.safetensors"
        if not installed.exists():
            in_its_own_process(convert, weights, installed, "artistic")
    plain: Measurement = in_its_own_process(measure, plain_network, weights, render_factor)
    fast: Measurement = in_its_own_process(measure, fast_network, installed, render_factor)
    limit = plain.flops / rate
    sys.stdout.write(
        f"{weights.stem:20}{render_factor:4}{plain.flops / GIGA:9.0f}"
        f"{plain.seconds:9.2f}{fast.seconds:9.2f}{plain.seconds / fast.seconds:8.2f}x"
        f"{limit / plain.seconds:9.0%}{limit / fast.seconds:9.0%}"
        f"{plain.peak:9.0f}{fast.peak:9.0f}{fast.peak / plain.peak:8.0%}"
        f"{psnr(plain.picture, fast.picture):9.1f}\n"
    )
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "weights", type=Path, nargs="*", help="DeOldify's .pth or safetensors files"
    )
    parser.add_argument("--render-factors", type=int, nargs="+", default=[16, 35])
    arguments = parser.parse_args()
    measured = in_its_own_process(rates)
    for name, rate in measured.items():
        sys.stdout.write(f"{name}: {rate / GIGA:.0f} GFLOP/s\n")
    sys.stdout.write(
        f"{'':24}{'':9}{'seconds':>18}{'':9}{'of the limit':>18}{'peak MiB':>18}\n"
        f"{'weights':20}{'rf':>4}{'GFLOP':>9}{'plain':>9}{'engine':>9}{'ratio':>9}"
        f"{'plain':>9}{'engine':>9}{'plain':>9}{'engine':>9}{'ratio':>8}{'PSNR dB':>9}\n"
    )
    with TemporaryDirectory() as folder:
        files = arguments.weights or [*random_weights(Path(folder)), bundled_weights("artistic")]
        for weights, render_factor in product(files, arguments.render_factors):
            write_row(weights, render_factor, Path(folder), max(measured.values()))


if __name__ == "__main__":
    main()
