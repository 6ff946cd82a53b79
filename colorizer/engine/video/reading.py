"""Frames of a film, upright, with exact timestamps: luma only, since its colors are not looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from colorizer.engine.video.opening import damaged, opened, video_stream


@dataclass(frozen=True)
class Frame:
    """One frame.

    Attributes:
        pts, duration: in units of the stream's time base.
        luma: H x W, uint8 (8 bits) or uint16 (10 bits in the low bits), the film's own range.
    """

    pts: int
    duration: int
    luma: NDArray[Any]


def read_frames(path: Path) -> Iterator[Frame]:
    """All frames in the order in which they are shown.

    Raises:
        UnreadableFilmError: see `opened` and `video_stream`; the film is damaged.
    """
    with opened(path) as container:
        stream = video_stream(container)
        stream.thread_type = "AUTO"
        usual = usual_duration(stream)
        expected = None
        try:
            for frame in container.decode(stream):
                pts = frame.pts if frame.pts is not None else expected
                if pts is None:
                    pts = 0
                if expected is not None and pts < expected - usual + 1:
                    pts = expected
                duration = frame.duration or usual
                expected = pts + duration
                yield Frame(pts, duration, luma_of_frame(frame))
        except av.error.FFmpegError as error:
            raise damaged(error) from error


def usual_duration(stream: VideoStream) -> int:
    """Of a frame, in units of the time base, at least 1."""
    rate = stream.average_rate or stream.guessed_rate or Fraction(25)
    return max(1, round(1 / (rate * (stream.time_base or Fraction(1, 90000)))))


def luma_of_frame(frame: VideoFrame) -> NDArray[Any]:
    """Turned upright."""
    gray = frame if frame.format.name in ("yuv420p", "gray") else frame.reformat(format="yuv420p")
    plane = gray.planes[0]
    luma = np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
    return np.ascontiguousarray(np.rot90(luma, frame.rotation // 90))
