"""What the site, the API and the staff pages ask of the colorizer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from copy import copy
from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models import F

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
    asked = Colorization(source=source, variant=variant, render_factor=render_factor)
    check_choices(variant, render_factor)
    with transaction.atomic():
        # Locked: who asks twice at the same time gets one job.
        jobs.lock_owner(source.owner_id)
        jobs.require(StoredFile.objects.filter(pk=source.pk))
        if existing := _same(asked):
            if goes_first:
                jobs.move_up(existing.job)
            return _kept(existing)
        asked.job = jobs.enqueue(source.owner, COLORIZE.name, goes_first=goes_first)
        asked.save(force_insert=True)
    return asked


def check_choices(variant: str, render_factor: int) -> None:
    """Raise the ValidationError that `enqueue` would, before there is a source."""
    choices = Colorization(variant=variant, render_factor=render_factor)
    choices.clean_fields(exclude=["job", "source"])


def _same(asked: Colorization) -> Colorization | None:
    """Of the same source, with the same choices."""
    candidates = Colorization.objects.filter(
        source=asked.source, variant=asked.variant, render_factor=asked.render_factor
    ).order_by(F("trashed_at").desc(nulls_first=True), "-created_at", "pk")
    being_made = candidates.kept().open().first()
    return being_made or next(filter(is_current, candidates.succeeded()), None)


def _kept(colorization: Colorization) -> Colorization:
    """Out of the trash, if it lies there."""
    Colorization.objects.filter(pk=colorization.pk).update(trashed_at=None)
    colorization.trashed_at = None
    return colorization


def is_current(colorization: Colorization) -> bool:
    """Whether the same picture would come out again."""
    if colorization.is_less_detailed_than_asked:
        return False
    current = CurrentWeights.objects.filter(variant=colorization.variant).first()
    return current is not None and current.sha256 == colorization.weights_sha256


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
            version.created_at = created_at
        Colorization.objects.bulk_update(copies, ["created_at"])


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
