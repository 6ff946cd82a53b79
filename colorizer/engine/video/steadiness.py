"""Colors that hold still: the network sees key frames only, and motion carries their colors.

Key frames stand at both ends of each scene and at intervals between. Along optical flow, each takes
the colors of the others, the farther the less: what is one object's is averaged over time, and
nothing is averaged over a cut or with what hides it. A frame between two key frames takes the
colors of both, each as far as it is near and can be followed. As in Bonneel et al., Blind Video
Temporal Consistency (2015), colors follow motion; unlike there, both directions count, and frames
between key frames need no network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from colorizer.engine.video.chroma import refined
from colorizer.engine.video.flow import Plane, enlarged, flow, trust, warped
from colorizer.engine.video.scenes import cuts, is_same

Luma = NDArray[Any]
Chroma = NDArray[Any]
Predict = Callable[[Luma, int], Chroma]

KEY_SECONDS: Final = 0.4
"""From one key frame to the next."""
FEWEST_BETWEEN: Final = 2
MOST_BETWEEN: Final = 24
"""Frames from one key frame to the next: their colors are in memory together."""
FLOW_PIXELS: Final = 128 * 128 * 2
"""Of the frames in which motion is looked for."""
STRONGEST_HOLD: Final = 0.92
"""Share of a key frame's colors that the next one takes, at smoothing 1."""
FOLLOWED: Final = 0.55
"""Of a frame: with less, there is another key frame between."""
WEAKEST: Final = 1e-3
"""Where neither key frame can be followed, both count alike."""
CONTEXT_KEYS: Final = 6
"""Key frames before and after a segment that have a part in its colors."""


def key_seconds(seconds: Sequence[float]) -> float:
    """From one key frame to the next: less in slow motion, of a thousand frames a second."""
    gaps = np.diff(seconds)
    return min(KEY_SECONDS, MOST_BETWEEN * float(np.median(gaps))) if gaps.size else KEY_SECONDS


def hold(smoothing: float) -> float:
    """The share of a key frame's colors that come from the one before."""
    return STRONGEST_HOLD * smoothing


@dataclass
class Key:
    """A key frame: its place, its colors (h x w x 2), and how to get to the next one and back."""

    index: int
    chroma: Chroma
    to_next: Plane | None = None
    from_next: Plane | None = None


class Steadied:
    """The colors of consecutive frames.

    Args:
        lumas: of each frame, h x w, full range, small: as the network sees them.
        seconds: when each is shown, from the beginning of the film, so that key frames are where they
            would be in any other segment.
        predict: what the network says of one, which is the how manyth: 2 x y x x, any size.
        smoothing: 0..1.
        known_cuts: frames that begin a scene, whatever is seen here.
        tick: called often; what it raises ends the work.

    Attributes:
        network_runs: so far.
        cuts: indices of frames that begin a scene, the first one not among them.
    """

    def __init__(
        self,
        lumas: Sequence[Luma],
        seconds: Sequence[float],
        predict: Predict,
        smoothing: float,
        known_cuts: Collection[int] = (),
        tick: Callable[[], None] = lambda: None,
    ) -> None:
        self._lumas = lumas
        interval = key_seconds(seconds)
        self._intervals = [second / interval for second in seconds]
        self._predict = predict
        self._hold = hold(smoothing)
        self._tick = tick
        self._size = lumas[0].shape[1], lumas[0].shape[0]
        scale = min(1.0, math.sqrt(FLOW_PIXELS / lumas[0].size))
        flow_size = [max(16, round(side * scale)) for side in self._size]
        self._small = [cv2.resize(luma, flow_size, interpolation=cv2.INTER_AREA) for luma in lumas]
        self._same = self._repeats()
        self._known: tuple[int, Chroma] | None = None
        self.network_runs = 0
        self.cuts = sorted({*cuts(self._small), *known_cuts})

    def _repeats(self) -> list[int]:
        """For each frame, the first of those that show the same picture."""
        same = [0]
        for index in range(1, len(self._lumas)):
            origin = same[-1]
            same.append(origin if is_same(self._lumas[origin], self._lumas[index]) else index)
        return same

    def frames(self, wanted: range) -> Iterator[Chroma]:
        """Of each wanted frame, h x w x 2: Cb and Cr in 8-bit units around 0, of its luma's size.

        Frames before and after them have a part in their colors, where no cut is between.
        """
        borders = [0, *self.cuts, len(self._lumas)]
        for first, end in pairwise(borders):
            if first < wanted.stop and end > wanted.start:
                yield from self._scene(first, end, wanted)

    def _scene(self, first: int, end: int, wanted: range) -> Iterator[Chroma]:
        if not self._hold:
            yield from map(self._predicted, range(max(first, wanted.start), min(end, wanted.stop)))
            return
        keys = self._held(self._connected(self._key_places(first, end)))
        for key, following in zip(keys, [*keys[1:], None], strict=True):
            if key.index in wanted:
                yield key.chroma
            if following:
                yield from self._between(key, following, wanted)

    def _key_places(self, first: int, end: int) -> list[int]:
        """Both ends of a scene, and where an interval begins, unless that is next to an end."""
        places = [first]
        for index in range(first + FEWEST_BETWEEN, end - FEWEST_BETWEEN):
            begins = int(self._intervals[index]) != int(self._intervals[index - 1])
            if begins or index - places[-1] >= MOST_BETWEEN + FEWEST_BETWEEN:
                places.append(index)
        return sorted({*places, end - 1})

    def _connected(self, places: list[int]) -> list[Key]:
        """Key frames with flows; where too little can be followed, there are more of them."""
        connected = [Key(places[0], self._predicted(places[0]))]
        for place in places[1:]:
            self._connect(connected, Key(place, self._predicted(place)))
        return connected

    def _connect(self, connected: list[Key], following: Key) -> None:
        last = connected[-1]
        there, back = self._ways(last.index, following.index)
        seen = trust(self._small[last.index], self._small[following.index], there, back)
        gap = following.index - last.index
        if gap > FEWEST_BETWEEN and float(seen.mean()) < FOLLOWED:
            middle = last.index + gap // 2
            self._connect(connected, Key(middle, self._predicted(middle)))
            self._connect(connected, following)
            return
        last.to_next, last.from_next = there, back
        connected.append(following)

    def _ways(self, first: int, last: int) -> tuple[Plane, Plane]:
        """From one frame to a later one, and back; found step by step, so that far motion is found."""
        there = back = None
        for index in range(first + 1, last + 1):
            if self._same[index] == self._same[index - 1] and there is not None:
                continue
            there = flow(self._small[first], self._small[index], there)
            back = flow(self._small[index], self._small[first], back)
        if there is None or back is None:
            raise ValueError("A way leads from one frame to a later one.")
        return there, back

    def _predicted(self, index: int) -> Chroma:
        """A frame that shows what the one before showed is not predicted again."""
        origin = self._same[index]
        if self._known is None or self._known[0] != origin:
            self._tick()
            self.network_runs += 1
            luma = self._lumas[origin]
            self._known = origin, refined(self._predict(luma, origin), luma)
        return self._known[1]

    def _held(self, keys: list[Key]) -> list[Key]:
        """Each with what the others say of it, in both directions."""
        backward = [self._weighed(keys[-1].chroma)]
        for key, after in zip(keys[-2::-1], keys[:0:-1], strict=True):
            own = self._weighed(key.chroma)
            backward.append(own + self._carried(backward[-1], key, after, ahead=False))
        held: list[Key] = []
        forward = self._weighed(keys[0].chroma)
        for before, key in zip([None, *keys], keys, strict=False):
            own = self._weighed(key.chroma)
            if before:
                forward = own + self._carried(forward, before, key, ahead=True)
            chroma = _weighed_out(forward + backward.pop() - own)
            held.append(Key(key.index, chroma, key.to_next, key.from_next))
        return held

    def _weighed(self, chroma: Chroma) -> Chroma:
        """h x w x 4: Cb, Cr, how strong they are, and 1."""
        strength = np.hypot(chroma[..., 0], chroma[..., 1])
        return np.dstack([chroma, strength, np.ones_like(strength)])

    def _carried(self, sums: Chroma, early: Key, late: Key, *, ahead: bool) -> Chroma:
        """What a key frame hands on to its neighbor, as it is seen there."""
        if early.to_next is None or early.from_next is None:
            raise ValueError("Key frames of a scene are connected.")
        here, there = (late, early) if ahead else (early, late)
        way, back = early.from_next, early.to_next
        if not ahead:
            way, back = back, way
        share = trust(self._small[here.index], self._small[there.index], way, back)
        gap = self._intervals[late.index] - self._intervals[early.index]
        strength = self._hold**gap * cv2.resize(share, self._size)
        carried: Chroma = strength[..., None] * warped(sums, enlarged(way, self._size))
        return carried

    def _between(self, key: Key, following: Key, wanted: range) -> Iterator[Chroma]:
        indices = range(key.index + 1, following.index)
        if not indices or indices[-1] < wanted.start or indices[0] >= wanted.stop:
            return
        later = self._views(following, list(reversed(indices)))[::-1]
        for index, early, late in zip(indices, self._views(key, indices), later, strict=True):
            if index in wanted:
                part = (index - key.index) / (following.index - key.index)
                yield _blended(early, late, part)

    def _views(self, key: Key, indices: Sequence[int]) -> list[tuple[Chroma, Plane]]:
        """A key frame's colors as they are seen in other frames, and how sure they are."""
        views = []
        there = back = None
        for index in indices:
            self._tick()
            there = flow(self._small[index], self._small[key.index], there)
            back = flow(self._small[key.index], self._small[index], back)
            sure = trust(self._small[index], self._small[key.index], there, back)
            seen = warped(key.chroma, enlarged(there, self._size))
            views.append((seen, cv2.resize(sure, self._size)))
        return views


def _blended(early: tuple[Chroma, Plane], late: tuple[Chroma, Plane], part: float) -> Chroma:
    """Each as far as it is near in time and sure."""
    early_share = (early[1] + WEAKEST) * (1 - part)
    late_share = (late[1] + WEAKEST) * part
    late_part = (late_share / (early_share + late_share))[..., None]
    return early[0] + (late[0] - early[0]) * late_part


def _weighed_out(sums: Chroma) -> Chroma:
    """The average, as strong as its parts are on average: hues that differ do not fade to gray."""
    means = sums[..., :3] / sums[..., 3:]
    strength = np.hypot(means[..., 0], means[..., 1])
    gain = np.clip(means[..., 2] / np.maximum(strength, 1e-3), 1, MOST_GAIN)
    return means[..., :2] * gain[..., None]


MOST_GAIN: Final = 1.25
