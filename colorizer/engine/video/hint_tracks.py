"""Hints of a film are followed through their scene: where each lies in the frames before and after its own.

Step by step along optical flow, as far as what is under the hint can be followed: to a cut, to where it is hidden or
leaves the frame, and FOLLOWED_SECONDS or FOLLOWED_FRAMES at most.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.engine.hints import FilmHint, Hint
from colorizer.engine.video.flow import flow, trust
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.scenes import cuts
from colorizer.engine.video.whole_scenes import small_luma

FOLLOWED_SECONDS: Final = 30.0
FOLLOWED_FRAMES: Final = 1800
"""Before and after its frame: what is looked at is in memory, small. Slow motion has more frames in as many seconds."""
LEAST_TRUST: Final = 0.3
"""Of the flow from one frame to the next, under a hint; with less it is hidden or something else."""


@dataclass(frozen=True)
class HintTracks:
    """
    Attributes:
        by_pts: the hints of each frame that has some, by its timestamp, in pixels of the frame as it is shown.
    """

    by_pts: dict[int, list[Hint]]

    def at(self, pts: int, size: tuple[int, int], shown: tuple[int, int]) -> list[Hint]:
        """Those of a frame, for a luma of this size (width, height) of a frame that is shown in another."""
        return [hint.scaled(shown, size) for hint in self.by_pts.get(pts, [])]


NO_TRACKS: Final = HintTracks({})


def follow_hints(
    reader: FilmReader, hints: Sequence[FilmHint], span: tuple[float, float], *, seeks: bool
) -> HintTracks:
    """Where the hints of a film lie in frames of a part of it.

    Args:
        span: first and last second of the part, as its frames say. Hints that are too far from it are left out.
        seeks: see `Segment`.

    Raises:
        UnreadableFilmError: the film cannot be read.
    """
    by_pts: dict[int, list[Hint]] = {}
    first = next(reader.frames(None, None, seeks=seeks), None)
    begin = float(first.pts * reader.film.time_base) if first else 0.0
    moment = attrgetter("seconds")
    near = [
        hint
        for hint in sorted(hints, key=moment)
        if span[0] - FOLLOWED_SECONDS <= begin + hint.seconds <= span[1] + FOLLOWED_SECONDS
    ]
    for seconds, of_moment in groupby(near, key=moment):
        frames = _Window(reader, begin + seconds, seeks=seeks)
        for pts, found in frames.follow(list(of_moment)):
            by_pts.setdefault(pts, []).extend(found)
    return HintTracks(by_pts)


class _Window:
    """The frames around a moment, small."""

    def __init__(self, reader: FilmReader, seconds: float, *, seeks: bool) -> None:
        self._shown = reader.film.shown_size
        base = reader.film.time_base
        start, end = (
            math.floor((seconds + offset) / base)
            for offset in (-FOLLOWED_SECONDS, FOLLOWED_SECONDS)
        )
        moment = math.floor(seconds / base + 0.5)
        seen: deque[tuple[int, NDArray[Any]]] = deque()
        after = 0
        for frame in reader.frames(start, end, seeks=seeks):
            after += frame.pts > moment
            if after > FOLLOWED_FRAMES:
                break
            if not after and len(seen) > FOLLOWED_FRAMES:
                seen.popleft()
            seen.append((frame.pts, small_luma(frame, reader.film)))
        self._stamps = [pts for pts, _ in seen]
        self._small = [luma for _, luma in seen]
        # The frame that is shown at this moment began before it.
        self._own = max(0, bisect_right(self._stamps, moment) - 1)

    def follow(self, hints: Sequence[FilmHint]) -> Iterator[tuple[int, list[Hint]]]:
        """Timestamps of frames, and the hints there."""
        if not self._stamps:
            return
        yield self._stamps[self._own], list(hints)
        first, end = self._scene()
        yield from self._along(hints, range(self._own, end))
        yield from self._along(hints, range(self._own, first - 1, -1))

    def _scene(self) -> tuple[int, int]:
        borders = [0, *cuts(self._small), len(self._small)]
        return next((first, end) for first, end in pairwise(borders) if first <= self._own < end)

    def _along(self, hints: Sequence[FilmHint], indices: range) -> Iterator[tuple[int, list[Hint]]]:
        scale = np.array(self._small[0].shape[::-1], float) / self._shown
        places = np.array([(hint.x, hint.y) for hint in hints]) * scale
        followed = np.ones(len(hints), bool)
        for index, following in pairwise(indices):
            frame, other = self._small[index], self._small[following]
            there, back = flow(frame, other), flow(other, frame)
            sure = trust(frame, other, there, back)
            followed &= _sampled(sure, places) >= LEAST_TRUST
            places = places + _sampled(there, places)
            followed &= ((places >= 0) & (places <= frame.shape[::-1])).all(axis=1)
            if not followed.any():
                return
            shown = places / scale
            yield (
                self._stamps[following],
                [
                    Hint(float(x), float(y), hint.color, hint.radius)
                    for hint, (x, y), is_followed in zip(hints, shown, followed, strict=True)
                    if is_followed
                ],
            )


def _sampled(plane: NDArray[Any], places: NDArray[Any]) -> NDArray[Any]:
    """What it is at these places, x and y, bilinear: n x 2 -> n or n x C."""
    x, y = (np.ascontiguousarray(part, np.float32) for part in places.T)
    found = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return found.reshape(len(places), *plane.shape[2:])
