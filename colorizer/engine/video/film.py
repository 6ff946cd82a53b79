"""A whole film in one process."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import UnreadableFilmError
from colorizer.engine.files import UNFINISHED
from colorizer.engine.hints import check_film_hints, check_moment
from colorizer.engine.version import __version__
from colorizer.engine.video.description import FilmOptions, FilmReport, Segment
from colorizer.engine.video.joining import join_segments
from colorizer.engine.video.leftovers import segments_folder, segments_folders
from colorizer.engine.video.planning import plan_segments
from colorizer.engine.video.probing import probe
from colorizer.engine.video.segment import colorize_segment

Progress = Callable[[int, int], None]


def colorize_film(
    source: Path,
    target: Path,
    options: FilmOptions,
    colorizer: Colorizer,
    on_progress: Progress,
) -> FilmReport:
    """Colorize a film from file to file; what is finished of an interrupted run is taken over.

    Args:
        target: appears when it is complete; its folder holds a hidden one with finished segments
            meanwhile.
        on_progress: called with the frames that are done and the frames there are, several times a
            second, first with those of an earlier run. What it raises ends the work; finished
            segments stay for the next run with the same source, options and weights.

    Raises:
        UnreadableFilmError: as the steps; nothing is left behind.
        HintError: see `check_film_hints` and `check_moment`.
        TooLittleMemoryError, OSError: as the steps; finished segments stay, too.
    """
    info = probe(source)
    check_film_hints(options.hints, info.width, info.height, info.duration)
    if options.reference_seconds is not None:
        check_moment(options.reference_seconds, info.duration)
    segments = plan_segments(source, options)
    with _segments_folder(source, target, options, colorizer) as folder:
        files, runs = _colorized(source, segments, options, colorizer, folder, on_progress)
        joined = join_segments(source, files, options, target)
        shutil.rmtree(folder)
    return FilmReport(
        width=info.width,
        height=info.height,
        frames=joined.frames,
        seconds=joined.seconds,
        render_factor=joined.render_factor,
        network_runs=runs,
        notes=info.notes + joined.notes,
    )


def _colorized(
    source: Path,
    segments: Sequence[Segment],
    options: FilmOptions,
    colorizer: Colorizer,
    folder: Path,
    on_progress: Progress,
) -> tuple[list[Path], int]:
    """The files of all segments that are not empty, and how often the network ran."""
    total = sum(segment.frames for segment in segments)
    files, before, runs = [], 0, 0
    for segment in segments:
        file = folder / f"{segment.index}.mp4"
        if not file.exists():
            report = _after(before, total, on_progress)
            report(0)
            runs += colorize_segment(source, segment, options, colorizer, file, report).network_runs
        if file.exists():
            files.append(file)
        before += segment.frames
    on_progress(total, total)
    return files, runs


def _after(before: int, total: int, on_progress: Progress) -> Callable[[int], None]:
    return lambda done: on_progress(min(before + done, total), total)


@contextmanager
def _segments_folder(
    source: Path, target: Path, options: FilmOptions, colorizer: Colorizer
) -> Iterator[Path]:
    """A hidden folder beside the target. It stays when the work is interrupted, as by a full disk.

    Of a film that cannot be read nothing stays: another run would fail, too.
    """
    status = source.stat()
    made_of = (asdict(options), colorizer.weights_sha256, __version__)
    identity = repr((*made_of, status.st_size, status.st_mtime_ns)).encode()
    folder = segments_folder(target, hashlib.sha256(identity).hexdigest()[:16])
    for other in segments_folders(target):
        if other != folder:
            shutil.rmtree(other)
    folder.mkdir(exist_ok=True)
    for killed in folder.glob(f"{UNFINISHED}*"):
        killed.unlink()
    try:
        yield folder
    except UnreadableFilmError:
        shutil.rmtree(folder)
        raise
    finally:
        with suppress(OSError):  # there is something in it
            folder.rmdir()
