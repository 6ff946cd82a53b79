"""A whole run beside one of new hints on a prepared picture: python -m benchmarks.hints [WEIGHTS]

Render factor 20, two threads, scikit-image's astronaut.png in gray, in several sizes: the network sees each at the
same size, the rest grows with the picture. Best and median of all repetitions, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from PIL import Image
from skimage import data

from colorizer.engine import MAX_HINTS, Colorizer, Hint
from colorizer.engine.model_registry import bundled_weights

RENDER_FACTOR = 20
THREADS = 2
SIDES = (320, 512, 1024, 2048)
COLORS = ((200, 60, 50), (60, 160, 70), (130, 140, 190))


def hints_for(side: int, number: int) -> list[Hint]:
    """All over the picture, each a fiftieth of its side wide."""
    return [
        Hint(index * 37 % side, index * 101 % side, COLORS[index % len(COLORS)], side / 100)
        for index in range(number)
    ]


def milliseconds(work: Callable[[], object], repetitions: int) -> Sequence[float]:
    work()
    taken = []
    for _ in range(repetitions):
        begin = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begin))
    return taken


def write_rows(colorizer: Colorizer, side: int, repetitions: int) -> None:
    reference = Image.fromarray(data.astronaut())
    gray = reference.convert("L").resize((side, side))
    few, many = hints_for(side, 3), hints_for(side, MAX_HINTS)
    prepared = colorizer.prepared(gray, RENDER_FACTOR)
    for name, work in {
        "whole run": lambda: colorizer.colorize(gray, RENDER_FACTOR),
        "whole run, 3 hints": lambda: colorizer.colorize(gray, RENDER_FACTOR, hints=few),
        "prepared, no hints": prepared.colorize,
        "prepared, 3 hints": lambda: prepared.colorize(few),
        f"prepared, {MAX_HINTS} hints": lambda: prepared.colorize(many),
        "prepared, 3 hints, reference": lambda: prepared.colorize(few, reference),
    }.items():
        taken = milliseconds(work, repetitions)
        sys.stdout.write(f"{side:>5} {name:30}{min(taken):8.0f}{statistics.median(taken):8.0f}\n")
        sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="?", default=bundled_weights("artistic"))
    parser.add_argument("--sides", type=int, nargs="+", default=SIDES)
    parser.add_argument("--repetitions", type=int, default=20)
    arguments = parser.parse_args()
    torch.set_num_threads(THREADS)
    colorizer = Colorizer.from_file(arguments.weights)
    sys.stdout.write(f"{'side':>5} {'':30}{'best':>8}{'median':>8}\n")
    for side in arguments.sides:
        write_rows(colorizer, side, arguments.repetitions)


if __name__ == "__main__":
    main()
