"""Which job is next: priority, then the owner with the fewest running, then who waited longest.

Among the jobs of one owner those go first that somebody started by hand, then the oldest. Helpers
are next only when nothing else waits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Now

from jobs.models import IS_DUE, Job, WorkerCluster

# One worker alone has nobody running when it looks: it then goes by who was served last.
SERVED_LATELY: Final = timedelta(hours=1)


def next_job(queue: str) -> Job | None:
    return next_but_helpers(queue) or _next(queue, _are_helpers())


def next_but_helpers(queue: str) -> Job | None:
    """What others make room for."""
    return _next(queue, ~_are_helpers())


def _next(queue: str, which: Q) -> Job | None:
    first = _owners(queue, which).first()
    if first is None:
        return None
    jobs = Job.objects.due().filter(
        which, owner=first["owner"], queue=queue, priority=first["highest"]
    )
    return jobs.order_by("-goes_first", "queued_at", "pk").first()


def has_urgent_successor(job: Job) -> bool:
    """Whether something waits that a person started by hand and looks at, and the job is not such."""
    following = next_but_helpers(job.queue)
    return following is not None and following.goes_first and not job.goes_first


def is_wanted_by_others(job: Job) -> bool:
    """Whether somebody else's job would be next."""
    following = next_but_helpers(job.queue)
    return following is not None and following.owner_id != job.owner_id


def idle_workers(queue: str) -> int:
    """How many would have nothing to do if all that waits had begun."""
    clusters = WorkerCluster.objects.filter(queue=queue, is_draining=False)
    workers = clusters.aggregate(Sum("workers"))["workers__sum"] or 0
    return max(0, workers - Job.objects.open().filter(queue=queue).count())


def _are_helpers() -> Q:
    from jobs import kinds  # noqa: PLC0415  (as in Job.label)

    return Q(kind__in=kinds.helpers())


def _owners(queue: str, which: Q) -> Any:
    """A row for each owner with waiting jobs of these, who is next first."""
    waiting = Q(which, IS_DUE)
    running = Q(state=Job.State.RUNNING)
    all_jobs = Job.objects.filter(queue=queue).order_by().values("pk")
    lately = all_jobs.filter(started_at__gte=Now() - SERVED_LATELY)
    return (
        # A union, each part by its index: with any other "or" SQLite reads all jobs that there ever were.
        Job.objects.filter(pk__in=all_jobs.filter(state__in=Job.OPEN_STATES).union(lately))
        .order_by()
        .values("owner")
        .annotate(
            highest=Max("priority", filter=waiting),
            number_running=Count("pk", filter=running),
            last_served=Max("started_at"),
            oldest=Min("queued_at", filter=waiting),
        )
        .exclude(oldest=None)
        .order_by("-highest", "number_running", F("last_served").asc(nulls_first=True), "oldest")
    )
