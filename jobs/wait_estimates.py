"""How long a job will probably wait: an estimate from what the latest jobs of its queue took."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from django.core.cache import caches
from django.db.models import Count, Q, Subquery, Sum

from accounts.models import User
from jobs.models import Job, WorkerCluster

State = Job.State
LATEST: Final = 20
SPEED_KEPT_SECONDS: Final = 2


@dataclass(frozen=True)
class Wait:
    """What is ahead of a queued job; `seconds` is None until some job of its queue has succeeded."""

    jobs_ahead: int
    seconds: int | None


@dataclass(frozen=True)
class Line:
    """What there is in a queue beside the waiting jobs of one owner.

    Attributes:
        waiting: of each other owner, how many jobs wait.
        running: of everybody.
        usual: how long a job takes; None until one has succeeded.
    """

    waiting: Sequence[int]
    running: int
    usual: timedelta | None
    workers: int

    def wait(self, own_before: int) -> Wait:
        """Of the job that has so many of its owner's before it.

        Owners take turns: of each other one no more jobs come first than of the job's own.
        """
        others = sum(min(number, own_before + 1) for number in self.waiting)
        ahead = own_before + others + self.running
        if self.usual is None:
            return Wait(ahead, None)
        rounds = (ahead + 1) / self.workers
        return Wait(ahead, math.ceil(rounds * self.usual.total_seconds()))


def wait_of(job: Job) -> Wait | None:
    """None when the job does not wait."""
    if job.state != State.QUEUED:
        return None
    by_owner = _by_owner(job.queue, before=_before(job))
    own_before = by_owner[job.owner_id]["before"] if job.owner_id in by_owner else 0
    return _line(job.owner_id, job.queue, by_owner).wait(own_before)


def line_of(owner: User, queue: str) -> Line:
    """For many of an owner's jobs at once: `wait(0)` is that of the one that is next."""
    return _line(owner.pk, queue, _by_owner(queue))


def time_left(job: Job, now: datetime) -> int | None:
    """About how many seconds a running job still takes, by what it has done so far."""
    if job.state != State.RUNNING or job.started_at is None or not job.progress:
        return None
    passed = (now - job.started_at).total_seconds()
    return max(1, math.ceil(passed * (100 - job.progress) / job.progress))


def usual_duration(queue: str) -> timedelta | None:
    """The mean of the latest jobs that succeeded."""
    latest = Job.objects.succeeded().asked_for().filter(queue=queue).order_by("-finished_at")
    durations = [
        duration for duration in latest.values_list("duration", flat=True)[:LATEST] if duration
    ]
    return sum(durations, timedelta()) / len(durations) if durations else None


def _line(owner_id: int, queue: str, by_owner: Mapping[int, Mapping[str, int]]) -> Line:
    usual, workers = _speed(queue)
    return Line(
        waiting=[row["waiting"] for owner, row in by_owner.items() if owner != owner_id],
        running=sum(row["running"] for row in by_owner.values()),
        usual=usual,
        workers=workers,
    )


def _speed(queue: str) -> tuple[timedelta | None, int]:
    """The same for all who ask within a moment, and many ask each second."""
    known = caches["process"].get_or_set(
        f"jobs.speed.{queue}", lambda: (usual_duration(queue), _workers(queue)), SPEED_KEPT_SECONDS
    )
    return cast("tuple[timedelta | None, int]", known)


def _by_owner(queue: str, **more: Q) -> dict[int, dict[str, int]]:
    """How many jobs of each owner wait and run, and how many of those that wait are `more`."""
    waiting = Q(state=State.QUEUED)
    rows = (
        Job.objects.open()
        .asked_for()
        .filter(queue=queue)
        .order_by()
        .values("owner")
        .annotate(
            waiting=Count("pk", filter=waiting),
            running=Count("pk", filter=Q(state=State.RUNNING)),
            **{name: Count("pk", filter=waiting & which) for name, which in more.items()},
        )
    )
    return {row["owner"]: cast("dict[str, int]", row) for row in rows}


def _before(job: Job) -> Q:
    """Which jobs would be begun before it, if all were of one owner."""
    # Read by the database itself: SQLite compares texts, and its own have fewer digits than Python's.
    queued_at = Subquery(Job.objects.filter(pk=job.pk).values("queued_at"))
    earlier = Q(queued_at__lt=queued_at) | Q(queued_at=queued_at, pk__lt=job.pk)
    same = Q(goes_first=job.goes_first) & earlier
    in_class = same if job.goes_first else Q(goes_first=True) | same
    before_it = Q(priority__gt=job.priority) | (Q(priority=job.priority) & in_class)
    # SQLite compares times as texts of different lengths: the job may come before itself.
    return before_it & ~Q(pk=job.pk)


def _workers(queue: str) -> int:
    clusters = WorkerCluster.objects.filter(queue=queue, is_draining=False)
    return clusters.aggregate(Sum("workers"))["workers__sum"] or 1
