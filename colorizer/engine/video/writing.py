"""Frames in color to a file: luma as it was, chroma planes beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from colorizer.engine.video.description import FilmOptions

ENCODER_THREADS: Final = 2
"""Fixed: x264's results depend on it, and segments shall be the same on every machine."""


def crf_of(quality: int) -> int:
    """x264's constant rate factor: 75 -> 20, 100 -> 12, 1 -> 44."""
    return round(44 - 0.32 * quality)


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """A name beside the target that takes its place when all went well, or vanishes."""
    path = target.with_name(f".unfinished-{target.name}")
    try:
        yield path
        path.replace(target)
    finally:
        path.unlink(missing_ok=True)


class FrameWriter:
    """Encodes frames into one file that holds nothing else."""

    def __init__(self, path: Path, options: FilmOptions, time_base: Fraction) -> None:
        self._time_base = time_base
        self._container: OutputContainer = av.open(
            str(path), "w", format="mp4", options={"movie_timescale": str(time_base.denominator)}
        )
        self._options = options
        self._stream: VideoStream | None = None

    def write(self, luma: NDArray[Any], chroma: NDArray[Any], pts: int, duration: int) -> None:
        height, width = luma.shape
        stream = self._stream or self._begin(width, height)
        planes = np.concatenate([luma.reshape(-1), chroma.reshape(-1)])
        frame = VideoFrame.from_ndarray(planes.reshape(height * 3 // 2, width), "yuv420p")
        frame.pts, frame.time_base, frame.duration = pts, self._time_base, duration
        self._container.mux(stream.encode(frame))

    def _begin(self, width: int, height: int) -> VideoStream:
        stream = self._container.add_stream(
            "libx264", options={"crf": str(crf_of(self._options.quality)), "preset": "veryfast"}
        )
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.time_base = stream.codec_context.time_base = self._time_base
        stream.codec_context.thread_count = ENCODER_THREADS
        self._stream = stream
        return stream

    def close(self) -> None:
        if self._stream is not None:
            self._container.mux(self._stream.encode())
        self._container.close()
