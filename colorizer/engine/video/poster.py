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
from colorizer.engine.video.reading import FilmReader

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
    duration = probe(path).duration
    reader = FilmReader(path)
    lumas = [_frame_at(reader, duration * place) for place in PLACES]
    found = [luma for luma in lumas if luma is not None] or [_first(reader)]
    _write(max(found, key=_interest), reader.film, target, max_side)


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
    first = next(reader.frames(None, None, seeks=False))
    moment = first.pts + math.floor(seconds / reader.film.time_base + 0.5)
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


def _frame_at(reader: FilmReader, seconds: float) -> NDArray[Any] | None:
    start = round(seconds / reader.film.time_base)
    frame = reader.frame_after(start)
    return None if frame is None else frame.luma


def _first(reader: FilmReader) -> NDArray[Any]:
    return next(reader.frames(None, None, seeks=False)).luma


def _interest(luma: NDArray[Any]) -> float:
    """Contrast: the least for what is black, white or blurred."""
    return float(cv2.resize(luma, (64, 64), interpolation=cv2.INTER_AREA).std())
