"""How the work on a film is divided."""

from __future__ import annotations

from pathlib import Path

from colorizer.engine.video.description import FilmOptions, Segment
from colorizer.engine.video.reading import read_frames


def plan_segments(path: Path, options: FilmOptions) -> list[Segment]:
    """Divide a film into parts that are colorized independently, in any order, by any process.

    The same film and options give the same segments, and each gives the same file, bit by bit, on the
    same kind of machine.

    Raises:
        UnreadableFilmError: as `probe`.
    """
    return [Segment(index=0, start=None, end=None, frames=sum(1 for _ in read_frames(path)))]
