"""Segments, sound and subtitles to a film."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from operator import itemgetter
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from colorizer.engine.errors import DamagedFilmError
from colorizer.engine.video.description import FilmOptions, JoinReport
from colorizer.engine.video.opening import address, damaged, opened
from colorizer.engine.video.tracks import Part, Timed, Tracks
from colorizer.engine.video.webp import animation
from colorizer.engine.video.writing import render_factor_of, unfinished

COMMENT = "Colorized by Tintype"


def join_segments(
    path: Path,
    segment_files: Sequence[Path],
    options: FilmOptions,
    target: Path,
    check: Callable[[], None] = lambda: None,
) -> JoinReport:
    """Put segments one after the other, with the film's sound and subtitles.

    Args:
        segment_files: of all segments of the plan that have one, in its order.
        target: appears when it is complete.
        check: called often; what it raises ends the work, and nothing is left behind.

    Raises:
        UnreadableFilmError: the film or a segment's file is damaged, or there is no segment.
        OSError: the target cannot be written.
    """
    try:
        video = _Video(segment_files, check)
    except av.error.InvalidDataError as error:
        raise damaged(error) from error
    # An animation has no other tracks than its frames: nor has a segment.
    others = segment_files[0] if animation(path) else path
    with opened(others) as source, unfinished(target) as unfinished_path:
        part = _part(source, video, options)
        settings = {"movflags": "+faststart", "movie_timescale": str(video.time_base.denominator)}
        if options.container == "webm":
            settings = {}
        with (
            av.open(
                address(unfinished_path), "w", format=options.container, options=settings
            ) as result,
            av.open(address(segment_files[0])) as first,
        ):
            result.metadata.update(_described(source))
            stream = result.add_stream_from_template(first.streams.video[0])
            stream.time_base = video.time_base
            tracks = Tracks(source, result, options.container, part)
            merged = heapq.merge(
                video.packets(stream, part.origin), tracks.packets(), key=itemgetter(0)
            )
            try:
                for _, packet in merged:
                    check()
                    result.mux(packet)
            except av.error.InvalidDataError as error:
                raise damaged(error) from error
    factor = min(map(render_factor_of, segment_files))
    return JoinReport(len(video.stamps), video.seconds, factor, tracks.notes)


def _described(source: InputContainer) -> dict[str, str]:
    title = source.metadata.get("title")
    return {"comment": COMMENT, **({"title": title} if title else {})}


def _part(source: InputContainer, video: _Video, options: FilmOptions) -> Part:
    """A film keeps its own time, but for broadcasts, whose clock begins anywhere; a part begins at 0."""
    first = video.stamps[0] * video.time_base
    end = (video.stamps[-1] + video.last_duration) * video.time_base
    if options.start > 0:
        return Part(first, end, first)
    starts = [
        stream.start_time * stream.time_base
        for stream in source.streams
        if stream.start_time is not None and stream.time_base
    ]
    is_broadcast = source.format.name.startswith("mpeg")
    origin = max(Fraction(0), min([first, *starts])) if is_broadcast else Fraction(0)
    ticks = round(origin / video.time_base)
    return Part(None, end if options.seconds is not None else None, ticks * video.time_base)


class _Video:
    """The packets of all segments as one stream.

    Timestamps of decoding are given anew: each the timestamp of showing so many frames earlier as
    frames are reordered by, so that they rise over the seams.
    """

    def __init__(self, files: Sequence[Path], check: Callable[[], None]) -> None:
        self._files = files
        in_order: list[int] = []
        last = (-(2**63), 1)
        for file in files:
            check()
            with av.open(address(file)) as segment:
                stream = segment.streams.video[0]
                self.time_base = stream.time_base or Fraction(1, 90_000)
                for packet in segment.demux(stream):
                    if packet.pts is not None:
                        in_order.append(packet.pts)
                        last = max(last, (packet.pts, packet.duration or 1))
        self.last_duration = last[1]
        self.stamps = sorted(in_order)
        if not self.stamps:
            raise DamagedFilmError("no frame can be decoded")
        ranks = (bisect_left(self.stamps, stamp) for stamp in in_order)
        self._delay = max(place - rank for place, rank in enumerate(ranks))

    @property
    def seconds(self) -> float:
        span = self.stamps[-1] + self.last_duration - self.stamps[0]
        return float(span * self.time_base)

    def packets(self, stream: VideoStream, origin: Fraction) -> Iterator[Timed]:
        shift = round(origin / self.time_base)
        place = 0
        for file in self._files:
            with av.open(address(file)) as segment:
                for packet in segment.demux(segment.streams.video[0]):
                    if packet.pts is None:
                        continue
                    packet.dts = self._decoded_at(place) - shift
                    packet.pts -= shift
                    packet.stream = stream
                    place += 1
                    yield packet.dts * self.time_base, packet

    def _decoded_at(self, place: int) -> int:
        if place >= self._delay:
            return self.stamps[place - self._delay]
        step = self.stamps[1] - self.stamps[0] if len(self.stamps) > 1 else 1
        return self.stamps[0] - (self._delay - place) * step
