"""The state machine of a pair: one function per transition, each a compare-and-set in the database.

    queued -> running -> succeeded | failed | cancelled; running -> queued when it may be tried again

Whoever runs a job holds its lease: a random token and a time until which it is the runner's. A
transition out of `running` asks for the token, so a runner that lost its lease changes nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django_q.conf import Conf
from django_q.tasks import async_task, queue_size

from colorizer.models import MAX_ATTEMPTS, Colorization, ColorizationQuerySet

State = Colorization.State
ErrorCode = Colorization.ErrorCode

WORKER_LOST = (
    f"The worker died {MAX_ATTEMPTS} times while it colorized this photo. "
    "Try a lower render factor, or a smaller photo."
)
NO_LEASE = {"lease_token": None, "lease_expires_at": None}


@dataclass(frozen=True)
class Result:
    """The fields that a job fills in when it succeeds; files are named as in the storage."""

    result: str
    result_bytes: int
    preview: str
    thumbnail: str
    weights_name: str
    weights_sha256: str
    used_render_factor: int


def ring_bell() -> None:
    """Wake a worker. Called in the transaction that queues a job."""
    if Conf.ORM:
        _send_bell()  # a row in the same database: it is rolled back with the job
    else:
        # A worker must not come before the job can be seen. Robust: the job is there whether the
        # queue can be reached or not, and `ring_missing_bells` makes up for it.
        transaction.on_commit(_send_bell, robust=True)


def ring_missing_bells() -> None:
    """One bell for each job that waits: bells get lost with a worker or with the queue."""
    waiting = Colorization.objects.filter(state=State.QUEUED).count()
    for _ in range(waiting - queue_size()):
        ring_bell()


def _send_bell() -> None:
    async_task("colorizer.tasks.run_next", task_name="colorize")


def claim_next() -> Colorization | None:
    """Take the next job: of the owner with the fewest running jobs the oldest one."""
    requeue_expired()
    while candidate := _waiting_jobs().first():
        if _claim(candidate):
            candidate.refresh_from_db()
            return candidate
        # Another worker got there first: look again.
    return None


def _waiting_jobs() -> ColorizationQuerySet:
    running = (
        Colorization.objects.filter(
            state=State.RUNNING, photo__album__owner=OuterRef("photo__album__owner")
        )
        .order_by()
        .values("photo__album__owner")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Colorization.objects.filter(state=State.QUEUED)
        .annotate(running_of_owner=Coalesce(Subquery(running), 0))
        .order_by("running_of_owner", "queued_at", "pk")
    )


def _claim(job: Colorization) -> bool:
    now = timezone.now()
    return _changed(
        Colorization.objects.filter(pk=job.pk, state=State.QUEUED),
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        lease_token=uuid.uuid4(),
        lease_expires_at=now + _lease(),
        started_at=now,
        progress=0,
    )


def heartbeat(job: Colorization, progress: int) -> bool:
    """Report progress and renew the lease; False when the job is no longer the runner's."""
    return _changed(_held(job), progress=progress, lease_expires_at=timezone.now() + _lease())


def succeed(job: Colorization, result: Result) -> bool:
    return _changed(
        _held(job), state=State.SUCCEEDED, progress=100, **asdict(result), **_finished(job)
    )


def fail(job: Colorization, code: Colorization.ErrorCode, text: str) -> bool:
    return _fail(_held(job), job, code, text)


def _fail(
    held: ColorizationQuerySet, job: Colorization, code: Colorization.ErrorCode, text: str
) -> bool:
    return _changed(
        held, state=State.FAILED, error_code=code, error_text=text[:500], **_finished(job)
    )


def try_again_or_fail(job: Colorization, code: Colorization.ErrorCode, text: str) -> bool:
    """For a failure that may pass: back to the queue until the attempts are used up."""
    return _try_again_or_fail(_held(job), job, code, text)


def _try_again_or_fail(
    held: ColorizationQuerySet, job: Colorization, code: Colorization.ErrorCode, text: str
) -> bool:
    if job.attempt < MAX_ATTEMPTS:
        return _requeue(held)
    return _fail(held, job, code, text)


def cancel(job: Colorization) -> bool:
    return _changed(
        Colorization.objects.filter(pk=job.pk, state__in=[State.QUEUED, State.RUNNING]),
        state=State.CANCELLED,
        finished_at=timezone.now(),
        **NO_LEASE,
    )


def retry(job: Colorization) -> bool:
    """Put a failed or cancelled job back into the queue, with all its attempts."""
    ended = Colorization.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED])
    return _requeue(
        ended,
        attempt=0,
        queued_at=timezone.now(),
        started_at=None,
        finished_at=None,
        duration=None,
        error_code="",
        error_text="",
    )


def requeue_expired() -> None:
    """Jobs whose runner fell silent go back to the queue, or fail when their attempts are used up."""
    expired = Q(lease_expires_at__lt=timezone.now())
    for job in Colorization.objects.filter(expired, state=State.RUNNING):
        # Asked for again in the update: a runner that is alive after all may just have renewed it.
        _try_again_or_fail(_held(job).filter(expired), job, ErrorCode.WORKER_LOST, WORKER_LOST)


def _requeue(jobs: ColorizationQuerySet, **values: object) -> bool:
    with transaction.atomic():
        requeued = _changed(jobs, state=State.QUEUED, progress=0, **NO_LEASE, **values)
        if requeued:
            ring_bell()
    return requeued


def _held(job: Colorization) -> ColorizationQuerySet:
    return Colorization.objects.filter(pk=job.pk, state=State.RUNNING, lease_token=job.lease_token)


def _finished(job: Colorization) -> dict[str, object]:
    now = timezone.now()
    duration = now - job.started_at if job.started_at else None
    return {"finished_at": now, "duration": duration, **NO_LEASE}


def _changed(jobs: ColorizationQuerySet, **values: object) -> bool:
    return jobs.update(**values) == 1


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
