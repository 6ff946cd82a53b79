"""One segment of a film: decode, predict, carry along, join, encode.

The film is decoded twice: first as small as the network sees it, for key frames and motion, which
look ahead; then as it is, frame by frame. So nothing large is held, however far the look goes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final

import cv2
from numpy.typing import NDArray

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.references import reference_of_png
from colorizer.engine.video.chroma import planes
from colorizer.engine.video.description import FilmOptions, Segment, SegmentReport
from colorizer.engine.video.format import FilmFormat, full_range
from colorizer.engine.video.hint_tracks import NO_TRACKS, follow_hints
from colorizer.engine.video.overlapping import behind, prefetched
from colorizer.engine.video.reading import FilmReader, Frame
from colorizer.engine.video.steadiness import (
    CONTEXT_KEYS,
    KEY_SECONDS,
    MOST_BETWEEN,
    Predict,
    Steadied,
)
from colorizer.engine.video.writing import FrameWriter, unfinished, write_render_factor

CONTEXT_SECONDS: Final = CONTEXT_KEYS * KEY_SECONDS
"""What is looked at before and after a segment: six key frames."""
CONTEXT_FRAMES: Final = (CONTEXT_KEYS + 2) * MOST_BETWEEN
"""At most so many of it, however near they are in time: they are in memory together."""


def colorize_segment(  # noqa: PLR0913  (what is done, and how it is followed)
    path: Path,
    segment: Segment,
    options: FilmOptions,
    colorizer: Colorizer,
    target: Path,
    on_progress: Callable[[int], None],
    *,
    check: Callable[[], None] = lambda: None,
) -> SegmentReport:
    """Colorize a segment into a file that `join_segments` takes.

    Args:
        segment: of `plan_segments` with the same options.
        target: takes its name when it is complete; there is nothing else to see meanwhile but one
            hidden file beside it.
        on_progress: called with the frames of this segment that are done, several times a second.
            What it raises ends the work, and nothing is left behind.
        check: as `on_progress`, called by any thread, also while frames before the segment are decoded.

    Returns:
        What was written. Where nothing can be decoded, as in a damaged stretch, there is no file.

    Raises:
        UnreadableFilmError: the film cannot be read.
        HintError, GrayReferenceError, HintsNotTakenError: see `Colorizer.colorize`.
        TooLittleMemoryError: not even the smallest render factor fits.
        OSError: the target cannot be written.
    """
    reader = FilmReader(path, check)
    return _SegmentWork(reader, segment, options, colorizer, on_progress).write(target)


@dataclass(frozen=True)
class _Colored:
    """A frame's timestamp, its luma as the network saw it, and its colors."""

    pts: int
    luma: NDArray[Any]
    chroma: NDArray[Any]


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
        self._used_factor = self._factor
        self._colorizer = colorizer
        self._reference = reference_of_png(options.reference) if options.reference else None

    def write(self, target: Path) -> SegmentReport:
        stamps, lumas = self._seen()
        wanted = self._wanted(stamps)
        if not wanted:
            return SegmentReport(frames=0, network_runs=0)
        steadied = Steadied(
            lumas,
            [float(stamp * self._film.time_base) for stamp in stamps],
            self._predict(stamps),
            self._options.smoothing,
            self._known_cuts(stamps),
            self._tick,
        )
        colors = map(
            _Colored, stamps[wanted.start :], lumas[wanted.start :], steadied.frames(wanted)
        )
        pairs = _paired(self._frames(stamps[wanted[-1]]), colors)
        first = next(pairs, None)
        if first is not None:
            with unfinished(target) as path:
                self._write(path, chain([first], pairs))
        return SegmentReport(self._done, steadied.network_runs)

    def _write(self, path: Path, pairs: Iterator[tuple[Frame, _Colored]]) -> None:
        writer = FrameWriter(path, self._options, self._film)
        try:
            with behind(writer.write) as write:
                for frame, color in pairs:
                    joined = planes(frame.luma, color.chroma, color.luma, self._film)
                    write(frame.luma, joined, frame.pts, frame.duration)
                    self._done += 1
                    self._tick()
            writer.finish()
        except BaseException:
            writer.give_up()
            raise
        write_render_factor(path, self._used_factor)

    def _known_cuts(self, stamps: list[int]) -> list[int]:
        """Nothing of a reference is carried out of its scene, even where less of the film tells where that ends."""
        borders = (self._segment.reference_start, self._segment.reference_end)
        places = (bisect_left(stamps, border) for border in borders if border is not None)
        return [place for place in places if 0 < place < len(stamps)]

    def _predict(self, stamps: list[int]) -> Predict:
        """Of frames with these timestamps."""
        base, tracks = self._film.time_base, NO_TRACKS
        takes_reference = self._segment.takes_reference
        if self._options.hints:
            span = (float(stamps[0] * base), float(stamps[-1] * base))
            seeks = self._segment.seeks
            tracks = follow_hints(self._reader, self._options.hints, span, seeks=seeks)

        def predict(luma: NDArray[Any], index: int) -> NDArray[Any]:
            size = (luma.shape[1], luma.shape[0])
            chroma, used = self._colorizer.predict_chroma(
                luma,
                self._factor,
                hints=tracks.at(stamps[index], size, self._film.shown_size),
                reference=self._reference if takes_reference(stamps[index]) else None,
            )
            self._used_factor = min(self._used_factor, used)
            return chroma

        return predict

    def _tick(self) -> None:
        self._on_progress(self._done)

    def _frames(self, last: int) -> Iterator[Frame]:
        """As they are. Decoding begins where it began before: elsewhere, damage costs other frames."""
        start, _ = self._looked_at
        return prefetched(self._reader.frames(start, last + 1, seeks=self._segment.seeks))

    @property
    def _looked_at(self) -> tuple[int | None, int | None]:
        """Timestamps of the segment and of what is around it: `start` and `end` of its frames."""
        seconds = CONTEXT_SECONDS if self._options.smoothing else 0
        context = round(seconds / self._film.time_base)
        start, end = self._segment.start, self._segment.end
        return None if start is None else start - context, None if end is None else end + context

    def _seen(self) -> tuple[list[int], list[NDArray[Any]]]:
        """Timestamps and small lumas of the segment and of what is around it."""
        start, end = self._looked_at
        size = self._colorizer.frame_size(*self._film.shown_size, self._factor)
        seen: deque[tuple[int, NDArray[Any]]] = deque()
        before = after = 0
        for frame in prefetched(self._reader.frames(start, end, seeks=self._segment.seeks)):
            before += self._is_before(frame.pts)
            after += self._is_after(frame.pts)
            if after > CONTEXT_FRAMES:
                break
            if before > CONTEXT_FRAMES:
                seen.popleft()
                before -= 1
            seen.append((frame.pts, _reduced(frame.luma, size, self._film)))
            self._tick()
        return [pts for pts, _ in seen], [luma for _, luma in seen]

    def _is_before(self, pts: int) -> bool:
        return self._segment.start is not None and pts < self._segment.start

    def _is_after(self, pts: int) -> bool:
        return self._segment.end is not None and pts >= self._segment.end

    def _wanted(self, stamps: list[int]) -> range:
        inside = [
            index
            for index, stamp in enumerate(stamps)
            if not (self._is_before(stamp) or self._is_after(stamp))
        ]
        return range(inside[0], inside[-1] + 1) if inside else range(0)


def _paired(
    frames: Iterator[Frame], colors: Iterator[_Colored]
) -> Iterator[tuple[Frame, _Colored]]:
    """Those of one timestamp: from damaged data, frames are not the same each time."""
    color = next(colors, None)
    for frame in frames:
        while color is not None and color.pts < frame.pts:
            color = next(colors, None)
        if color is not None and color.pts == frame.pts:
            yield frame, color


def _reduced(luma: NDArray[Any], size: tuple[int, int], film: FilmFormat) -> NDArray[Any]:
    is_reduced = size[0] <= luma.shape[1] and size[1] <= luma.shape[0]
    method = cv2.INTER_AREA if is_reduced else cv2.INTER_CUBIC
    return full_range(cv2.resize(luma, size, interpolation=method), film)
