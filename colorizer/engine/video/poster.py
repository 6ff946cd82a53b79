"""Frames as pictures: the one that stands for the film, and the one of a moment."""

from __future__ import annotations

import math
from collections import deque
from pathlib import Path
from typing import Any, Final

import cv2
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.errors import DamagedFilmError
from colorizer.engine.files import finished_file
from colorizer.engine.imageio.formats import format_of
from colorizer.engine.video.format import FilmFormat, full_range
from colorizer.engine.video.probing import probe
from colorizer.engine.video.reading import FilmReader, Frame

PLACES: Final = (0.1, 0.3, 0.5)
"""Of the film: what is looked at."""
QUALITY: Final = 85
SHOWN_FOR: Final = (0.2, 5.0)
"""Seconds that a frame is shown mostly, and seldom; from the beginning it is looked for last."""


def write_poster(path: Path, target: Path, max_side: int) -> None:
    """Write a frame that shows something, gray, JPEG or WebP by the target's suffix.

    Args:
        max_side: pixels; smaller films are not enlarged.

    Raises:
        UnreadableFilmError: as `probe`.
        OSError: the target cannot be written.
    """
    reader = FilmReader(path)
    _write(_poster(reader, path).luma, reader.film, target, max_side)


def poster_stamp(path: Path) -> int:
    """The timestamp of the frame that `write_poster` takes.

    Raises:
        UnreadableFilmError: as `probe`.
    """
    return _poster(FilmReader(path), path).pts


def write_frame(path: Path, seconds: float, target: Path, max_side: int) -> None:
    """Write the frame that is shown at a moment: the one that a hint there belongs to.

    Args:
        seconds: from the beginning of the film; at its end the last frame.
        target, max_side: as for `write_poster`.

    Raises:
        UnreadableFilmError: the film cannot be read, or nothing of it there.
        OSError: the target cannot be written.
    """
    reader = FilmReader(path)
    moment = _first(reader).pts + math.floor(seconds / reader.film.time_base + 0.5)
    for seconds_before in (*SHOWN_FOR, None):
        start = _before(moment, seconds_before, reader.film)
        shown = deque(reader.frames(start, moment + 1, seeks=True), maxlen=1)
        if shown:
            _write(shown[0].luma, reader.film, target, max_side)
            return
    raise DamagedFilmError("nothing can be decoded there")


def _before(moment: int, seconds: float | None, film: FilmFormat) -> int | None:
    return None if seconds is None else moment - round(seconds / film.time_base)


def _write(luma: NDArray[Any], film: FilmFormat, target: Path, max_side: int) -> None:
    shown = Image.fromarray(full_range(luma, film)).resize(film.shown_size)
    shown.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    with finished_file(target) as file:
        shown.save(file, format_of(target).name, quality=QUALITY)


def _poster(reader: FilmReader, path: Path) -> Frame:
    duration = probe(path).duration
    starts = (round(duration * place / reader.film.time_base) for place in PLACES)
    frames = [frame for frame in map(reader.frame_after, starts) if frame]
    return max(frames or [_first(reader)], key=_interest)


def _first(reader: FilmReader) -> Frame:
    return next(reader.frames(None, None, seeks=False))


def _interest(frame: Frame) -> float:
    """Contrast: the least for what is black, white or blurred."""
    return float(cv2.resize(frame.luma, (64, 64), interpolation=cv2.INTER_AREA).std())
