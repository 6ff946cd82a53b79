"""What is too much of a film."""

from __future__ import annotations

import math

from colorizer.engine.errors import N_, FilmTooLargeError, FilmTooLongError
from colorizer.engine.video.description import FilmLimits


def check_seconds(seconds: float, limits: FilmLimits) -> None:
    """Raises FilmTooLongError."""
    if limits.seconds is not None and seconds > limits.seconds:
        raise FilmTooLongError(
            N_("The film lasts %(minutes)s minutes. At most %(most)s are colorized: cut it."),
            minutes=math.ceil(seconds / 60),
            most=math.floor(limits.seconds / 60),
        )


def check_size(width: int, height: int, limits: FilmLimits) -> None:
    """Raises FilmTooLargeError."""
    if width * height > limits.frame_pixels:
        raise FilmTooLargeError(
            N_("The film has %(width)s x %(height)s pixels. Reduce it to 4K or less."),
            width=width,
            height=height,
        )
