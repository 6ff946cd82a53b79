"""The state machine of a pair: one function per transition, each a compare-and-set in the database.

    queued -> running -> succeeded | failed | cancelled; running -> queued when it may be tried again

Whoever runs a job holds its lease: a random token and a time until which it is the runner's. A
transition out of `running` asks for the token, so a runner that lost its lease changes nothing.
All times are the database's: the clocks of the workers' machines do not matter.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from colorizer import bells, turns
from colorizer.models import (
    MAX_ATTEMPTS,
    Colorization,
    ColorizationQuerySet,
    Queue,
    WorkerCluster,
)

State = Colorization.State
ErrorCode = Colorization.ErrorCode

WORKER_LOST = (
    f"The worker died {MAX_ATTEMPTS} times while it colorized this photo. "
    "Try a lower render factor, or a smaller photo."
)
NO_LEASE = {"lease_token": None, "lease_expires_at": None, "cluster_id": None}


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


def claim_next(
    queue: Queue = Queue.PHOTOS, cluster_id: uuid.UUID | None = None
) -> Colorization | None:
    """Take the job whose turn it is."""
    while candidate := turns.next_job(queue):
        if _claim(candidate, cluster_id):
            candidate.refresh_from_db()
            return candidate
        # Another worker got there first: look again.
    return None


def _claim(job: Colorization, cluster_id: uuid.UUID | None) -> bool:
    return _changed(
        Colorization.objects.filter(pk=job.pk, state=State.QUEUED),
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        lease_token=uuid.uuid4(),
        lease_expires_at=Now() + _lease(),
        cluster_id=cluster_id,
        started_at=Now(),
        progress=0,
    )


def heartbeat(job: Colorization, progress: int) -> bool:
    """Report progress and renew the lease; False when the job is no longer the runner's."""
    return _changed(_held(job), progress=progress, lease_expires_at=Now() + _lease())


def is_held(job: Colorization) -> bool:
    """Whether the job is still the runner's."""
    return _held(job).exists()


def succeed(job: Colorization, result: Result) -> bool:
    return _changed(
        _held(job), state=State.SUCCEEDED, progress=100, **asdict(result), **_finished()
    )


def fail(job: Colorization, code: Colorization.ErrorCode, text: str) -> bool:
    return _fail(_held(job), job, code, text)


def _fail(
    held: ColorizationQuerySet, job: Colorization, code: Colorization.ErrorCode, text: str
) -> bool:
    return _changed(held, state=State.FAILED, error_code=code, error_text=text[:500], **_finished())


def try_again_or_fail(job: Colorization, code: Colorization.ErrorCode, text: str) -> bool:
    """For a failure that may pass: back to the queue until the attempts are used up."""
    return _try_again_or_fail(_held(job), job, code, text)


def _try_again_or_fail(
    held: ColorizationQuerySet, job: Colorization, code: Colorization.ErrorCode, text: str
) -> bool:
    if job.attempt < MAX_ATTEMPTS:
        return _requeue(held, job.queue)
    return _fail(held, job, code, text)


def cancel(job: Colorization) -> bool:
    return cancel_all(Colorization.objects.filter(pk=job.pk)) == 1


def cancel_all(jobs: ColorizationQuerySet) -> int:
    """Those that are open; returns how many that were."""
    return jobs.open().update(state=State.CANCELLED, finished_at=Now(), **NO_LEASE)


def make_urgent(job: Colorization) -> bool:
    """Put it before all others that wait."""
    waiting = Colorization.objects.filter(pk=job.pk, state=State.QUEUED)
    return _changed(waiting, priority=Colorization.Priority.URGENT)


def retry(job: Colorization) -> bool:
    """Put a failed or cancelled job back into the queue, with all its attempts."""
    ended = Colorization.objects.filter(pk=job.pk, state__in=[State.FAILED, State.CANCELLED])
    return _requeue(
        ended,
        job.queue,
        attempt=0,
        queued_at=Now(),
        started_at=None,
        finished_at=None,
        duration=None,
        error_code="",
        error_text="",
    )


def release(job: Colorization) -> bool:
    """Give a job back unfinished, for no fault of its own: the attempt does not count."""
    return _requeue(_held(job), job.queue, attempt=F("attempt") - 1)


def release_jobs_of(cluster_id: uuid.UUID) -> None:
    """What a cluster still ran when it had to stop."""
    for job in Colorization.objects.filter(state=State.RUNNING, cluster_id=cluster_id):
        release(job)


def requeue_expired() -> None:
    """Jobs whose runner fell silent go back to the queue, or fail when their attempts are used up."""
    # A lease that ends later than any can: the clock was set back, which must not prolong it.
    expired = Q(lease_expires_at__lt=Now()) | Q(lease_expires_at__gt=Now() + 2 * _lease())
    for job in Colorization.objects.filter(expired, state=State.RUNNING):
        # Asked for again in the update: a runner that is alive after all may just have renewed it.
        held = _held(job).filter(expired)
        lost = _try_again_or_fail(held, job, ErrorCode.WORKER_LOST, WORKER_LOST)
        if lost and job.cluster_id:
            WorkerCluster.objects.filter(pk=job.cluster_id).update(
                lease_losses=F("lease_losses") + 1
            )


def _requeue(jobs: ColorizationQuerySet, queue: str, **values: object) -> bool:
    with transaction.atomic():
        requeued = _changed(jobs, state=State.QUEUED, progress=0, **NO_LEASE, **values)
        if requeued:
            bells.ring(queue)
    return requeued


def _held(job: Colorization) -> ColorizationQuerySet:
    return Colorization.objects.filter(pk=job.pk, state=State.RUNNING, lease_token=job.lease_token)


def _finished() -> dict[str, object]:
    return {"finished_at": Now(), "duration": Now() - F("started_at"), **NO_LEASE}


def _changed(jobs: ColorizationQuerySet, **values: object) -> bool:
    return jobs.update(**values) == 1


def _lease() -> timedelta:
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)
