"""How fast films are made, from file to file, each row in a process of its own.

The first row is what all others are compared with: `deoldify-wide` on each frame, at render factor 21,
with weights by chance, as this engine runs it (how much faster than DeOldify's own code: benchmarks.engine).
"""

from __future__ import annotations

import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import av
import cv2
import numpy as np
import torch
from skimage import data

from colorizer.engine import Colorizer
from colorizer.engine.architectures.deoldify.checkpoints import LAYOUTS
from colorizer.engine.architectures.deoldify.network import DeOldifyUNet
from colorizer.engine.video import FilmOptions, colorize_film

RATE: Final = 25
WIDE: Final = "deoldify-wide"
KIBIBYTES_PER_MEBIBYTE: Final = 1024


@dataclass(frozen=True)
class Case:
    """
    Attributes:
        share: of the frames that are asked for.
    """

    network: str
    render_factor: int
    size: tuple[int, int]
    smoothing: float
    share: float


CASES: Final = (
    Case(WIDE, 21, (640, 480), 0.0, 0.015),
    Case("compact", 20, (640, 480), 0.0, 0.1),
    Case("compact", 20, (640, 480), 0.7, 0.5),
    Case("compact", 20, (1920, 1080), 0.7, 0.25),
)


@dataclass(frozen=True)
class Speed:
    """
    Attributes:
        rate: frames a second.
        core: seconds of a core a frame.
        peak: MiB of the whole process.
        runs: frames that the network saw.
    """

    frames: int
    rate: float
    core: float
    peak: float
    runs: int


def write_speed(frames: int) -> None:
    titles = ("frames", "frames/s", "times", "core s/frame", "runs", "peak MiB")
    sys.stdout.write(f"{'film':14}{'network':15}{'method':16}")
    sys.stdout.write("".join(f"{title:>13}" for title in titles) + "\n")
    slowest = None
    with TemporaryDirectory() as folder:
        for case in CASES:
            source = Path(folder) / f"{case.size[1]}.mp4"
            length = max(2, round(frames * case.share))
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
                processes.submit(write_film, source, case.size, length).result()
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as processes:
                speed = processes.submit(measured, case, source).result()
            slowest = slowest or speed.rate
            method = "key frames" if case.smoothing else "frame by frame"
            sys.stdout.write(
                f"{f'{case.size[0]} x {case.size[1]}':14}{case.network:15}{method:16}"
                f"{speed.frames:13}{speed.rate:13.2f}{speed.rate / slowest:13.1f}"
                f"{speed.core:13.3f}{speed.runs:13}{speed.peak:13.0f}\n"
            )
            sys.stdout.flush()


def write_film(path: Path, size: tuple[int, int], frames: int) -> None:
    """A camera moves over NASA's portrait of Eileen Collins; there is grain."""
    portrait = cv2.cvtColor(data.astronaut(), cv2.COLOR_RGB2GRAY)
    rng = np.random.default_rng(1)
    with av.open(str(path), "w") as result:
        stream = result.add_stream(
            "libx264", rate=RATE, options={"crf": "20", "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index in range(frames):
            side = 300 + 0.8 * index
            view = portrait[: round(side * size[1] / size[0]), round(index * 0.4) :][
                :, : round(side)
            ]
            luma = cv2.resize(view, size, interpolation=cv2.INTER_CUBIC) + rng.normal(
                0, 3, size[::-1]
            )
            gray = np.full((size[1] * 3 // 2, size[0]), 128, np.uint8)
            gray[: size[1]] = luma.clip(0, 255)
            result.mux(stream.encode(av.VideoFrame.from_ndarray(gray, "yuv420p")))
        result.mux(stream.encode())


def measured(case: Case, source: Path) -> Speed:
    colorizer = colorizer_of(case, source.parent)
    options = FilmOptions(render_factor=case.render_factor, smoothing=case.smoothing)
    begin, worked = time.perf_counter(), time.process_time()
    result = source.with_name("result.mp4")
    # What weights by chance predict may be no number.
    with np.errstate(invalid="ignore"):
        report = colorize_film(source, result, options, colorizer, lambda *_: None)
    seconds, worked = time.perf_counter() - begin, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTES_PER_MEBIBYTE
    frames = report.frames
    return Speed(frames, frames / seconds, worked / frames, peak, report.network_runs)


def colorizer_of(case: Case, folder: Path) -> Colorizer:
    if case.network != WIDE:
        return Colorizer.for_variant("video")
    weights = folder / f"{WIDE}.pth"
    torch.save({"model": DeOldifyUNet(LAYOUTS[WIDE]).state_dict()}, weights)
    return Colorizer.from_file(weights)
