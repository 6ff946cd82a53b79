"""The state machine of a job: one function per transition, each a compare-and-set in the database.

    queued -> running -> succeeded | failed | cancelled; running -> queued when it may be tried again

Whoever runs a job holds its lease: a random token and a time until which it is the runner's. A
transition out of `running` asks for the token, so a runner that lost its lease changes nothing.
All times are the database's: the clocks of the workers' machines do not matter. The attempt, the
event and the counters of a change are written in its transaction.
"""

from __future__ import annotations

import collections
import os
import socket
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from jobs import broker, counters, endings, scheduling
from jobs.errors import ErrorCode
from jobs.models import MAX_ATTEMPTS, TEXT_LENGTH, Attempt, Job, JobEvent, JobQuerySet, Queue

State = Job.State
Outcome = Attempt.Outcome

ENDED: Final = (State.SUCCEEDED, State.FAILED, State.CANCELLED)
NO_LEASE: Final = {"lease_token": None, "lease_expires_at": None, "cluster_id": None}
NO_PAUSE: Final = timedelta()
BATCH: Final = 500
TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class _End:
    """How an attempt ended."""

    outcome: Attempt.Outcome
    code: str = ""
    text: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def _now(ticks: int = 0) -> Combinable:
    """With microseconds, also on SQLite, whose clock has milliseconds: pages of jobs are cut between two of them."""
    return Now() + ticks * TICK


def create(jobs: Sequence[Job], queue: str) -> None:
    """Queue new jobs of one queue: they are begun in this order."""
    for number, job in enumerate(jobs):
        job.queued_at = _now(number)
    with transaction.atomic():
        for start in range(0, len(jobs), BATCH):
            batch = Job.objects.bulk_create(jobs[start : start + BATCH])
            _record(batch, State.QUEUED)
        broker.notify_workers(queue, len(jobs))


def claim_next(queue: Queue, cluster_id: uuid.UUID | None = None) -> Job | None:
    """Take the job that is next."""
    while candidate := scheduling.next_job(queue):
        if claim(candidate, cluster_id):
            return candidate
        # Another worker got there first: look again.
    return None


def claim(job: Job, cluster_id: uuid.UUID | None = None) -> bool:
    """Take this job; False when it does not wait any more."""
    with transaction.atomic():
        claimed = Job.objects.filter(pk=job.pk, state=State.QUEUED).update(
            state=State.RUNNING,
            attempts_made=F("attempts_made") + 1,
            lease_token=uuid.uuid4(),
            lease_expires_at=Now() + _lease(),
            cluster_id=cluster_id,
            started_at=Now(),
            progress=0,
        )
        if not claimed:
            return False
        job.refresh_from_db()
        _begin_attempt(job)
        _record([job], State.RUNNING)
    return True


def _begin_attempt(job: Job) -> None:
    last = job.attempts.aggregate(Max("number"))["number__max"] or 0
    worker = f"{socket.gethostname()}:{os.getpid()}"
    Attempt.objects.create(job=job, number=last + 1, worker=worker)


def renew(job: Job, progress: int) -> bool:
    """Report progress and renew the lease; False when the job is no longer the runner's."""
    return _held(job).update(progress=progress, lease_expires_at=Now() + _lease()) == 1


def is_held(job: Job) -> bool:
    """Whether the job is still the runner's."""
    return _held(job).exists()


def succeed(job: Job) -> bool:
    with transaction.atomic():
        end = _End(Outcome.SUCCEEDED)
        if not _change(job, _held(job), State.SUCCEEDED, end, progress=100, **_finished()):
            return False
        duration = Job.objects.values_list("duration", flat=True).get(pk=job.pk) or timedelta()
        counters.observe("job_seconds", duration.total_seconds(), kind=job.kind, queue=job.queue)
    return True


def fail(job: Job, code: str, text: str, **params: Any) -> bool:
    """
    Args:
        text: in English, with named placeholders; `params` take their places, see `jobs.texts`.
    """
    return _fail(job, _held(job), _End(Outcome.FAILED, code, text, params))


def retry_or_fail(
    job: Job, code: str, text: str, *, pause: timedelta | None = None, **params: Any
) -> bool:
    """For a failure that may pass: back to the queue until the attempts are used up.

    Args:
        pause: until it is tried again; by default longer after each attempt.
    """
    if pause is None:
        pause = timedelta(seconds=settings.JOB_RETRY_SECONDS) * 3 ** (job.attempts_made - 1)
    return _retry_or_fail(job, _held(job), _End(Outcome.FAILED, code, text, params), pause)


def cancel(job: Job) -> bool:
    return cancel_all(Job.objects.filter(pk=job.pk)) == 1


def cancel_all(jobs: JobQuerySet) -> int:
    """Those that are open; returns how many that were."""
    with transaction.atomic():
        found = [job.pk for job in jobs.lock().open()]
        return sum(_cancel(found[start : start + BATCH]) for start in range(0, len(found), BATCH))


def _cancel(keys: Sequence[uuid.UUID]) -> int:
    """Read again: who is told that the batch before has ended deletes its helpers."""
    batch = list(Job.objects.filter(pk__in=keys).order_by("pk"))
    Job.objects.filter(pk__in=keys).update(state=State.CANCELLED, finished_at=Now(), **NO_LEASE)
    _record(batch, State.CANCELLED, _End(Outcome.CANCELLED))
    return len(batch)


def make_urgent(job: Job) -> bool:
    """Put it before all others that wait."""
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
    return waiting.update(priority=Job.Priority.URGENT, not_before=None) == 1


def move_up(job: Job) -> bool:
    """Put it before the others of its owner that wait."""
    waiting = Job.objects.filter(pk=job.pk, state=State.QUEUED)
    return waiting.update(goes_first=True, not_before=None) == 1


def retry(job: Job, *, goes_first: bool = False) -> bool:
    """Put a failed or cancelled job back into the queue, with all its attempts."""
    ended = Job.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED])
    return _requeue(
        job,
        ended,
        attempts_made=0,
        goes_first=goes_first,
        queued_at=_now(),
        started_at=None,
        finished_at=None,
        duration=None,
        error_code="",
        error_text="",
        error_params={},
    )


def release(job: Job) -> bool:
    """Give a job back unfinished, for no fault of its own: the attempt does not count."""
    end = _End(Outcome.RETURNED)
    return _requeue(job, _held(job), end, attempts_made=F("attempts_made") - 1)


def release_jobs_of(cluster_id: uuid.UUID) -> None:
    """What a cluster still ran when it had to stop."""
    for job in Job.objects.filter(state=State.RUNNING, cluster_id=cluster_id):
        release(job)


def requeue_expired() -> None:
    """Jobs whose runner fell silent go back to the queue, or fail when their attempts are used up."""
    # A lease that ends later than any can: the clock was set back, which must not prolong it.
    expired = Q(lease_expires_at__lt=Now()) | Q(lease_expires_at__gt=Now() + 2 * _lease())
    for job in Job.objects.filter(expired, state=State.RUNNING):
        params = {"times": MAX_ATTEMPTS, "advice": {"text": job.advice}}
        end = _End(Outcome.LOST, ErrorCode.WORKER_LOST, _lost_text(job), params)
        with transaction.atomic():
            # Asked for again in the update: a runner that is alive after all may just have renewed it.
            if _retry_or_fail(job, _held(job).filter(expired), end):
                counters.add("lease_losses", queue=job.queue)


def _lost_text(job: Job) -> str:
    if job.attempts_made == MAX_ATTEMPTS:
        return gettext_noop("The worker died %(times)d times while it ran this job. %(advice)s")
    return gettext_noop("The worker died while it ran this job. %(advice)s")


def _retry_or_fail(job: Job, held: JobQuerySet, end: _End, pause: timedelta = NO_PAUSE) -> bool:
    if job.attempts_made < MAX_ATTEMPTS:
        return _requeue(job, held, end, pause)
    return _fail(job, held, end)


def _fail(job: Job, held: JobQuerySet, end: _End) -> bool:
    return _change(job, held, State.FAILED, end, **_error(end), **_finished())


def _error(end: _End) -> dict[str, object]:
    """What may come of a library is cut."""
    params = {
        name: value[:TEXT_LENGTH] if isinstance(value, str) else value
        for name, value in end.params.items()
    }
    return {
        "error_code": end.code,
        "error_text": end.text[:TEXT_LENGTH],
        "error_params": params,
    }


def _requeue(
    job: Job,
    allowed: JobQuerySet,
    end: _End | None = None,
    pause: timedelta = NO_PAUSE,
    **values: object,
) -> bool:
    values |= {"progress": 0, "not_before": Now() + pause if pause else None, **NO_LEASE}
    with transaction.atomic():
        requeued = _change(job, allowed, State.QUEUED, end, **values)
        if requeued and not pause:  # after a pause, the supervisor wakes a worker
            broker.notify_workers(job.queue)
    return requeued


def _change(
    job: Job, allowed: JobQuerySet, state: Job.State, end: _End | None, **values: object
) -> bool:
    """The compare-and-set: `allowed` finds the job only while it may go to the state."""
    with transaction.atomic():
        if allowed.update(state=state, **values) != 1:
            return False
        _record([job], state, end)
    return True


def _record(jobs: Sequence[Job], state: Job.State, end: _End | None = None) -> None:
    """What a change leaves behind: the attempt that ended, an event, and a count."""
    attempts = Attempt.objects.filter(job__in=jobs, finished_at=None)
    numbers = dict(attempts.values_list("job_id", "number"))
    if end:
        attempts.update(
            finished_at=Now(),
            outcome=end.outcome,
            **_error(end),
        )
    JobEvent.objects.bulk_create(
        JobEvent(
            job=job,
            owner_id=job.owner_id,
            state=state,
            attempt=numbers.get(job.pk),
            awaits_notice=state in ENDED,
        )
        for job in jobs
    )
    if state in ENDED:
        error_code = end.code if end else ""
        _count(jobs, state, error_code)
        endings.tell(jobs, state, error_code)


def _count(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
    by_kind = collections.Counter((job.kind, job.queue) for job in jobs)
    for (kind, queue), number in by_kind.items():
        counters.add(
            "jobs_ended", number, kind=kind, queue=queue, state=state, error_code=error_code
        )


def _held(job: Job) -> JobQuerySet:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, lease_token=job.lease_token)


def _finished() -> dict[str, object]:
    return {"finished_at": Now(), "duration": Now() - F("started_at"), **NO_LEASE}


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
