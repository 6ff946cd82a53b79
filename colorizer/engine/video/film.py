"""A whole film in one process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.video.description import FilmOptions, FilmReport
from colorizer.engine.video.joining import join_segments
from colorizer.engine.video.planning import plan_segments
from colorizer.engine.video.probing import probe
from colorizer.engine.video.segment import colorize_segment


def colorize_film(
    source: Path,
    target: Path,
    options: FilmOptions,
    colorizer: Colorizer,
    on_progress: Callable[[int, int], None],
) -> FilmReport:
    """Colorize a film from file to file; what is finished of an interrupted run is taken over.

    Args:
        on_progress: called with the frames that are done and the frames there are; what it raises
            ends the work, and the finished segments stay beside the target for the next run.

    Raises:
        UnreadableFilmError, TooLittleMemoryError, OSError: as the steps.
    """
    info = probe(source)
    segments = plan_segments(source, options)
    total = sum(segment.frames for segment in segments)
    runs = before = 0
    with TemporaryDirectory(dir=target.parent, prefix=".unfinished-") as folder:
        files = []
        for segment in segments:
            file = Path(folder) / f"{segment.index}.mp4"
            runs += colorize_segment(
                source,
                segment,
                options,
                colorizer,
                file,
                lambda done, before=before: on_progress(before + done, total),
            )
            before += segment.frames
            files.append(file)
        notes = join_segments(source, files, options, target)
    return FilmReport(info.width, info.height, total, info.duration, runs, info.notes + notes)
