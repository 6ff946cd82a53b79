"""One segment of a film: decode, predict, carry along, join, encode.

The film is decoded twice: first as small as the network sees it, for key frames and motion, which
look ahead; then as it is, frame by frame. So nothing large is held, however far the look goes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
from numpy.typing import NDArray

from colorizer.engine.architectures.compact.processing import network_size
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.video.chroma import planes
from colorizer.engine.video.description import FilmOptions, Segment
from colorizer.engine.video.format import FilmFormat, full_range
from colorizer.engine.video.overlapping import ahead, behind
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.steadiness import KEY_SECONDS, Steadied
from colorizer.engine.video.writing import FrameWriter, unfinished

CONTEXT_SECONDS: Final = 6 * KEY_SECONDS
"""What is looked at before and after a segment: six key frames."""


def colorize_segment(
    path: Path,
    segment: Segment,
    options: FilmOptions,
    colorizer: Colorizer,
    target: Path,
    on_progress: Callable[[int], None],
) -> int:
    """Colorize a segment into a file that `join_segments` takes.

    Args:
        segment: of `plan_segments` with the same options.
        target: takes its name when it is complete; there is nothing else to see meanwhile but one
            hidden file beside it.
        on_progress: called with the frames of this segment that are done, several times a second.
            What it raises ends the work, and nothing is left behind.

    Returns:
        How often the network ran.

    Raises:
        UnreadableFilmError: the film is damaged.
        TooLittleMemoryError: not even the smallest render factor fits.
        OSError: the target cannot be written.
    """
    work = _SegmentWork(FilmReader(path), segment, options, colorizer, on_progress)
    with unfinished(target) as unfinished_path:
        return work.write(unfinished_path)


class _SegmentWork:
    def __init__(
        self,
        reader: FilmReader,
        segment: Segment,
        options: FilmOptions,
        colorizer: Colorizer,
        on_progress: Callable[[int], None],
    ) -> None:
        self._reader, self._segment, self._options = reader, segment, options
        self._film = reader.film
        self._done = 0
        self._on_progress = on_progress
        self._factor = options.render_factor or colorizer.default_render_factor
        self._predict = partial(colorizer.predict_chroma, render_factor=self._factor)

    def write(self, path: Path) -> int:
        stamps, lumas = self._seen()
        wanted = self._wanted(stamps)
        steadied = Steadied(
            lumas,
            [float(stamp * self._film.time_base) for stamp in stamps],
            self._predict,
            self._options.smoothing,
            self._tick,
        )
        writer = FrameWriter(path, self._options, self._film)
        try:
            self._write_frames(writer, steadied, wanted, lumas)
            writer.finish()
        except BaseException:
            writer.give_up()
            raise
        return steadied.network_runs

    def _write_frames(
        self,
        writer: FrameWriter,
        steadied: Steadied,
        wanted: range,
        lumas: list[NDArray[Any]],
    ) -> None:
        start, end, seeks = self._segment.start, self._segment.end, self._segment.seeks
        frames = ahead(self._reader.frames(start, end, seeks=seeks))
        colors = steadied.frames(wanted)
        with behind(writer.write) as write:
            for frame, chroma, index in zip(frames, colors, wanted, strict=True):
                joined = planes(frame.luma, chroma, lumas[index], self._film)
                write(frame.luma, joined, frame.pts, frame.duration)
                self._done += 1
                self._tick()

    def _tick(self) -> None:
        self._on_progress(self._done)

    def _seen(self) -> tuple[list[int], list[NDArray[Any]]]:
        """Timestamps and small lumas of the segment and of what is around it."""
        context = round(CONTEXT_SECONDS / self._film.time_base) if self._options.smoothing else 0
        start, end = self._segment.start, self._segment.end
        first = None if start is None else start - context
        last = None if end is None else end + context
        size = network_size(*self._film.shown_size, self._factor)
        stamps, lumas = [], []
        for frame in ahead(self._reader.frames(first, last, seeks=self._segment.seeks)):
            stamps.append(frame.pts)
            lumas.append(_reduced(frame.luma, size, self._film))
            self._tick()
        return stamps, lumas

    def _wanted(self, stamps: list[int]) -> range:
        start, end = self._segment.start, self._segment.end
        inside = [
            index
            for index, stamp in enumerate(stamps)
            if (start is None or stamp >= start) and (end is None or stamp < end)
        ]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def _reduced(luma: NDArray[Any], size: tuple[int, int], film: FilmFormat) -> NDArray[Any]:
    is_reduced = size[0] <= luma.shape[1] and size[1] <= luma.shape[0]
    method = cv2.INTER_AREA if is_reduced else cv2.INTER_CUBIC
    return full_range(cv2.resize(luma, size, interpolation=method), film)
