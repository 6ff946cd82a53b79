"""Runs a job of a film: segment by segment, each kept when it is done, then all of them joined. Workers only."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, cast

import torch
from django.conf import settings
from django.utils.translation import gettext_noop
from torch.nn.modules.module import register_module_forward_pre_hook

from colorizer import film_segments, services
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import UnreadableFilmError, UnreadablePictureError, WeightsError
from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.formats import SCREEN_FORMAT
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.variants import Variant
from colorizer.engine.video import (
    FilmLimits,
    FilmOptions,
    Segment,
    colorize_segment,
    join_segments,
    plan_segments,
)
from colorizer.engine.video.containers import RESULT_FORMAT
from colorizer.errors import ErrorCode
from colorizer.handler import colorizer_of
from colorizer.models import WEIGHTS_NAME_LENGTH, Colorization
from colorizer.picture_files import add_picture
from colorizer.weights_store.choice import choose, sha256_of
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from jobs import scheduling
from jobs.errors import ErrorCode as JobErrorCode
from jobs.errors import JobFailedError, JobYieldedError, TransientJobError
from jobs.lease import Lease

REPORT_SECONDS: Final = 1.0
TURN_SECONDS: Final = 60.0
"""So long a film is worked on before those of other people come in between."""
DISK_SHARES: Final = 3
"""Source, segments and result together are about as many times the source's bytes."""
RESERVED_BYTES: Final = 2**28
"""That a film leaves free while it grows: for photos and the database."""

Purpose = StoredFile.Purpose


def run(lease: Lease) -> None:
    film = Colorization.objects.select_related("source__owner").get(job=lease.job)
    with _errors_named(), temporary_folder() as folder, filestore.new_files() as files:
        # Before hours of work: what is to be written has to fit.
        _check_disk(folder, DISK_SHARES * film.source.bytes)
        choice = choose(cast("Variant", film.variant))
        services.record_current_weights(film.variant, choice.path.stem, sha256_of(choice))
        colorizer = colorizer_of(choice)
        source = folder / "source"
        filestore.copy_to(film.source, source, lease.check)
        # A cancelled job stops at the next layer, not at the end of a network that takes minutes.
        with register_module_forward_pre_hook(lambda *_: lease.check()):
            result, notes = _colorized(film, source, colorizer, lease)
            poster = _poster(film, colorizer, folder)
        stored = _add_files(film, result, poster, files)
        with lease.success():
            files.save()
            Colorization.objects.filter(pk=film.pk).update(
                result=stored,
                weights_name=colorizer.weights_name[:WEIGHTS_NAME_LENGTH],
                weights_sha256=colorizer.weights_sha256,
                used_render_factor=film.render_factor,
                notes=notes,
            )


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except (UnreadableFilmError, UnreadablePictureError) as error:
        raise JobFailedError(ErrorCode.UNREADABLE_FILM, error.text, **error.params) from error
    except WeightsError as error:
        text = gettext_noop("This variant is not available right now. Try another one.")
        raise JobFailedError(ErrorCode.WEIGHTS, text) from error
    except (MemoryError, torch.OutOfMemoryError) as error:
        text = gettext_noop(
            "The film needs more memory than there is. Try a lower render factor or a smaller film."
        )
        raise JobFailedError(JobErrorCode.OUT_OF_MEMORY, text) from error
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _disk_full() from error


def _disk_full() -> TransientJobError:
    text = gettext_noop(
        "There is no room on the site's disk for this film. Tell whoever runs the site, and try again later."
    )
    return TransientJobError(JobErrorCode.STORAGE, text)


def _check_disk(folder: Path, needed: int) -> None:
    if shutil.disk_usage(folder).free < needed:
        raise _disk_full()


def _colorized(
    film: Colorization, source: Path, colorizer: Colorizer, lease: Lease
) -> tuple[Path, list[str]]:
    """The film in color, and what is to be said of it."""
    options = FilmOptions(
        variant=cast("Variant", film.variant),
        render_factor=film.render_factor,
        start=film.start or 0.0,
        seconds=film.seconds,
    )
    limits = FilmLimits(seconds=settings.MAX_FILM_SECONDS)
    plan = plan_segments(source, options, limits, lease.check)
    finished = film_segments.finished(film, plan, colorizer.weights_sha256)
    progress = _Progress(film, lease, plan, finished)
    paths = []
    for segment in plan:
        path = source.with_name(f"segment-{segment.index}{RESULT_FORMAT.suffix}")
        if kept := finished.get(segment.index):
            filestore.copy_to(kept.file, path, lease.check)
        else:
            _check_disk(source.parent, RESERVED_BYTES)
            progress.begin()
            made = colorize_segment(
                source, segment, options, colorizer, path, progress.report, check=lease.check
            )
            progress.end(segment.frames)
            if not made.frames:
                continue
            _keep(film, segment, colorizer, path, lease, progress)
            if segment.index != plan[-1].index:
                progress.let_others_go_first()
        paths.append(path)
    result = source.with_name(f"result{RESULT_FORMAT.suffix}")
    joined = join_segments(source, paths, options, result, lease.check)
    return result, joined.notes


def _keep(
    film: Colorization,
    segment: Segment,
    colorizer: Colorizer,
    path: Path,
    lease: Lease,
    progress: _Progress,
) -> None:
    # What is stored is moved there: the join reads a copy.
    copy = path.with_suffix(".kept")
    shutil.copyfile(path, copy)
    film_segments.keep(film, segment, colorizer.weights_sha256, copy, lease, progress.percent)


class _Progress:
    """Frames that are done, and how fast. Reported once a second, since it is written to the database."""

    def __init__(
        self, film: Colorization, lease: Lease, plan: Sequence[Segment], finished: dict[int, Any]
    ) -> None:
        self._rows = Colorization.objects.filter(pk=film.pk)
        self._lease = lease
        self._total = sum(segment.frames for segment in plan)
        self._before = sum(segment.frames for segment in plan if segment.index in finished)
        self._done = self._before
        self._made = 0
        self._working = 0.0
        self._begun = self._reported = self._started = time.monotonic()
        self._write()

    @property
    def percent(self) -> int:
        return min(99, 100 * self._done // max(self._total, 1))

    def begin(self) -> None:
        self._begun = time.monotonic()

    def report(self, done: int) -> None:
        """
        Args:
            done: frames of the segment that is being made.
        """
        self._lease.check()
        self._done = self._before + done
        if time.monotonic() - self._reported >= REPORT_SECONDS:
            self._write(done)

    def end(self, frames: int) -> None:
        """The segment is made."""
        self._working += time.monotonic() - self._begun
        self._made += frames
        self._before += frames
        self._done = self._before
        self._begun = time.monotonic()
        self._write()

    def let_others_go_first(self) -> None:
        has_had_its_turn = time.monotonic() - self._started > TURN_SECONDS
        if scheduling.has_urgent_successor(self._lease.job) or (
            has_had_its_turn and scheduling.is_wanted_by_others(self._lease.job)
        ):
            raise JobYieldedError

    def _write(self, of_segment: int = 0) -> None:
        self._reported = now = time.monotonic()
        seconds = self._working + (now - self._begun if of_segment else 0.0)
        made = self._made + of_segment
        self._lease.report_progress(self.percent)
        self._rows.update(
            frames=self._total,
            frames_done=min(self._done, self._total),
            frames_per_second=made / seconds if made and seconds else None,
        )


def _poster(film: Colorization, colorizer: Colorizer, folder: Path) -> Path:
    """The picture that stands for the film, in color: the same frame as in lists of gray ones."""
    gray, poster = (folder / f"{name}{SCREEN_FORMAT.suffix}" for name in ("gray", "poster"))
    filestore.copy_to(film.source.derivatives.get(purpose=Purpose.DISPLAY), gray)
    colorizer.colorize_file(gray, poster, film.render_factor)
    return poster


def _add_files(
    film: Colorization, result: Path, poster: Path, files: filestore.NewFiles
) -> StoredFile:
    picture = read_picture(poster)
    return add_picture(
        files,
        owner=film.source.owner,
        purpose=Purpose.RESULT,
        content=result,
        format=RESULT_FORMAT,
        shown={
            Purpose.PREVIEW: display_jpeg(picture),
            Purpose.THUMBNAIL: thumbnail_webp(picture),
            Purpose.SMALL: small_webp(picture),
        },
    )
