"""What other apps ask of jobs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any, Final, cast

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext, gettext_noop

from accounts.models import User
from jobs import kinds, transitions, wait_estimates
from jobs.errors import GoneError, TooManyJobsError
from jobs.models import Attempt, Job, JobEvent, JobQuerySet

DELETED: Final = gettext_noop("This was deleted.")


def lock_owner(owner_id: int) -> None:
    """Until the transaction ends: nobody else queues or deletes anything for this person meanwhile.

    Raises:
        GoneError: the account was deleted.
    """
    require(User.objects.locked(owner_id))


def require(rows: QuerySet[Any]) -> None:
    """
    Raises:
        GoneError: none of the rows is there anymore.
    """
    if not rows:
        raise gone(rows.model)


def gone(model: type[Model]) -> GoneError:
    """In a whole sentence of the model's own: a language may say it of each in another way."""
    return GoneError(gettext(getattr(model, "deleted_text", DELETED)))


def enqueue(
    owner: User,
    kind_name: str,
    priority: Job.Priority = Job.Priority.NORMAL,
    *,
    goes_first: bool = False,
) -> Job:
    """Queue a job. What it is about refers to it, and is written in the same transaction.

    Args:
        goes_first: before the owner's other jobs, for what somebody waits for at this moment.

    Raises:
        UnknownKindError: no app registered the kind.
        GoneError: the owner's account was deleted.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    jobs, full = enqueue_some(owner, kind_name, 1, priority, goes_first=goes_first)
    if full:
        raise full
    return jobs[0]


def enqueue_some(
    owner: User,
    kind_name: str,
    number: int,
    priority: Job.Priority = Job.Priority.NORMAL,
    *,
    goes_first: bool = False,
) -> tuple[list[Job], TooManyJobsError | None]:
    """Queue as many jobs as there is room for, to be begun in their order; and why they are not all.

    Raises:
        UnknownKindError, GoneError: as `enqueue`.
    """
    kind = kinds.get(kind_name)
    with transaction.atomic():
        lock_owner(owner.pk)
        open_jobs = Job.objects.open().asked_for().filter(owner=owner)
        room = max(0, settings.MAX_OPEN_JOBS - open_jobs.count())
        if kind.is_background:
            room = number
        jobs = [
            Job(
                owner=owner,
                kind=kind.name,
                queue=kind.queue,
                priority=priority,
                goes_first=goes_first,
            )
            for _ in range(min(number, room))
        ]
        transitions.create(jobs, kind.queue)
        full = _too_many(open_jobs) if number > room else None
    return jobs, full


def _check_limit(owner: User) -> None:
    open_jobs = Job.objects.open().asked_for().filter(owner=owner)
    if open_jobs.count() >= settings.MAX_OPEN_JOBS:
        raise _too_many(open_jobs)


def _too_many(open_jobs: JobQuerySet) -> TooManyJobsError:
    return TooManyJobsError(settings.MAX_OPEN_JOBS, _seconds_until_one_ends(open_jobs))


def _seconds_until_one_ends(open_jobs: JobQuerySet) -> int:
    oldest = open_jobs.order_by("queued_at")[0]
    wait = wait_estimates.wait_of(oldest)
    usual = wait_estimates.usual_duration(oldest.queue)
    seconds = wait.seconds if wait else usual and usual.total_seconds()
    return max(1, round(seconds or settings.JOB_LEASE_SECONDS))


def copy_of(job: Job) -> Job:
    """For a copy of what a successful job made, as if it had been done twice. `save_copies` saves it."""
    other = copy(job)
    other.pk = uuid.uuid4()
    other.attempts_made = 1
    return other


def save_copies(jobs: Sequence[Job]) -> None:
    """With the history of a job that succeeded at once; nobody is told of their ends."""
    Job.objects.bulk_create(jobs)
    Attempt.objects.bulk_create(
        Attempt(
            job=job,
            number=1,
            worker="copied",
            started_at=cast("datetime", job.started_at),
            finished_at=job.finished_at,
            outcome=Attempt.Outcome.SUCCEEDED,
        )
        for job in jobs
    )
    # Of now, not of the times of the job: by when they were written `jobs.changes` knows what is settled.
    JobEvent.objects.bulk_create(
        JobEvent(job=job, owner_id=job.owner_id, state=state, attempt=attempt)
        for job in jobs
        for state, attempt in (
            (Job.State.QUEUED, None),
            (Job.State.RUNNING, 1),
            (Job.State.SUCCEEDED, 1),
        )
    )


def cancel(job: Job) -> bool:
    """Stop a queued or running job; False when it had finished."""
    return transitions.cancel(job)


def cancel_all(jobs: JobQuerySet) -> int:
    """Stop those that are open; returns how many that were."""
    return transitions.cancel_all(jobs)


def make_urgent(job: Job) -> bool:
    """Let it be next; False when it does not wait."""
    return transitions.make_urgent(job)


def move_up(job: Job) -> bool:
    """Let it be the next of its owner's; False when it does not wait."""
    return transitions.move_up(job)


def retry(job: Job, *, goes_first: bool = False) -> bool:
    """Queue a failed or cancelled job again; False when it is in another state."""
    return transitions.retry(job, goes_first=goes_first)


def retry_own(job: Job, *, goes_first: bool = False) -> bool:
    """As `retry`, within what its owner may have open.

    Raises:
        GoneError: the owner's account was deleted.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    with transaction.atomic():
        lock_owner(job.owner_id)
        _check_limit(job.owner)
        return retry(job, goes_first=goes_first)


def stop(jobs: JobQuerySet) -> list[uuid.UUID]:
    """Before what jobs are about is deleted with them: who is told of ends is told of these, and what they were about.

    Until the transaction ends, none of them goes on. Returns their keys.
    """
    with transaction.atomic():
        # Locked: a job that succeeds meanwhile has written its result before it is deleted.
        found = [job.pk for job in jobs.lock()]
        transitions.cancel_all(jobs)
    return found


def delete(jobs: JobQuerySet) -> None:
    """Delete jobs with their history. A worker that runs one finds it gone, and nothing comes out."""
    with transaction.atomic():
        found = stop(jobs)
        for start in range(0, len(found), transitions.BATCH):
            Job.objects.filter(pk__in=found[start : start + transitions.BATCH]).delete()
