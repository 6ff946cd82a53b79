"""How the work on a film is divided: by its packets, without decoding."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from colorizer.engine.errors import N_, NoVideoError
from colorizer.engine.video.description import SEGMENT_SECONDS, FilmOptions, Segment
from colorizer.engine.video.format import DEFAULT_RATE, DEFAULT_TIME_BASE
from colorizer.engine.video.opening import damaged, opened, video_stream


@dataclass(frozen=True)
class Timeline:
    """When frames are shown, by the packets of a film.

    Attributes:
        stamps: of the frames, rising, in units of `time_base`.
        keys: those of them at which decoding may begin, rising.
        duration: of the last one.
        is_reliable: each packet had a timestamp, and no two the same.
    """

    stamps: list[int]
    keys: list[int]
    duration: int
    time_base: Fraction
    is_reliable: bool


def timeline(path: Path) -> Timeline:
    """Read all packets of the video.

    Raises:
        UnreadableFilmError: as `probe`.
    """
    stamps: list[int | None] = []
    keys: list[int] = []
    with opened(path) as container:
        stream = video_stream(container)
        time_base = stream.time_base or DEFAULT_TIME_BASE
        rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
        usual = duration = max(1, round(1 / (rate * time_base)))
        try:
            for packet in container.demux(stream):
                if packet.size and not packet.is_discard:
                    stamps.append(packet.pts)
                    duration = packet.duration or usual
                    if packet.is_keyframe and packet.pts is not None:
                        keys.append(packet.pts)
        except av.error.FFmpegError as error:
            if not stamps:
                raise damaged(error) from error
    known = sorted({stamp for stamp in stamps if stamp is not None})
    if not stamps:
        raise NoVideoError(N_("There is no frame in this film."))
    if len(known) == len(stamps):
        return Timeline(known, sorted(keys), duration, time_base, is_reliable=True)
    first = known[0] if known else 0
    counted = [first + index * usual for index in range(len(stamps))]
    return Timeline(counted, [], usual, time_base, is_reliable=False)


def plan_segments(path: Path, options: FilmOptions) -> list[Segment]:
    """Divide a film into parts that are colorized independently, in any order, by any process.

    A part begins where the film's own encoder began anew, most often at a cut, or else after
    SEGMENT_SECONDS. What is seen across its ends is taken into account, so that no seam is seen.
    The same film and options give the same segments, and each gives the same file, bit by bit, on the
    same kind of machine.

    Raises:
        UnreadableFilmError: as `probe`; there is no frame where `options` ask for some.
    """
    times = timeline(path)
    chosen = _chosen(times, options)
    starts = _starts(chosen, times)
    ends = [*starts[1:], len(chosen)]
    outer = (_bound(chosen[0], times.stamps[0]), _after(times, chosen[-1]))
    segments = []
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        start = outer[0] if first == 0 else chosen[first]
        end = outer[1] if last == len(chosen) else chosen[last]
        segments.append(Segment(index, start, end, last - first, times.is_reliable))
    return segments


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
            seconds=round(float((times.stamps[-1] - times.stamps[0]) * times.time_base)),
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
        since = stamp - chosen[starts[-1]]
        if since > longest or (stamp in keys and since > longest // 2):
            starts.append(place)
    return starts
