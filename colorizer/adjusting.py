"""Saving how versions are adjusted, and taking it back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from django.db import transaction
from django.db.models.functions import Now

from colorizer import packs
from colorizer.engine.adjustments import Adjustments, from_json
from colorizer.models import Adjustment, Colorization
from colorizer.services import require_photo
from colorizer.tasks import ADJUST
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.models import Job, JobQuerySet

NOTHING = Adjustments()


class AdjustedMeanwhileError(Exception):
    """Somebody else, or the same person in another tab, has saved other adjustments."""


def adjustments_of(colorization: Colorization) -> Adjustments:
    """As they were saved last; they may still be on their way into the files."""
    return from_json(colorization.adjusted.choices) if colorization.adjusted else NOTHING


def seen_in(colorization: Colorization) -> str:
    """What `save` takes to know whether others have saved since."""
    return str(colorization.adjusted.job_id) if colorization.adjusted else ""


def wanted_of(colorization: Colorization, adjustments: Adjustments) -> Adjustments:
    """What the same adjustments are for one of many: without strokes it keeps its own."""
    return replace(adjustments, gray=adjustments.gray or adjustments_of(colorization).gray)


def save(
    colorization: Colorization,
    adjustments: Adjustments,
    seen: str | None = None,
    *,
    goes_first: bool = True,
) -> Colorization:
    """Save them, and queue the job that brings them into the files.

    Without any, the result is at once what the network made.

    Args:
        seen: `seen_in` the version that the person looked at; None to overwrite whatever there is.
        goes_first: before the owner's other jobs, for what somebody waits for at this moment.

    Returns:
        The colorization as it is now.

    Raises:
        NotForFilmsError: it is a version of a film.
        GoneError: the version was deleted.
        AdjustedMeanwhileError: nothing was saved.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    require_photo(colorization.source_id)
    with transaction.atomic():
        jobs.lock_owner(colorization.owner_id)
        current = _locked(colorization)
        if seen is not None and seen_in(current) != seen:
            raise AdjustedMeanwhileError
        if adjustments.are_none:
            _reset(current)
        elif is_new(current, adjustments):
            _queue(current, adjustments, goes_first=goes_first)
    return Colorization.objects.get(pk=colorization.pk)


def save_for_all(
    colorizations: Sequence[Colorization], adjustments: Adjustments
) -> tuple[set[uuid.UUID], TooManyJobsError | None]:
    """For those of one owner that differ, as many as there is room for; which, and why not all.

    Nobody waits for many: they do not go before the owner's other jobs.
    """
    changed: set[uuid.UUID] = set()
    with transaction.atomic():
        for colorization in colorizations:
            wanted = wanted_of(colorization, adjustments)
            if not is_new(colorization, wanted):
                continue
            try:
                save(colorization, wanted, goes_first=False)
            except TooManyJobsError as error:
                return changed, error
            changed.add(colorization.pk)
    return changed, None


def _locked(colorization: Colorization) -> Colorization:
    """As it is now; a worker that is about to finish has finished before, or finds its job gone."""
    own = Colorization.objects.kept().succeeded().filter(pk=colorization.pk)
    list(_jobs_of(colorization).lock())
    current = own.select_related("result", "adjustment__unadjusted", "owner").first()
    if current is None:
        raise jobs.gone(Colorization)
    return current


def _jobs_of(colorization: Colorization) -> JobQuerySet:
    return Job.objects.filter(adjustment__colorization=colorization.pk)


def is_new(current: Colorization, adjustments: Adjustments) -> bool:
    """Saving the same again tries again what failed, and nothing else."""
    if adjustments_of(current) != adjustments:
        return True
    ended = (Job.State.FAILED, Job.State.CANCELLED)
    return current.adjusted is not None and current.adjusted.job.state in ended


def _queue(current: Colorization, adjustments: Adjustments, *, goes_first: bool) -> None:
    last = jobs.stop(_jobs_of(current))
    job = jobs.enqueue(current.owner, ADJUST.name, goes_first=goes_first)
    Adjustment.objects.update_or_create(
        colorization=current, defaults={"job": job, "choices": adjustments.as_json()}
    )
    jobs.delete(Job.objects.filter(pk__in=last))
    Colorization.objects.filter(pk=current.pk).update(changed_at=Now())


def _reset(current: Colorization) -> None:
    adjustment = current.adjusted
    if adjustment is None:
        return
    last = jobs.stop(_jobs_of(current))
    before, adjusted = adjustment.unadjusted, cast("StoredFile", current.result)
    Adjustment.objects.filter(colorization=current).delete()
    jobs.delete(Job.objects.filter(pk__in=last))
    result = before or adjusted
    Colorization.objects.filter(pk=current.pk).update(result=result, changed_at=Now())
    if before:
        packs.delete_of([adjusted.pk])
        filestore.delete([adjusted])
