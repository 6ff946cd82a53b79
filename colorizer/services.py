"""What the site, the API and the staff pages ask of the colorizer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any, cast

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from colorizer.models import (
    WEIGHTS_NAME_LENGTH,
    Colorization,
    ColorizationQuerySet,
    CurrentWeights,
)
from colorizer.tasks import COLORIZE
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.models import Job


def enqueue(
    source: StoredFile, variant: str, render_factor: int, *, goes_first: bool = False
) -> Colorization:
    """Queue a colorization, or find the one that is open or would come out the same, also in the trash.

    Args:
        goes_first: before all others of the owner that wait.

    Raises:
        ValidationError: names an unknown variant or a factor out of range.
        GoneError: the source was deleted.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    with transaction.atomic():
        jobs.lock_owner(source.owner_id)
        jobs.require(StoredFile.objects.filter(pk=source.pk))
        queued = enqueue_some([source], variant, render_factor)
        if queued.full:
            raise queued.full
        colorization = (queued.existing or queued.made)[source.pk]
        if goes_first:
            jobs.move_up(colorization.job)
    return colorization


@dataclass(frozen=True)
class Queued:
    """
    Attributes:
        existing, made: by their sources.
        full: why there is none of the other sources.
    """

    existing: Mapping[uuid.UUID, Colorization]
    made: Mapping[uuid.UUID, Colorization]
    full: TooManyJobsError | None


def enqueue_some(sources: Sequence[StoredFile], variant: str, render_factor: int) -> Queued:
    """As `enqueue`, for sources of one owner that are there, as long as there is room."""
    check_choices(variant, render_factor)
    owner = sources[0].owner
    with transaction.atomic():
        # Locked: who asks twice at the same time gets one job.
        jobs.lock_owner(owner.pk)
        existing = _existing(sources, variant, render_factor)
        new = [source for source in sources if source.pk not in existing]
        queued, full = jobs.enqueue_some(owner, COLORIZE.name, len(new))
        made = Colorization.objects.bulk_create(
            Colorization(
                owner=owner, job=job, source=source, variant=variant, render_factor=render_factor
            )
            for job, source in zip(queued, new, strict=False)
        )
        _take_out_of_the_trash(existing.values())
    return Queued(existing, {each.source_id: each for each in made}, full)


def check_choices(variant: str, render_factor: int) -> None:
    """Raise the ValidationError that `enqueue` would, before there is a source."""
    choices = Colorization(variant=variant, render_factor=render_factor)
    choices.clean_fields(exclude=["job", "source"])


def _existing(
    sources: Iterable[StoredFile], variant: str, render_factor: int
) -> dict[uuid.UUID, Colorization]:
    """Those that are open, else those that would come out the same, by their sources."""
    candidates = Colorization.objects.filter(
        source__in=sources, variant=variant, render_factor=render_factor
    ).order_by(F("trashed_at").desc(nulls_first=True), "-created_at", "pk")
    weights = _current_weights(variant)
    same = (each for each in candidates.succeeded() if _is_of(each, weights))
    found: dict[uuid.UUID, Colorization] = {}
    for each in chain(candidates.kept().open(), same):
        found.setdefault(each.source_id, each)
    return found


def _take_out_of_the_trash(colorizations: Iterable[Colorization]) -> None:
    lying_there = [each for each in colorizations if each.trashed_at]
    restore(Colorization.objects.filter(pk__in=[each.pk for each in lying_there]))
    for each in lying_there:
        each.trashed_at = None


def is_current(colorization: Colorization) -> bool:
    """Whether the same picture would come out again."""
    return _is_of(colorization, _current_weights(colorization.variant))


def _current_weights(variant: str) -> str | None:
    return CurrentWeights.objects.filter(variant=variant).values_list("sha256", flat=True).first()


def _is_of(colorization: Colorization, weights: str | None) -> bool:
    whole = not colorization.is_less_detailed_than_asked
    return whole and weights is not None and colorization.weights_sha256 == weights


def judge(colorization: Colorization, **opinion: Any) -> None:
    """Write what its owner thinks of it: `is_kept`, of one version of a source; `rating`.

    Raises:
        GoneError: it was deleted.
    """
    with transaction.atomic():
        jobs.lock_owner(colorization.owner_id)
        own = Colorization.objects.kept().filter(pk=colorization.pk)
        jobs.require(own)
        if opinion.get("is_kept"):
            others = Colorization.objects.filter(source=colorization.source_id, is_kept=True)
            others.exclude(pk=colorization.pk).update(is_kept=False, changed_at=Now())
        own.update(**opinion, changed_at=Now())
    colorization.refresh_from_db(fields=[*opinion, "changed_at"])


def record_current_weights(variant: str, name: str, sha256: str) -> None:
    """Tell the web servers which weights the workers use now."""
    name = name[:WEIGHTS_NAME_LENGTH]
    if not CurrentWeights.objects.filter(variant=variant, name=name, sha256=sha256).exists():
        CurrentWeights.objects.update_or_create(
            variant=variant, defaults={"name": name, "sha256": sha256}
        )


def finished(sources: Iterable[uuid.UUID]) -> ColorizationQuerySet:
    """The versions of these sources that have a result, the oldest first."""
    versions: ColorizationQuerySet = Colorization.objects.kept().succeeded()
    return versions.filter(source__in=sources).order_by("created_at", "pk")


class CopiedVersions:
    """Copies of the finished versions of a source, whose rows are about to be written."""

    def __init__(self) -> None:
        self._versions: list[tuple[Colorization, datetime]] = []

    def add(self, version: Colorization, source: StoredFile, files: filestore.NewFiles) -> None:
        other = copy(version)
        other.pk = uuid.uuid4()
        other.source = source
        other.job = jobs.copy_of(version.job)
        other.result = files.add_copy(cast("StoredFile", version.result))
        self._versions.append((other, version.created_at))

    def save(self) -> None:
        """Insert the rows, in the caller's transaction."""
        copies = [version for version, _ in self._versions]
        Job.objects.bulk_create([copy.job for copy in copies])
        Colorization.objects.bulk_create(copies)
        for version, created_at in self._versions:
            version.created_at, version.changed_at = created_at, Now()
        Colorization.objects.bulk_update(copies, ["created_at", "changed_at"])


def copy_finished(
    source: StoredFile, target: StoredFile, files: filestore.NewFiles
) -> CopiedVersions:
    """The finished versions of a source, for a copy of it."""
    versions = CopiedVersions()
    for version in finished([source.pk]).select_related("result__owner"):
        versions.add(version, target, files)
    return versions


def cancel_all(colorizations: ColorizationQuerySet) -> int:
    """Stop those that are open; returns how many that were."""
    return jobs.cancel_all(Job.objects.filter(colorization__in=colorizations.order_by()))


def trash(colorizations: ColorizationQuerySet, moment: datetime) -> None:
    """Put those into the trash that are not there; what is being made is cancelled."""
    kept = colorizations.kept().order_by()
    with transaction.atomic():
        cancel_all(kept)
        kept.update(trashed_at=moment)


def restore(colorizations: ColorizationQuerySet) -> int:
    """Take those out of the trash; returns how many."""
    return colorizations.order_by().update(trashed_at=None, changed_at=Now())


def delete(colorizations: ColorizationQuerySet) -> None:
    """Delete colorizations with their jobs and files.

    A worker that runs one finds its job gone and discards what it made.
    """
    with transaction.atomic():
        # Locked: a job that succeeds meanwhile would leave files that nobody knows of.
        found = list(colorizations.values_list("pk", "job_id"))
        list(Job.objects.filter(pk__in=[job for _, job in found]).lock())
        locked = Colorization.objects.filter(pk__in=[pk for pk, _ in found])
        results = list(StoredFile.objects.filter(colorization_of_result__in=locked.order_by()))
        locked.delete()
        jobs.delete(Job.objects.filter(pk__in=[job for _, job in found]))
        filestore.delete(results)
