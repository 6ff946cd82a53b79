"""What a film's file says of itself."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from colorizer.engine.errors import N_, FilmTooLargeError, FilmTooLongError
from colorizer.engine.video.description import FilmInfo, FilmLimits
from colorizer.engine.video.format import DEFAULT_RATE, FilmFormat
from colorizer.engine.video.opening import opened, video_stream
from colorizer.engine.video.reading import FilmReader

MICROSECONDS = 1_000_000


def probe(path: Path, limits: FilmLimits = FilmLimits()) -> FilmInfo:  # noqa: B008  (frozen)
    """Read the header and decode one frame.

    Raises:
        UnknownContainerError, NoVideoError, StillPictureError, EncryptedFilmError, DamagedFilmError,
        FilmTooLongError, FilmTooLargeError: all of them UnreadableFilmError; the message names cause
            and remedy.
        OSError: the file cannot be opened.
    """
    with opened(path) as container:
        stream = video_stream(container)
        check_limits(container, stream, limits)
        film = FilmReader(path).film
        width, height = film.shown_size
        rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
        duration = _duration(container, stream)
        return FilmInfo(
            width=width,
            height=height,
            duration=duration,
            frame_count=stream.frames or max(1, round(duration * rate)),
            is_exact=stream.frames > 0,
            frame_rate=rate,
            container=container.format.name,
            codec=stream.codec_context.name,
            audio_tracks=len(container.streams.audio),
            subtitle_tracks=len(container.streams.subtitles),
            is_interlaced=film.is_interlaced,
            rotation=film.rotation,
            bit_depth=film.depth,
            notes=_notes(stream, film),
        )


def _duration(container: InputContainer, stream: VideoStream) -> float:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return float(Fraction(container.duration or 0, MICROSECONDS))


def check_limits(container: InputContainer, stream: VideoStream, limits: FilmLimits) -> None:
    """Before any frame is decoded. Raises FilmTooLongError or FilmTooLargeError."""
    duration = _duration(container, stream)
    if limits.seconds is not None and duration > limits.seconds:
        raise FilmTooLongError(
            N_("The film lasts %(minutes)s minutes. At most %(most)s are colorized: cut it."),
            minutes=math.ceil(duration / 60),
            most=math.floor(limits.seconds / 60),
        )
    context = stream.codec_context
    if context.width * context.height > limits.frame_pixels:
        raise FilmTooLargeError(
            N_("The film has %(width)s x %(height)s pixels. Reduce it to 4K or less."),
            width=context.width,
            height=context.height,
        )


def _notes(stream: VideoStream, film: FilmFormat) -> list[str]:
    sides = (stream.codec_context.width, stream.codec_context.height)
    notes = {
        N_("Interlaced: it will be deinterlaced."): film.is_interlaced,
        N_("Rotated: its frames will be stored upright."): film.rotation != 0,
        N_("An odd width or height gets one pixel more."): any(side % 2 for side in sides),
    }
    return [note for note, holds in notes.items() if holds]
