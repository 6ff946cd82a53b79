"""A frame that stands for the film."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import cv2
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.files import finished_file
from colorizer.engine.imageio.formats import format_of
from colorizer.engine.video.format import full_range
from colorizer.engine.video.probing import probe
from colorizer.engine.video.reading import FilmReader

PLACES: Final = (0.1, 0.3, 0.5)
"""Of the film: what is looked at."""
QUALITY: Final = 85


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
    best = full_range(max(found, key=_interest), reader.film)
    shown = Image.fromarray(best).resize(reader.film.shown_size)
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
