"""What a film's file says of itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from av.container import InputContainer
from av.video.stream import VideoStream

from colorizer.engine.errors import N_
from colorizer.engine.video.description import FilmInfo, FilmLimits
from colorizer.engine.video.format import DEFAULT_RATE, FilmFormat
from colorizer.engine.video.limits import check_seconds, check_size
from colorizer.engine.video.opening import opened, video_stream
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.timeline import timeline
from colorizer.engine.video.webp import Animation, animation

MICROSECONDS = 1_000_000
GUESSED = "mpeg"
"""FFmpeg takes the length of MPEG program streams from the last pack of many frames that has a time."""


def probe(path: Path, limits: FilmLimits = FilmLimits()) -> FilmInfo:  # noqa: B008  (frozen)
    """Read the header and decode one frame; where the header tells no duration of the video, count the packets.

    Raises:
        UnknownContainerError, NoVideoError, StillPictureError, EncryptedFilmError, DamagedFilmError,
        FilmTooLongError, FilmTooLargeError: all of them UnreadableFilmError; the message names cause
            and remedy.
        OSError: the file cannot be opened.
    """
    if found := animation(path):
        return _probe_animation(found, limits)
    with opened(path) as container:
        stream = video_stream(container)
        context = stream.codec_context
        check_size(context.width, context.height, limits)
        rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
        duration, counted = _duration(container, stream, rate), stream.frames
        check_seconds(duration, limits)
        film = FilmReader(path).film
        if not duration:
            times = timeline(path)
            counted = len(times.stamps)
            duration = times.length
            check_seconds(duration, limits)
        width, height = film.shown_size
        return FilmInfo(
            width=width,
            height=height,
            duration=duration,
            frame_count=counted or max(1, round(duration * rate)),
            is_exact=counted > 0,
            frame_rate=rate,
            container=container.format.name,
            codec=context.name,
            audio_tracks=len(container.streams.audio),
            subtitle_tracks=len(container.streams.subtitles),
            is_interlaced=film.is_interlaced,
            rotation=film.rotation,
            bit_depth=film.depth,
            notes=_notes(film, (context.width, context.height)),
        )


def _duration(container: InputContainer, stream: VideoStream, rate: Fraction) -> float:
    """By the header; 0 where it does not tell, or not of the video."""
    start = (stream.start_time or 0) * (stream.time_base or 0)
    is_end = "matroska" in container.format.name and start * rate > 1  # as others begin at 0
    if is_end or container.format.name == GUESSED:
        return 0.0
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return float(Fraction(container.duration or 0, MICROSECONDS))


def _probe_animation(found: Animation, limits: FilmLimits) -> FilmInfo:
    check_size(found.width, found.height, limits)
    check_seconds(found.seconds, limits)
    film = FilmReader(found.path).film
    return FilmInfo(
        width=film.width,
        height=film.height,
        duration=found.seconds,
        frame_count=len(found.durations),
        is_exact=True,
        frame_rate=found.rate,
        container="webp",
        codec="webp",
        audio_tracks=0,
        subtitle_tracks=0,
        is_interlaced=False,
        rotation=0,
        bit_depth=film.depth,
        notes=_notes(film, (found.width, found.height)),
    )


def _notes(film: FilmFormat, sides: tuple[int, int]) -> list[str]:
    notes = {
        N_("Interlaced: it will be deinterlaced."): film.is_interlaced,
        N_("Rotated: its frames will be stored upright."): film.rotation != 0,
        N_("Mirrored: its frames will be stored as they are shown."): film.is_mirrored,
        N_("An odd width or height gets one pixel more."): any(side % 2 for side in sides),
    }
    return [note for note, holds in notes.items() if holds]
