"""How long a training step of `compact` waits for its data: python -m benchmarks.training_data SHARDS...

Forward and backward alone, 24 crops of 128 px, one thread: the losses of a real run make the share of
the data smaller still. The cache is made in a folder that is removed afterwards.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import torch
from torch import nn

from colorizer.engine.architectures.compact.network import CHROMA_STRIDE
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.weights import load_weights
from colorizer.training.cache import Pictures, read_pictures
from colorizer.training.data import Augmentation, ByteBatch, PhotoCrops

SIDE = 128
BATCH_SIZE = 24
WARM_UP_STEPS = 2
MILLISECONDS = 1000


class Seconds(NamedTuple):
    """Of one step."""

    waiting: float
    network: float


def train_step(network: nn.Module, made: ByteBatch) -> None:
    batch = made.decoded(torch.device("cpu"))
    wanted = nn.functional.avg_pool2d(batch.chroma, CHROMA_STRIDE)
    nn.functional.l1_loss(network(batch.degraded[0]), wanted).backward()
    network.zero_grad()


def step_seconds(network: nn.Module, batches: Iterator[ByteBatch], steps: int) -> Seconds:
    for _ in range(WARM_UP_STEPS):
        train_step(network, next(batches))
    waiting = running = 0.0
    for _ in range(steps):
        begin = time.perf_counter()
        batch = next(batches)
        arrived = time.perf_counter()
        train_step(network, batch)
        waiting += arrived - begin
        running += time.perf_counter() - arrived
    return Seconds(waiting / steps, running / steps)


def crops_of(pictures: Pictures) -> PhotoCrops:
    return PhotoCrops(pictures, SIDE, BATCH_SIZE, views=1, augmentation=Augmentation(), seed=1)


def write_row(name: str, seconds: Seconds) -> None:
    share = seconds.waiting / (seconds.waiting + seconds.network)
    waiting, network = (MILLISECONDS * part for part in seconds)
    sys.stdout.write(f"{name:32}{waiting:12.1f}{network:12.1f}{share:10.1%}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shards", type=Path, nargs="+")
    parser.add_argument("--steps", type=int, default=8)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = load_weights(bundled_weights("stable")).network.train().requires_grad_()
    steps = range(WARM_UP_STEPS + arguments.steps)
    with TemporaryDirectory() as cache:
        encoded = crops_of(read_pictures(arguments.shards, None))
        cached = crops_of(read_pictures(arguments.shards, Path(cache)))
        sys.stdout.write(f"{'a step, in ms':32}{'data':>12}{'network':>12}{'data':>10}\n")
        for name, batches in (
            ("JPEG decoding", map(encoded.batch, steps)),
            ("cache", map(cached.batch, steps)),
            ("cache, batches prefetched", cached.batches(steps)),
        ):
            write_row(name, step_seconds(network, batches, arguments.steps))


if __name__ == "__main__":
    main()
