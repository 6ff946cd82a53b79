"""How much waits in each queue, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from jobs.models import Job, JobQuerySet, Queue

State = Job.State


@dataclass(frozen=True)
class Depth:
    """Of one queue. `oldest` is when the job that waits for longest was queued, if one waits."""

    queue: Queue
    queued: int
    running: int
    oldest: datetime | None


def open_jobs() -> JobQuerySet:
    """Of every queue. They are named, since the indexes begin with them: else all that ended were read, too."""
    return Job.objects.open().filter(queue__in=Queue.values)


def depths() -> list[Depth]:
    """Of every queue, the empty ones as well."""
    waiting = Q(state=State.QUEUED)
    rows = open_jobs().order_by().values_list("queue")
    counts = rows.annotate(
        number_queued=Count("pk", filter=waiting),
        number_running=Count("pk", filter=Q(state=State.RUNNING)),
        oldest=Min("queued_at", filter=waiting),
    )
    by_queue = {name: figures for name, *figures in counts}
    return [Depth(queue, *by_queue.get(queue, (0, 0, None))) for queue in Queue]
