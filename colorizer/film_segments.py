"""Parts of a film that are in color already. What a killed worker has finished, the next one takes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from colorizer.engine.version import __version__
from colorizer.engine.video.containers import RESULT_FORMAT
from colorizer.engine.video.description import Segment
from colorizer.models import Colorization, FilmSegment
from colorizer.tasks import COLORIZE_FILM, TRY_FILM
from filestore import services as filestore
from filestore.models import StoredFile
from jobs.lease import Lease
from jobs.models import Job


def finished(
    colorization: Colorization, plan: Sequence[Segment], weights_sha256: str
) -> dict[int, FilmSegment]:
    """By their index. Those that would be made otherwise now are deleted."""
    wanted = {segment.index: _made_as(segment) for segment in plan}
    found = {each.index: each for each in colorization.segments.select_related("file")}
    fitting = {
        index: each
        for index, each in found.items()
        if each.plan == wanted.get(index) and each.weights_sha256 == weights_sha256
    }
    discard(FilmSegment.objects.filter(index__in=found.keys() - fitting, colorization=colorization))
    return fitting


def _made_as(segment: Segment) -> dict[str, Any]:
    """Two releases of the engine may color a segment otherwise: those are not joined."""
    return {**asdict(segment), "engine": __version__}


def keep(
    colorization: Colorization,
    segment: Segment,
    weights_sha256: str,
    path: Path,
    lease: Lease,
    percent: int,
) -> FilmSegment:
    """Under the lease, which is renewed in the same transaction: who has lost it leaves nothing."""
    row = FilmSegment(
        colorization=colorization,
        index=segment.index,
        plan=_made_as(segment),
        weights_sha256=weights_sha256,
    )
    with filestore.new_files() as files:
        row.file = files.add(
            colorization.owner,
            StoredFile.Purpose.SEGMENT,
            path,
            suffix=RESULT_FORMAT.suffix,
            content_type=RESULT_FORMAT.content_type,
        )
        with transaction.atomic():
            lease.report_progress(percent)
            files.save()
            row.save(force_insert=True)
    return row


def discard(segments: QuerySet[FilmSegment]) -> None:
    with transaction.atomic():
        files = list(StoredFile.objects.filter(film_segment__in=segments.order_by()))
        FilmSegment.objects.filter(file__in=files).delete()
        filestore.delete(files)


def discard_of_ended(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
    """A listener of `jobs.endings`: nobody goes on with them."""
    ended = [job.pk for job in jobs if job.kind in (COLORIZE_FILM.name, TRY_FILM.name)]
    if ended:
        discard(FilmSegment.objects.filter(colorization__job__in=ended))
