"""The scene of a moment, from the cut before it to the cut after it, however long it is."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any, Final

import cv2
from numpy.typing import NDArray

from colorizer.engine.video.format import FilmFormat, full_range
from colorizer.engine.video.reading import FilmReader, Frame
from colorizer.engine.video.scenes import AROUND, LOOKED_AT, cuts
from colorizer.engine.video.steadiness import FLOW_PIXELS
from colorizer.engine.video.timeline import Timeline

NEIGHBORS: Final = AROUND + 1
"""Frames before and after one that tell whether it begins a scene."""
LOOKED_THROUGH: Final = 256
"""Frames that are in memory together, very small."""


def scene_at(reader: FilmReader, times: Timeline, seconds: float) -> tuple[int | None, int | None]:
    """Timestamps of the first frame of the scene, and of the first one after it; None where the film begins or ends.

    Args:
        seconds: from the beginning of the film.

    Raises:
        UnreadableFilmError: the film cannot be read.
    """
    stamps = times.stamps
    moment = stamps[0] + math.floor(seconds / times.time_base + 0.5)
    own = max(0, bisect_right(stamps, moment) - 1)
    end = next(_cuts(reader, times, own + 1, len(stamps)), None)
    return _last_cut(reader, times, own + 1), end


def _last_cut(reader: FilmReader, times: Timeline, stop: int) -> int | None:
    """Back from the moment, each time twice as far; from the beginning where nothing can be sought."""
    number = LOOKED_THROUGH if times.is_reliable else len(times.stamps)
    while stop > 0:
        first = max(0, stop - number)
        if found := [*_cuts(reader, times, first, stop)]:
            return found[-1]
        stop, number = first, 2 * number
    return None


def _cuts(reader: FilmReader, times: Timeline, first: int, stop: int) -> Iterator[int]:
    """Timestamps of those of the frames that begin a scene, as if the whole film were looked at at once."""
    begin, end = _stamp(times, first), _stamp(times, stop)
    if begin is None:
        return
    start = _stamp(times, first - NEIGHBORS) if first > NEIGHBORS else None
    seen: list[int] = []
    looks: list[NDArray[Any]] = []
    frames = reader.frames(start, _stamp(times, stop + NEIGHBORS), seeks=times.is_reliable)
    for frame in frames:
        if len(looks) == LOOKED_THROUGH:
            known = seen[-NEIGHBORS]
            yield from _between(begin, known if end is None else min(known, end), seen, looks)
            begin = max(begin, known)
            del seen[: -2 * NEIGHBORS], looks[: -2 * NEIGHBORS]
        seen.append(frame.pts)
        looks.append(_look(frame, reader.film))
    yield from _between(begin, end, seen, looks)


def _stamp(times: Timeline, index: int) -> int | None:
    return times.stamps[index] if index < len(times.stamps) else None


def _between(
    begin: int, end: int | None, seen: list[int], looks: list[NDArray[Any]]
) -> Iterator[int]:
    found = (seen[place] for place in cuts(looks))
    return (stamp for stamp in found if begin <= stamp and (end is None or stamp < end))


def _look(frame: Frame, film: FilmFormat) -> NDArray[Any]:
    return cv2.resize(small_luma(frame, film), LOOKED_AT, interpolation=cv2.INTER_AREA)


def small_luma(frame: Frame, film: FilmFormat) -> NDArray[Any]:
    """In the size in which motion and cuts are looked for, full range."""
    shown = film.shown_size
    scale = min(1.0, math.sqrt(FLOW_PIXELS / (shown[0] * shown[1])))
    size = [max(16, round(side * scale)) for side in shown]
    return full_range(cv2.resize(frame.luma, size, interpolation=cv2.INTER_AREA), film)
