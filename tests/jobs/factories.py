"""Jobs for tests, in every state, by the transitions that the site uses."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from jobs import services, transitions
from jobs.models import Job
from tests.factories import make_user
from tests.jobs.kinds import QUICK

State = Job.State
DAMAGED = ("damaged", "The file is damaged.")


def make_job(owner: User | None = None, state: Job.State = State.QUEUED, kind: str = QUICK) -> Job:
    job = services.enqueue(owner or make_user(), kind)
    if state in (State.RUNNING, State.SUCCEEDED, State.FAILED):
        assert transitions.claim(job)
    if state == State.RUNNING:
        assert transitions.renew(job, 40)
    end = {
        State.SUCCEEDED: transitions.succeed,
        State.FAILED: lambda job: transitions.fail(job, *DAMAGED),
        State.CANCELLED: transitions.cancel,
    }
    if state in end:
        assert end[state](job)
    job.refresh_from_db()
    return job


def queue_many(owner: User, number: int, kind: str = QUICK, queue: str = "photos") -> None:
    Job.objects.bulk_create(Job(owner=owner, kind=kind, queue=queue) for _ in range(number))


def expire(job: Job) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(lease_expires_at=past)


def steal(job: Job) -> None:
    """Another worker holds it now."""
    Job.objects.filter(pk=job.pk).update(lease_token=uuid.uuid4())


def state_of(job: Job) -> str:
    job.refresh_from_db()
    return job.state


def states_in_events(job: Job) -> list[tuple[str, int | None]]:
    return list(job.events.values_list("state", "attempt"))


def claimed(attempts_made: int = 1) -> Job:
    job = make_job(state=State.RUNNING)
    Job.objects.filter(pk=job.pk).update(attempts_made=attempts_made)
    job.refresh_from_db()
    return job
