"""What a film's file says of itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from colorizer.engine.errors import N_, FilmTooLargeError, FilmTooLongError
from colorizer.engine.video.description import FilmInfo, FilmLimits
from colorizer.engine.video.opening import opened, video_stream


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
        context = stream.codec_context
        duration = float(container.duration or 0) / 1_000_000
        if limits.seconds is not None and duration > limits.seconds:
            raise FilmTooLongError(
                N_("The film lasts %(seconds)s seconds. At most %(most)s are colorized."),
                seconds=round(duration),
                most=round(limits.seconds),
            )
        if context.width * context.height > limits.frame_pixels:
            raise FilmTooLargeError(
                N_("The film has %(width)s x %(height)s pixels, which is more than 4K. Reduce it."),
                width=context.width,
                height=context.height,
            )
        rate = stream.average_rate or stream.guessed_rate or Fraction(25)
        return FilmInfo(
            width=context.width,
            height=context.height,
            duration=duration,
            frame_count=stream.frames or round(duration * rate),
            is_exact=stream.frames > 0,
            frame_rate=rate,
            container=container.format.name,
            codec=context.name,
            audio_tracks=len(container.streams.audio),
            subtitle_tracks=len(container.streams.subtitles),
            is_interlaced=False,
            rotation=0,
            bit_depth=8,
            notes=[],
        )
