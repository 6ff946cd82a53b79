"""Frames of a film in the order of their time: luma only, since its colors are not looked at."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import av
from av.container import InputContainer
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from colorizer.engine.errors import N_, EncryptedFilmError, NoVideoError
from colorizer.engine.video.format import FilmFormat, format_of, luma_of_frame
from colorizer.engine.video.opening import ENCRYPTED, damaged, demuxed, opened, video_stream
from colorizer.engine.video.webp import animation

DEINTERLACE: Final = "mode=send_frame:parity=auto:deint=interlaced"
SEEK_BACK_SECONDS: Final = (0.0, 4.0, 20.0, 1e6)
LEAD_SECONDS: Final = 1.0
"""Interlaced frames are made whole by those before them, too: decoding begins so much earlier."""


class _UnseekableError(Exception):
    """The container does not know where its frames are: it can be read from the beginning only."""


@dataclass(frozen=True)
class Frame:
    """One frame.

    Attributes:
        pts, duration: in units of the stream's time base.
        luma: H x W, uint8 (8 bits) or uint16 (10 bits), the film's own range.
    """

    pts: int
    duration: int
    luma: NDArray[Any]


class FilmReader:
    """A film that frames are read from.

    Args:
        check: called for each frame that is decoded, also for those that are not wanted; what it
            raises ends the work.

    Raises:
        UnreadableFilmError: see `opened` and `video_stream`; not one frame can be decoded.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path, check: Callable[[], None] = lambda: None) -> None:
        self._path, self._check = path, check
        self._animation = animation(path)
        if self._animation:
            self.film: FilmFormat = self._animation.format
            next(self._animation.frames())
            return
        with opened(path) as container:
            stream = video_stream(container)
            self.film = format_of(stream, _first_frame(container, stream))

    def frames(self, start: int | None, end: int | None, *, seeks: bool) -> Iterator[Frame]:
        """Those with start <= pts < end; every call begins anew.

        Args:
            seeks: see `Segment`.

        Raises:
            DamagedFilmError: the file cannot be read; where nothing can be decoded are no frames.
        """
        try:
            yield from self._passage(start, end, seeks=seeks)
        except _UnseekableError:
            yield from self._passage(start, end, seeks=False)

    def frame_after(self, start: int) -> Frame | None:
        """The first one from there on; None where that cannot be found by seeking."""
        try:
            return next(self._passage(start, None, seeks=True), None)
        except _UnseekableError:
            return None

    def _passage(self, start: int | None, end: int | None, *, seeks: bool) -> Iterator[Frame]:
        # Nothing is before the beginning to seek to: asked for that, demuxers leave out the first frame.
        seeks = seeks and start is not None and start > 0
        with closing(self._decoded(start if seeks else None)) as decoded:
            for frame in decoded:
                self._check()
                pts = frame.pts or 0  # each has been given one
                if end is not None and pts >= end:
                    return
                if start is None or pts >= start:
                    luma = luma_of_frame(frame, self.film)
                    yield Frame(pts, frame.duration or self.film.usual_duration, luma)

    def _decoded(self, start: int | None) -> Generator[VideoFrame]:
        """From some frame at or before the start on."""
        if self._animation:
            yield from self._animation.frames()
            return
        with opened(self._path) as container:
            try:
                yield from _Decoder(container, self.film).frames(start)
            except av.error.FFmpegError as error:
                raise damaged(error) from error


def _first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    failures: list[av.error.FFmpegError] = []
    try:
        for frame in _decoded(container, stream, failures.append):
            return frame
    except av.error.FFmpegError as error:
        raise damaged(error) from error
    if failures:
        raise damaged(failures[-1])
    raise NoVideoError(N_("There is no frame in this film that can be decoded."))


def _decoded(
    container: InputContainer,
    stream: VideoStream,
    note_failure: Callable[[av.error.FFmpegError], None] = lambda _: None,
) -> Iterator[VideoFrame]:
    """A packet that cannot be decoded costs its frames only, as in every player."""

    def tried(decode: Callable[[], list[VideoFrame]]) -> list[VideoFrame]:
        try:
            return decode()
        except av.error.FFmpegError as error:
            if isinstance(error, MemoryError):
                raise
            note_failure(error)
            return []

    try:
        for packet in demuxed(container, stream):
            if packet.has_sidedata("encryption_info"):
                raise EncryptedFilmError(ENCRYPTED)
            yield from tried(packet.decode)
    except av.error.InvalidDataError as error:  # the container breaks off
        note_failure(error)
        yield from tried(stream.decode)


class _Decoder:
    """An open container, for one passage."""

    def __init__(self, container: InputContainer, film: FilmFormat) -> None:
        self._container, self._film = container, film
        self._stream = video_stream(container)
        self._stream.thread_type = "AUTO"

    def frames(self, start: int | None) -> Iterator[VideoFrame]:
        """From some frame at or before the start on, each later than the one before."""
        if start is not None and self._film.is_interlaced:
            lead = max(round(LEAD_SECONDS / self._film.time_base), self._film.usual_duration)
            start -= lead
        return self._deinterlaced(self._timed(start))

    def _timed(self, start: int | None) -> Iterator[VideoFrame]:
        """Where a timestamp is missing or not later than the last, a frame's usual time is added."""
        last: int | None = None
        step = 0
        for frame in self._decoded_before(start):
            if last is None:
                frame.pts = frame.pts if frame.pts is not None else frame.dts or 0
            elif frame.pts is None or frame.pts <= last:
                frame.pts = last + step
            last = frame.pts
            step = frame.duration or self._film.usual_duration
            yield frame

    def _decoded_before(self, start: int | None) -> Iterator[VideoFrame]:
        """Seeking may land behind what was wanted: then farther back, at last to the beginning."""
        if start is None:
            yield from _decoded(self._container, self._stream)
            return
        for seconds in SEEK_BACK_SECONDS:
            back = round(seconds / self._film.time_base)
            try:
                self._container.seek(start - back, stream=self._stream)
            except av.error.FFmpegError as error:
                raise _UnseekableError from error
            frames = _decoded(self._container, self._stream)
            first = next(frames, None)
            if first is not None and first.pts is not None and first.pts <= start:
                yield first
                break
        yield from frames

    def _deinterlaced(self, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """Frames that are flagged as interlaced become whole ones; the others stay as they are."""
        if not self._film.is_interlaced:
            yield from frames
            return
        graph = _deinterlacer(self._stream)
        waiting: deque[tuple[int, int]] = deque()
        for frame in frames:
            waiting.append((frame.pts or 0, frame.duration))
            graph.push(frame)
            yield from _pulled(graph, waiting)
        graph.push(None)
        yield from _pulled(graph, waiting)


def _deinterlacer(stream: VideoStream) -> Graph:
    graph = Graph()
    source = graph.add_buffer(template=stream)
    deinterlace = graph.add("bwdif", DEINTERLACE)
    sink = graph.add("buffersink")
    source.link_to(deinterlace)
    deinterlace.link_to(sink)
    graph.configure()
    return graph


def _pulled(graph: Graph, waiting: deque[tuple[int, int]]) -> Iterator[VideoFrame]:
    """One comes out for each that went in, with the timestamp that it had."""
    while waiting:
        try:
            frame = cast("VideoFrame", graph.pull())
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        frame.pts, frame.duration = waiting.popleft()
        yield frame
