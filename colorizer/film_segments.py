"""Parts of a film, which any worker may make: what is finished is kept, whoever is killed.

A segment is claimed by the lease of a job, the film's own or one that helps it. Who loses that lease
has lost the segment, too: there is nothing else to expire.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Sum

from colorizer.engine.version import __version__
from colorizer.engine.video.containers import RESULT_FORMAT
from colorizer.engine.video.description import Segment
from colorizer.models import Colorization, FilmSegment
from colorizer.tasks import COLORIZE_FILM, HELP_FILM, TRY_FILM
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import scheduling
from jobs import services as jobs
from jobs.errors import GoneError, JobLostError
from jobs.lease import Lease
from jobs.models import Job


class _TakenError(Exception):
    """Another job makes the segment by now, or nobody needs it."""


def prepare(film: Colorization, plan: Sequence[Segment], weights_sha256: str, lease: Lease) -> None:
    """One for each part of the plan, by the film's own job. Those that would be made otherwise now are deleted."""
    wanted = {segment.index: _made_as(segment) for segment in plan}
    with transaction.atomic():
        lease.report_progress(0)
        fitting = {
            each.index
            for each in film.segments.all()
            if each.plan == wanted.get(each.index) and each.weights_sha256 == weights_sha256
        }
        discard(film.segments.exclude(index__in=fitting))
        FilmSegment.objects.bulk_create(
            FilmSegment(colorization=film, index=index, plan=made_as, weights_sha256=weights_sha256)
            for index, made_as in wanted.items()
            if index not in fitting
        )
        _free(film).update(frames_done=0)


def _made_as(segment: Segment) -> dict[str, Any]:
    """Two releases of the engine may color a segment otherwise: those are not joined."""
    return {**asdict(segment), "engine": __version__}


def planned(segment: FilmSegment) -> Segment:
    """The part as the engine knows it."""
    return Segment(**{name: value for name, value in segment.plan.items() if name != "engine"})


def claim(film: Colorization, weights_sha256: str, lease: Lease) -> FilmSegment | None:
    """The first that nobody makes, if this release and these weights may make it."""
    free = _free(film).filter(weights_sha256=weights_sha256)
    for segment in free:
        if segment.plan["engine"] != __version__:
            continue
        with transaction.atomic():
            lease.hold()
            claimed = free.filter(pk=segment.pk)
            if claimed.update(lease_token=lease.job.lease_token, frames_done=0):
                return segment
    return None


def has_free(film: Colorization) -> bool:
    """Whether there are some that nobody makes, whoever may make them."""
    return _free(film).exists()


def _free(film: Colorization) -> QuerySet[FilmSegment]:
    makers = Job.objects.filter(state=Job.State.RUNNING, lease_token=OuterRef("lease_token"))
    return film.segments.filter(~Exists(makers), is_made=False)


def report(segment: FilmSegment, frames: int, lease: Lease) -> None:
    """So many of its frames are done."""
    _held(segment, lease).update(frames_done=frames)


def keep(segment: FilmSegment, path: Path, frames: int, lease: Lease) -> None:
    """Under the lease, which is renewed in the same transaction: who has lost it leaves nothing.

    Args:
        frames: that were written; with none there is no file.
    """
    with suppress(_TakenError), filestore.new_files(lease.check) as files:
        file = _added(files, segment, path) if frames else None
        with transaction.atomic():
            lease.hold()
            files.save()
            made = _held(segment, lease).update(
                is_made=True,
                lease_token=None,
                frames_done=planned(segment).frames,
                file=file,
            )
            if not made:
                raise _TakenError


def _added(files: filestore.NewFiles, segment: FilmSegment, path: Path) -> StoredFile:
    return files.add(
        segment.colorization.owner,
        StoredFile.Purpose.SEGMENT,
        path,
        suffix=RESULT_FORMAT.suffix,
        content_type=RESULT_FORMAT.content_type,
    )


def _held(segment: FilmSegment, lease: Lease) -> QuerySet[FilmSegment]:
    return FilmSegment.objects.filter(pk=segment.pk, lease_token=lease.job.lease_token)


def frames_done(film: Colorization) -> int:
    """Of all segments, those that are being made among them."""
    return film.segments.aggregate(Sum("frames_done"))["frames_done__sum"] or 0


def bytes_made(film: Colorization) -> int:
    return film.segments.aggregate(Sum("file__bytes"))["file__bytes__sum"] or 0


def are_all_made(film: Colorization) -> bool:
    return not film.segments.filter(is_made=False).exists()


def files(film: Colorization, lease: Lease) -> list[StoredFile]:
    """In their order, if all are made; with the lease, since a cancelled film has none left to make."""
    with transaction.atomic():
        lease.hold()
        made = film.segments.filter(file__isnull=False).select_related("file")
        return [segment.file for segment in made if segment.file]


def ask_for_help(film: Colorization, lease: Lease) -> None:
    """Workers that have nothing to do make segments, too; one is left for who asks.

    Where one has failed, others would as well: from then on the film is made by its own job.

    Raises:
        JobLostError: the film, or its owner's account, was deleted.
    """
    if film.helpers.filter(state=Job.State.FAILED).exists():
        return
    free = _free(film).count() - 1
    helpers = min(free, scheduling.idle_workers(lease.job.queue)) if free > 0 else 0
    if helpers > 0:
        try:
            with transaction.atomic():
                queued, _ = jobs.enqueue_some(film.owner, HELP_FILM.name, helpers)
                lease.hold()
                film.helpers.add(*queued)
        except GoneError as error:
            raise JobLostError from error


def discard(segments: QuerySet[FilmSegment]) -> None:
    with transaction.atomic():
        # Locked: what a helper keeps at this moment is found, too.
        found = list(segments.order_by("pk").select_for_update(of=("self",)))
        FilmSegment.objects.filter(pk__in=[segment.pk for segment in found]).delete()
        filestore.delete(StoredFile.objects.filter(pk__in=[segment.file_id for segment in found]))


def discard_of_ended(ended: Sequence[Job], state: Job.State, error_code: str) -> None:
    """A listener of `jobs.endings`: nobody goes on with them, nor helps."""
    films = [job.pk for job in ended if job.kind in (COLORIZE_FILM.name, TRY_FILM.name)]
    if films:
        jobs.delete(Job.objects.filter(helped_films__job__in=films))
        discard(FilmSegment.objects.filter(colorization__job__in=films))
    if films and state != Job.State.SUCCEEDED:
        # Whoever tries it again begins with the first frame.
        ended_early = Colorization.objects.filter(job__in=films)
        ended_early.update(frames_done=None, frames_per_second=None)
