"""Frames in color to a file: luma as it was, chroma planes beside it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from colorizer.engine.files import UNFINISHED
from colorizer.engine.video.description import FilmOptions
from colorizer.engine.video.format import DEEP, FilmFormat
from colorizer.engine.video.opening import address

ENCODER_THREADS: Final = 2
"""Fixed: the results of encoders depend on it, and segments shall be the same on every machine."""
LOOKAHEAD: Final = 20
"""Frames that x264 holds back; its own default of 40 takes 130 MB more at 1080p."""


RENDER_FACTOR_BOX: Final = b"\0\0\0\x09free"
"""At the end of a segment's file, before one byte; players skip such a box (ISO/IEC 14496-12, 8.1.2)."""


def write_render_factor(path: Path, render_factor: int) -> None:
    """Say in a segment's file for which render factor there was memory: known when all frames are written."""
    with path.open("ab") as file:
        file.write(RENDER_FACTOR_BOX + bytes([render_factor]))


def render_factor_of(path: Path) -> int:
    """Of a segment's file."""
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read()[0]


def crf_of(quality: int) -> int:
    """The constant rate factor of x264: 75 -> 19, 100 -> 11, 1 -> 43."""
    return round(43 - 0.32 * quality)


def encoder_of(options: FilmOptions) -> tuple[str, dict[str, str]]:
    """The encoder's name and its options."""
    crf = crf_of(options.quality)
    if options.container == "webm":
        speed = {"deadline": "good", "cpu-used": "5", "row-mt": "1"}
        return "libvpx-vp9", {"crf": str(crf + 10), "b": "0", **speed}
    return "libx264", {"crf": str(crf), "preset": "veryfast", "rc-lookahead": str(LOOKAHEAD)}


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """A name beside the target that takes its place when all went well, or vanishes.

    Raises:
        OSError: no space, no right, no folder.
    """
    path = target.with_name(f"{UNFINISHED}{os.getpid()}-{uuid4().hex}")
    try:
        yield path
        with path.open("r+b") as file:
            os.fsync(file.fileno())
        path.replace(target)
    except av.error.FFmpegError as error:
        if error.errno and error.errno > 0 and not isinstance(error, OSError):
            raise OSError(error.errno, os.strerror(error.errno)) from error
        raise
    finally:
        path.unlink(missing_ok=True)


class FrameWriter:
    """Encodes frames into one MP4 file that holds nothing else and keeps timestamps exactly."""

    def __init__(self, path: Path, options: FilmOptions, film: FilmFormat) -> None:
        self._film = film
        units = str(film.time_base.denominator)
        self._container: OutputContainer = av.open(
            address(path), "w", format="mp4", options={"movie_timescale": units}
        )
        self._stream = self._begin(options)
        self._durations: dict[int, int] = {}

    def _begin(self, options: FilmOptions) -> VideoStream:
        film = self._film
        name, settings = encoder_of(options)
        stream: Any = self._container.add_stream(name, rate=None, options=settings)
        context = stream.codec_context
        stream.width, stream.height = film.width, film.height
        context.sample_aspect_ratio = film.sample_aspect_ratio
        if options.container == "webm":
            # PyAV does not hand the shape of pixels to its WebM: frames are brought to square ones.
            stream.width = film.shown_size[0] + film.shown_size[0] % 2
            context.sample_aspect_ratio = Fraction(1)
        self._pixel_format = "yuv420p10le" if film.depth == DEEP else "yuv420p"
        # PyAV brings frames to the encoder's format: its libvpx has 8 bits only.
        stream.pix_fmt = "yuv420p" if options.container == "webm" else self._pixel_format
        stream.time_base = context.time_base = film.time_base
        stream.color_range = 2 if film.is_full_range else 1
        stream.colorspace = film.matrix
        stream.color_primaries, stream.color_trc = film.primaries, film.transfer
        context.thread_count = ENCODER_THREADS
        found: VideoStream = stream
        return found

    def write(self, luma: NDArray[Any], chroma: NDArray[Any], pts: int, duration: int) -> None:
        """The next frame: H x W, 2 x H/2 x W/2."""
        height, width = luma.shape
        stored = np.concatenate([luma.reshape(-1), chroma.reshape(-1)])
        frame = VideoFrame.from_ndarray(stored.reshape(height * 3 // 2, width), self._pixel_format)
        frame.pts, frame.time_base = pts, self._film.time_base
        self._durations[pts] = duration
        self._mux(frame)

    def finish(self) -> None:
        """Write what the encoder holds back, and the index."""
        self._mux(None)
        self._container.close()

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            if packet.pts is not None:
                packet.duration = self._durations.pop(packet.pts, packet.duration)
            self._container.mux(packet)

    def give_up(self) -> None:
        """Close the file, which is of no use."""
        self._container.close()
