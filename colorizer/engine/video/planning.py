"""How the work on a film is divided."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from colorizer.engine.errors import N_, NoVideoError
from colorizer.engine.video.description import (
    SEGMENT_FRAMES,
    SEGMENT_SECONDS,
    FilmLimits,
    FilmOptions,
    Segment,
)
from colorizer.engine.video.limits import check_seconds
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.timeline import Timeline, timeline
from colorizer.engine.video.webp import animation
from colorizer.engine.video.whole_scenes import scene_at


def plan_segments(
    path: Path,
    options: FilmOptions,
    limits: FilmLimits = FilmLimits(),  # noqa: B008  (frozen)
    check: Callable[[], None] = lambda: None,
) -> list[Segment]:
    """Divide a film into parts that are colorized independently, in any order, by any process.

    A part begins where the film's own encoder began anew, most often at a cut, or else after
    SEGMENT_SECONDS or SEGMENT_FRAMES. What is seen across its ends is taken into account, so that no
    seam is seen.
    Where a reference is for one scene, each part knows that scene, for which the film is decoded from
    the moment to the cuts around it.
    The same film and options give the same segments, and each gives the same file, bit by bit, on the
    same kind of machine.

    Args:
        limits: for what is in the file, whatever its header says.
        check: called often; what it raises ends the work.

    Raises:
        UnreadableFilmError: as `probe`; there is no frame where `options` ask for some.
    """
    times = _timeline(path, check)
    check_seconds(times.seconds, limits)
    chosen = _chosen(times, options)
    starts = _starts(chosen, times)
    ends = [*starts[1:], len(chosen)]
    outer = (_bound(chosen[0], times.stamps[0]), _after(times, chosen[-1]))
    scene = _scene_of_reference(path, times, options, check)
    segments = []
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        start = outer[0] if first == 0 else chosen[first]
        end = outer[1] if last == len(chosen) else chosen[last]
        frames = last - first
        segments.append(Segment(index, start, end, frames, times.is_reliable, *scene))
    return segments


def _scene_of_reference(
    path: Path, times: Timeline, options: FilmOptions, check: Callable[[], None]
) -> tuple[int | None, int | None]:
    if options.reference_seconds is None:
        return None, None
    return scene_at(FilmReader(path, check), times, options.reference_seconds)


def _timeline(path: Path, check: Callable[[], None]) -> Timeline:
    found = animation(path)
    return found.timeline if found else timeline(path, check)


def _chosen(times: Timeline, options: FilmOptions) -> list[int]:
    """Timestamps of the frames that `options` ask for."""
    begin = times.stamps[0] + round(Fraction(options.start) / times.time_base)
    first = bisect_left(times.stamps, begin)
    last = len(times.stamps)
    if options.seconds is not None:
        last = bisect_left(times.stamps, begin + round(Fraction(options.seconds) / times.time_base))
    chosen = times.stamps[first:last]
    if not chosen:
        raise NoVideoError(
            N_("The film has no frame there. It lasts %(seconds)s seconds."),
            seconds=str(round(times.length, 2)),
        )
    return chosen


def _bound(chosen: int, first: int) -> int | None:
    return None if chosen == first else chosen


def _after(times: Timeline, last: int) -> int | None:
    """The first that is not chosen any more."""
    following = bisect_left(times.stamps, last) + 1
    return times.stamps[following] if following < len(times.stamps) else None


def _starts(chosen: list[int], times: Timeline) -> list[int]:
    """Places in `chosen` where segments begin."""
    longest = round(SEGMENT_SECONDS / times.time_base)
    keys = set(times.keys)
    starts = [0]
    for place, stamp in enumerate(chosen):
        since, frames = stamp - chosen[starts[-1]], place - starts[-1]
        is_long = since > longest or frames >= SEGMENT_FRAMES
        is_half = since > longest // 2 or frames >= SEGMENT_FRAMES // 2
        if is_long or (is_half and stamp in keys):
            starts.append(place)
    return starts
