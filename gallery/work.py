"""All that is done for a person, photos and zip files alike: what runs, what waits and where in line, what ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.paginator import Page
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import User
from gallery import queries
from jobs import services as jobs
from jobs import wait_estimates
from jobs.errors import TooManyJobsError
from jobs.models import Job, JobQuerySet
from jobs.wait_estimates import Line, Wait

State = Job.State
LATELY: Final = timedelta(days=1)
RETRIED_AT_ONCE: Final = 500
"""Each takes a transaction."""


@dataclass(frozen=True)
class Row:
    """
    Attributes:
        wait: of a job in queue.
        left: about how many seconds a running one still takes.
    """

    job: Job
    wait: Wait | None = None
    left: int | None = None


def running(owner: User) -> list[Row]:
    now = timezone.now()
    found = queries.own_jobs(owner).filter(state=State.RUNNING).order_by("started_at", "pk")
    return [Row(job, left=wait_estimates.time_left(job, now)) for job in found]


def waiting(owner: User) -> JobQuerySet:
    """In the order in which they will be begun."""
    queued = queries.own_jobs(owner).filter(state=State.QUEUED)
    return queued.order_by("-priority", "-goes_first", "queued_at", "pk")


class _Places:
    """Of the owner's waiting jobs, asked for in the order in which they will be begun."""

    def __init__(self, owner: User) -> None:
        self._owner = owner
        self._lines: dict[str, Line] = {}
        self._before: Counter[str] = Counter()

    def skip(self, queues: Iterable[str]) -> None:
        self._before.update(queues)

    def next(self, queue: str) -> Wait:
        if queue not in self._lines:
            self._lines[queue] = wait_estimates.line_of(self._owner, queue)
        place = self._lines[queue].wait(self._before[queue])
        self._before[queue] += 1
        return place


def in_line(owner: User, page: Page[Job]) -> list[Row]:
    """Those of a page of `waiting`, each with its place."""
    places = _Places(owner)
    if page.has_previous():
        before = waiting(owner)[: page.start_index() - 1]
        places.skip(before.values_list("queue", flat=True))
    return [Row(job, wait=places.next(job.queue)) for job in page]


def rows_of(owner: User, jobs: Collection[Job]) -> list[Row]:
    """Any of the owner's jobs, in the order given. Takes as many queries for one as for all."""
    places: dict[UUID, Wait] = {}
    if any(job.state == State.QUEUED for job in jobs):
        line = _Places(owner)
        places = {key: line.next(queue) for key, queue in waiting(owner).values_list("pk", "queue")}
    now = timezone.now()
    return [Row(job, places.get(job.pk), wait_estimates.time_left(job, now)) for job in jobs]


def row_of(job: Job) -> Row:
    """A single one, whoever its owner is."""
    return Row(job, wait_estimates.wait_of(job), wait_estimates.time_left(job, timezone.now()))


def seconds_until_all_are_done(owner: User) -> int | None:
    """Of what waits; None while nothing is known."""
    last = waiting(owner).reverse().first()
    wait = last and wait_estimates.wait_of(last)
    return wait.seconds if wait else None


def failed(owner: User) -> JobQuerySet:
    return _ended_lately(owner).filter(state=State.FAILED)


def finished(owner: User) -> JobQuerySet:
    return _ended_lately(owner).exclude(state=State.FAILED)


def _ended_lately(owner: User) -> JobQuerySet:
    ended = queries.own_jobs(owner).filter(finished_at__gte=Now() - LATELY)
    return ended.order_by("-finished_at", "pk")


def to_retry(owner: User) -> list[Job]:
    """What is queued again at once of that which failed lately: read once, so that what is counted is what is done."""
    return list(failed(owner)[:RETRIED_AT_ONCE])


def retry_some(owner: User, chosen: Iterable[Job]) -> tuple[int, int]:
    """Queue them again; returns how many that were, and how many failed ones of the owner's are left."""
    retried = 0
    with suppress(TooManyJobsError):
        for job in chosen:
            retried += jobs.retry_own(job)
    return retried, failed(owner).count()


def cancel_all(owner: User) -> int:
    return jobs.cancel_all(Job.objects.editable_by(owner).open().asked_for())
