"""When the frames of a film are shown: by its packets, without decoding."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from colorizer.engine.errors import N_, NoVideoError
from colorizer.engine.video.format import DEFAULT_RATE, DEFAULT_TIME_BASE
from colorizer.engine.video.opening import damaged, demuxed, opened, video_stream


@dataclass(frozen=True)
class Timeline:
    """When frames are shown, by the packets of a film.

    Attributes:
        stamps: of the frames, rising, in units of `time_base`. Those that a broadcast begins with before its first
            key frame are not among them: nothing can be made of them.
        keys: those of them at which decoding may begin, rising.
        duration: of the last one.
        is_reliable: each packet had a timestamp, and no two the same.
    """

    stamps: list[int]
    keys: list[int]
    duration: int
    time_base: Fraction
    is_reliable: bool

    @property
    def seconds(self) -> float:
        """From the first frame to the last."""
        return float((self.stamps[-1] - self.stamps[0]) * self.time_base)

    @property
    def length(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return self.seconds + float(self.duration * self.time_base)


def timeline(path: Path, check: Callable[[], None] = lambda: None) -> Timeline:
    """Read all packets of the video.

    Args:
        check: called for each; what it raises ends the work.

    Raises:
        UnreadableFilmError: as `probe`.
    """
    stamps: list[int | None] = []
    keys: list[int] = []
    first_key: int | None = None
    with opened(path) as container:
        stream = video_stream(container)
        time_base = stream.time_base or DEFAULT_TIME_BASE
        rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
        usual = duration = max(1, round(1 / (rate * time_base)))
        try:
            for packet in demuxed(container, stream):
                check()
                if packet.is_keyframe and first_key is None:
                    first_key = packet.pts  # also of one that is decoded, but not shown
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
        seen = known if first_key is None else known[bisect_left(known, first_key) :]
        return Timeline(seen or known, sorted(keys), duration, time_base, is_reliable=True)
    first = known[0] if known else 0
    counted = [first + index * usual for index in range(len(stamps))]
    return Timeline(counted, [], usual, time_base, is_reliable=False)
