"""A frame that stands for the film."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from PIL import Image

from colorizer.engine.files import finished_file
from colorizer.engine.imageio.formats import format_of
from colorizer.engine.video.reading import read_frames


def write_poster(path: Path, target: Path, max_side: int) -> None:
    """Write a frame that shows something, gray, JPEG or WebP by the target's suffix.

    Args:
        max_side: pixels; smaller films are not enlarged.

    Raises:
        UnreadableFilmError: as `probe`.
        OSError: the target cannot be written.
    """
    lumas = [frame.luma for frame in islice(read_frames(path), 50)]
    picture = Image.fromarray(max(lumas, key=lambda luma: luma.std()))
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    with finished_file(target) as file:
        picture.save(file, format_of(target).name, quality=85)
