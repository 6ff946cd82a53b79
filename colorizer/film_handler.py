"""Runs a job of a film: segment by segment, each kept when it is done, then all of them joined. Workers only."""

from __future__ import annotations

import errno
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final, cast

import torch
from django.conf import settings
from django.utils.translation import gettext_noop
from torch.nn.modules.module import register_module_forward_pre_hook

from colorizer import film_segments
from colorizer.engine.errors import (
    HintError,
    HintsNotTakenError,
    UnreadableFilmError,
    UnreadablePictureError,
    WeightsError,
)
from colorizer.engine.hints import FilmHint
from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.formats import SCREEN_FORMAT
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.references import reference_of_png
from colorizer.engine.variants import Variant
from colorizer.engine.video import (
    FilmLimits,
    FilmOptions,
    Segment,
    colorize_segment,
    join_segments,
    plan_segments,
    poster_stamp,
)
from colorizer.engine.video.containers import RESULT_FORMAT
from colorizer.engine.video.description import JoinReport
from colorizer.errors import ErrorCode
from colorizer.guiding import guide_of
from colorizer.handler import choice_for, colorizer_of
from colorizer.models import WEIGHTS_NAME_LENGTH, Colorization
from colorizer.picture_files import add_picture
from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from jobs import scheduling
from jobs.errors import ErrorCode as JobErrorCode
from jobs.errors import JobFailedError, JobYieldedError, TransientJobError
from jobs.lease import Lease

REPORT_SECONDS: Final = 1.0
MIN_RUN_SECONDS: Final = 60.0
"""So long a film is worked on before those of other people come in between."""
DISK_SHARES: Final = 4
"""Source, segments, copies of them and result together are about as many times the source's bytes."""
RESERVED_BYTES: Final = 2**28
"""That a film leaves free while it grows: for photos and the database."""
FULL_DISK_PAUSE: Final = timedelta(minutes=10)
"""After a full disk, a film of which segments are made waits so long before it is tried again."""

Purpose = StoredFile.Purpose


def run(lease: Lease) -> None:
    """Of a film: what is missing of it is made, by helpers too, and joined."""
    film = Colorization.objects.select_related("owner", "source__owner").get(job=lease.job)
    with (
        _patient(film),
        _errors_named(),
        temporary_folder() as folder,
        filestore.new_files(lease.check) as files,
    ):
        # Before hours of work: what is to be written has to fit.
        needed = (1 if film.is_trial else DISK_SHARES) * film.source.bytes
        _check_disk(folder, needed - film_segments.bytes_made(film))
        maker = _Maker(film, folder, lease)
        with maker.ending_at_once():
            plan = _planned(maker)
            result, joined = _colorized(maker, plan)
            poster = _poster(maker, folder, plan[0])
        stored = _add_files(film, result, poster, files)
        with lease.success():
            files.save()
            Colorization.objects.filter(pk=film.pk).update(
                result=stored,
                weights_name=maker.colorizer.weights_name[:WEIGHTS_NAME_LENGTH],
                weights_sha256=maker.colorizer.weights_sha256,
                used_render_factor=joined.render_factor,
                notes=joined.notes,
            )


def run_helper(lease: Lease) -> None:
    """Make segments of a film until there is no more, or something else waits for this worker."""
    film = Colorization.objects.select_related("source").filter(helpers=lease.job).first()
    if film is None:
        with lease.success():
            return
    with _errors_named(), temporary_folder() as folder:
        _check_disk(folder, film.source.bytes)
        maker = _Maker(film, folder, lease)
        with maker.ending_at_once():
            if not maker.make_next():
                _check_nothing_is_left(film)
            while not scheduling.next_but_helpers(lease.job.queue) and maker.make_next():
                pass
        with lease.success():
            pass


def _check_nothing_is_left(film: Colorization) -> None:
    """A helper that may make none of the segments fails, and the film asks for no more."""
    if film_segments.has_free(film):
        text = gettext_noop("This worker has another release or other weights than the film's.")
        raise JobFailedError(ErrorCode.WEIGHTS, text)


@contextmanager
def _patient(film: Colorization) -> Iterator[None]:
    """Hours of work are not given up in seconds: who runs the site has time to make room."""
    try:
        yield
    except TransientJobError as error:
        if film_segments.bytes_made(film):
            error.pause = FULL_DISK_PAUSE
        raise


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except (UnreadableFilmError, UnreadablePictureError, HintError) as error:
        raise JobFailedError(ErrorCode.UNREADABLE_FILM, error.text, **error.params) from error
    except HintsNotTakenError as error:
        raise JobFailedError(ErrorCode.WEIGHTS, error.text, **error.params) from error
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


class _Maker:
    """Makes segments of a film, one after the other."""

    def __init__(self, film: Colorization, folder: Path, lease: Lease) -> None:
        self.film, self.lease, self._folder = film, lease, folder
        guide = guide_of(film)
        self.colorizer = colorizer_of(choice_for(film, guide))
        self.options = FilmOptions(
            variant=cast("Variant", film.variant),
            render_factor=film.render_factor,
            start=film.start or 0.0,
            seconds=film.seconds,
            hints=tuple(hint for hint in guide.hints if isinstance(hint, FilmHint)),
            reference=guide.reference,
            reference_seconds=guide.reference_seconds,
        )

    @cached_property
    def source(self) -> Path:
        """The film's file, once something of it is made."""
        path = self._folder / "source"
        filestore.copy_to(self.film.source, path, self.lease.check)
        return path

    @contextmanager
    def ending_at_once(self) -> Iterator[None]:
        """A cancelled job stops at the next layer, not at the end of a network that takes minutes."""
        with register_module_forward_pre_hook(lambda *_: self.lease.check()):
            yield

    def make_next(self, on_progress: Callable[[], None] = lambda: None) -> bool:
        """The next one that nobody makes; False if there is none.

        Args:
            on_progress: called once a second.
        """
        row = film_segments.claim(self.film, self.colorizer.weights_sha256, self.lease)
        if row is None:
            return False
        _check_disk(self._folder, RESERVED_BYTES)
        reported = time.monotonic()

        def report(frames: int) -> None:
            nonlocal reported
            self.lease.check()
            if time.monotonic() - reported >= REPORT_SECONDS:
                film_segments.report(row, frames, self.lease)
                on_progress()
                reported = time.monotonic()

        path = self._folder / f"segment{RESULT_FORMAT.suffix}"
        segment = film_segments.planned(row)
        made = colorize_segment(
            self.source,
            segment,
            self.options,
            self.colorizer,
            path,
            report,
            check=self.lease.check,
        )
        film_segments.keep(row, path, made.frames, self.lease)
        on_progress()
        return True


def _planned(maker: _Maker) -> list[Segment]:
    limits = FilmLimits(seconds=settings.MAX_FILM_SECONDS)
    return plan_segments(maker.source, maker.options, limits, maker.lease.check)


def _colorized(maker: _Maker, plan: list[Segment]) -> tuple[Path, JoinReport]:
    """The film in color, and what is to be said of it."""
    film, lease, source = maker.film, maker.lease, maker.source
    film_segments.prepare(film, plan, maker.colorizer.weights_sha256, lease)
    progress = _Progress(film, lease, sum(segment.frames for segment in plan))
    while not film_segments.are_all_made(film):
        film_segments.ask_for_help(film, lease)
        if not maker.make_next(progress.write):
            time.sleep(REPORT_SECONDS)  # helpers make the last ones
            lease.check()
            progress.write()
        if not film_segments.are_all_made(film):
            progress.let_others_go_first()
    paths: list[Path] = []
    for file in film_segments.files(film, lease):
        paths.append(source.with_name(f"segment-{len(paths)}{RESULT_FORMAT.suffix}"))
        filestore.copy_to(file, paths[-1], lease.check)
    result = source.with_name(f"result{RESULT_FORMAT.suffix}")
    return result, join_segments(source, paths, maker.options, result, lease.check)


class _Progress:
    """Frames that are done, by whomever, and how fast."""

    def __init__(self, film: Colorization, lease: Lease, total: int) -> None:
        self._film, self._lease, self._total = film, lease, total
        self._before = film_segments.frames_done(film)
        self._started = time.monotonic()
        self.write()

    def write(self) -> None:
        done = min(film_segments.frames_done(self._film), self._total)
        made = done - self._before
        self._lease.report_progress(min(99, 100 * done // max(self._total, 1)))
        Colorization.objects.filter(pk=self._film.pk).update(
            frames=self._total,
            frames_done=done,
            frames_per_second=made / (time.monotonic() - self._started) if made > 0 else None,
        )

    def let_others_go_first(self) -> None:
        has_run_long_enough = time.monotonic() - self._started > MIN_RUN_SECONDS
        if scheduling.has_urgent_successor(self._lease.job) or (
            has_run_long_enough and scheduling.is_wanted_by_others(self._lease.job)
        ):
            raise JobYieldedError


def _poster(maker: _Maker, folder: Path, segment: Segment) -> Path:
    """The picture that stands for the film, in color: the same frame as in lists of gray ones.

    Args:
        segment: any of the film.
    """
    gray, poster = (folder / f"{name}{SCREEN_FORMAT.suffix}" for name in ("gray", "poster"))
    film, reference = maker.film, maker.options.reference
    if maker.options.reference_seconds is not None:
        is_in_scene = segment.takes_reference(poster_stamp(maker.source))
        reference = reference if is_in_scene else b""
    filestore.copy_to(film.source.derivatives.get(purpose=Purpose.DISPLAY), gray)
    maker.colorizer.colorize_file(
        gray,
        poster,
        film.render_factor,
        reference=reference_of_png(reference) if reference else None,
    )
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
