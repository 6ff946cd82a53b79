"""Copies of what was made of a source, for a copy of it."""

from __future__ import annotations

import uuid
from copy import copy
from datetime import datetime
from typing import cast

from django.db.models.functions import Now

from colorizer.guiding import guide_of, record_of
from colorizer.models import (
    Adjustment,
    Colorization,
    Film,
    Guidance,
)
from colorizer.services import finished
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs


class CopiedVersions:
    """Copies of the finished versions of a source, whose rows are about to be written."""

    def __init__(self, film: Film | None = None) -> None:
        self._film = film
        self._versions: list[tuple[Colorization, datetime]] = []
        self._adjustments: list[Adjustment] = []
        self._guidance: list[Guidance] = []

    def add(self, version: Colorization, source: StoredFile, files: filestore.NewFiles) -> None:
        other = copy(version)
        other.pk = uuid.uuid4()
        other.source = source
        other.job = jobs.copy_of(version.job)
        other.result = files.add_copy(_result_to_copy(version))
        self._versions.append((other, version.created_at))
        if version.guided:
            self._guidance.append(record_of(other, guide_of(version)))
        if version.adjusted and version.adjusted.is_in_the_files:
            self._adjustments.append(_copied_adjustment(version.adjusted, other, files))

    def save(self) -> None:
        """Insert the rows, in the caller's transaction."""
        if self._film:
            self._film.save(force_insert=True)
        copies = [version for version, _created_at in self._versions]
        adjusting = [adjustment.job for adjustment in self._adjustments]
        jobs.save_copies([*(copy.job for copy in copies), *adjusting])
        Colorization.objects.bulk_create(copies)
        Adjustment.objects.bulk_create(self._adjustments)
        Guidance.objects.bulk_create(self._guidance)
        for version, created_at in self._versions:
            version.created_at, version.changed_at = created_at, Now()
        Colorization.objects.bulk_update(copies, ["created_at", "changed_at"])


def _result_to_copy(version: Colorization) -> StoredFile:
    """Adjustments that are on their way are not copied, nor what was there before them."""
    adjusted = version.adjusted
    if adjusted and adjusted.unadjusted and not adjusted.is_in_the_files:
        return adjusted.unadjusted
    return cast("StoredFile", version.result)


def _copied_adjustment(
    adjustment: Adjustment, version: Colorization, files: filestore.NewFiles
) -> Adjustment:
    other = copy(adjustment)
    other.colorization, other.job = version, jobs.copy_of(adjustment.job)
    if adjustment.unadjusted:
        other.unadjusted = files.add_copy(adjustment.unadjusted)
    return other


def copy_finished(
    source: StoredFile, target: StoredFile, files: filestore.NewFiles
) -> CopiedVersions:
    """The finished versions of a source, for a copy of it."""
    versions = CopiedVersions(_copy_of_film(source, target))
    for version in finished([source.pk]).select_related(
        "result__owner", "adjustment__unadjusted__owner"
    ):
        versions.add(version, target, files)
    return versions


def _copy_of_film(source: StoredFile, target: StoredFile) -> Film | None:
    film = Film.objects.filter(source=source).first()
    if film:
        film.pk, film.source = None, target
    return film
