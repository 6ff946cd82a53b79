"""Web and workers at the same time: nobody waits in a ring, and the records stay true."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.models import Count, F, Q

from accounts.models import User
from jobs import counters, services, transitions
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import Attempt, Job, JobEvent, Queue
from tests.factories import make_user
from tests.jobs.factories import make_job
from tests.jobs.kinds import QUICK

pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State
SECONDS = 4


def enqueue(owner: User) -> None:
    """As the site does: the owner is locked first, then jobs."""
    with transaction.atomic():
        services.lock_owner(owner.pk)
        for _ in range(3):
            services.enqueue(owner, QUICK)
        services.cancel_all(owner.jobs.filter(priority=Job.Priority.URGENT))


def work(owner: User) -> None:
    """The result is a row that refers to the owner, as a file is."""
    if job := transitions.claim_next(Queue.PHOTOS):
        try:
            with Lease(job).success():
                Job.objects.create(owner=owner, kind=QUICK, queue=Queue.VIDEOS)
        except JobLostError:
            pass


def fail(owner: User) -> None:
    if job := transitions.claim_next(Queue.PHOTOS):
        transitions.retry_or_fail(job, "damaged", "The file is damaged.")


def cancel(owner: User) -> None:
    services.cancel_all(owner.jobs.filter(queue=Queue.PHOTOS).order_by("?"))


def retry(owner: User) -> None:
    for job in owner.jobs.filter(state=State.CANCELLED)[:5]:
        services.retry(job)
        services.make_urgent(job)


def delete(owner: User) -> None:
    services.delete(owner.jobs.filter(pk__in=[job.pk for job in owner.jobs.order_by("?")[:5]]))


def recover(owner: User) -> None:
    # One by one: a single update locks them in any order, which nothing of ours does.
    for job in Job.objects.filter(state=State.RUNNING):
        Job.objects.filter(pk=job.pk, state=State.RUNNING).update(lease_expires_at=F("queued_at"))
    transitions.requeue_expired()
    counters.merge()


ACTIONS: list[Callable[[User], None]] = [
    enqueue, work, work, fail, cancel, retry, delete, recover,
]  # fmt: skip


def act(owners: list[User], seed: int) -> int:
    """Until the time is over; returns how often. What the database refuses is raised."""
    chance = random.Random(seed)  # noqa: S311  (chance, not secrets)
    deadline = time.monotonic() + SECONDS
    number = 0
    try:
        while time.monotonic() < deadline:
            chance.choice(ACTIONS)(chance.choice(owners))
            number += 1
    finally:
        connection.close()
    return number


def test_nobody_waits_in_a_ring_and_the_records_stay_true() -> None:
    owners = [make_user(), make_user()]
    for owner in owners * 5:
        make_job(owner)
    with ThreadPoolExecutor(max_workers=6) as threads:
        done = list(threads.map(lambda seed: act(owners, seed), range(6)))
    assert all(done)
    photos = Job.objects.filter(queue=Queue.PHOTOS)
    for job in photos:
        last = JobEvent.objects.filter(job=job).order_by("pk").last()
        assert last
        assert last.state == job.state
    running = Q(attempts__finished_at=None, attempts__isnull=False)
    numbers = photos.annotate(number_open=Count("attempts", filter=running))
    assert not numbers.exclude(state=State.RUNNING).filter(number_open__gt=0).exists()
    assert not numbers.filter(state=State.RUNNING).exclude(number_open=1).exists()
    for job in photos:
        found = list(Attempt.objects.filter(job=job).values_list("number", flat=True))
        assert found == list(range(1, len(found) + 1))
