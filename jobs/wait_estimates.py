"""How long a job will probably wait: an estimate from what the latest jobs of its queue took."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Count, Q, Subquery, Sum

from jobs.models import Job, WorkerCluster

State = Job.State
LATEST: Final = 20


@dataclass(frozen=True)
class Wait:
    """What is ahead of a queued job; `seconds` is None until some job of its queue has succeeded."""

    jobs_ahead: int
    seconds: int | None


def wait_of(job: Job) -> Wait | None:
    """None when the job does not wait."""
    if job.state != State.QUEUED:
        return None
    ahead = _jobs_ahead(job)
    usual = usual_duration(job.queue)
    if usual is None:
        return Wait(ahead, None)
    rounds = (ahead + 1) / _workers(job.queue)
    return Wait(ahead, math.ceil(rounds * usual.total_seconds()))


def usual_duration(queue: str) -> timedelta | None:
    """The mean of the latest jobs that succeeded."""
    latest = Job.objects.succeeded().filter(queue=queue).order_by("-finished_at")
    durations = [
        duration for duration in latest.values_list("duration", flat=True)[:LATEST] if duration
    ]
    return sum(durations, timedelta()) / len(durations) if durations else None


def _jobs_ahead(job: Job) -> int:
    """Owners take turns: of each other one no more jobs come first than of the job's own."""
    # Read by the database itself: SQLite compares texts, and its own have fewer digits than Python's.
    queued_at = Subquery(Job.objects.filter(pk=job.pk).values("queued_at"))
    earlier = Q(queued_at__lt=queued_at) | Q(queued_at=queued_at, pk__lt=job.pk)
    before_it = Q(priority__gt=job.priority) | (Q(priority=job.priority) & earlier)
    rows = (
        Job.objects.open()
        .filter(queue=job.queue)
        .order_by()
        .values("owner")
        .annotate(
            waiting=Count("pk", filter=Q(state=State.QUEUED)),
            running=Count("pk", filter=Q(state=State.RUNNING)),
            # SQLite compares times as texts of different lengths: the job may come before itself.
            before=Count("pk", filter=Q(state=State.QUEUED) & before_it & ~Q(pk=job.pk)),
        )
    )
    by_owner = {row["owner"]: row for row in rows}
    own_before = by_owner[job.owner_id]["before"] if job.owner_id in by_owner else 0
    others = (row["waiting"] for owner, row in by_owner.items() if owner != job.owner_id)
    running = sum(row["running"] for row in by_owner.values())
    return int(own_before + sum(min(number, own_before + 1) for number in others) + running)


def _workers(queue: str) -> int:
    clusters = WorkerCluster.objects.filter(queue=queue, is_draining=False)
    return clusters.aggregate(Sum("workers"))["workers__sum"] or 1
