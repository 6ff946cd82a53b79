"""What the run looks for is found: histories that cannot have happened, and figures that are wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import F

from jobs import counters, transitions
from jobs.models import Attempt, Counter, Job, JobEvent
from tests.chaos.history import CounterWatch, illegal_histories, wrong_counters
from tests.factories import make_colorization

pytestmark = pytest.mark.django_db

State = Job.State


@pytest.fixture
def job() -> Job:
    """Returned by its worker, cancelled, queued again by a person, lost, and done at last."""
    job = make_colorization(state=State.QUEUED).job
    for end in (transitions.release, transitions.cancel):
        claim(job)
        assert end(job)
    assert transitions.retry(job)
    claim(job)
    Job.objects.update(lease_expires_at=F("queued_at"))
    transitions.requeue_expired()
    claim(job)
    assert transitions.succeed(job)
    return job


def claim(job: Job) -> None:
    assert transitions.claim(job)


def test_what_happened_is_legal(job: Job) -> None:
    states = list(job.events.values_list("state", flat=True))
    assert (len(states), job.attempts.count()) == (10, 4)
    assert illegal_histories() == []
    assert wrong_counters() == []


def last(state: Job.State) -> JobEvent:
    return JobEvent.objects.filter(state=state).latest("pk")


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (lambda: last(State.SUCCEEDED).delete(), "its events end with"),
        (lambda: JobEvent.objects.earliest("pk").delete(), "its events begin with"),
        (lambda: last(State.CANCELLED).delete(), "queued after an attempt that cancelled"),
        (lambda: last(State.RUNNING).delete(), "it was succeeded after it was queued"),
        (lambda: Attempt.objects.filter(number=2).delete(), "its attempts have the numbers"),
        (lambda: Attempt.objects.filter(number=4).delete(), "began, there are [1, 2, 3]"),
        (lambda: Attempt.objects.filter(number=4).update(outcome="cancelled"), "succeeded after"),
        (
            lambda: JobEvent.objects.filter(attempt=3, state="queued").update(attempt=1),
            "names attempt 1",
        ),
        (lambda: Job.objects.update(attempts_made=3), "2 attempts that count, the job 3"),
    ],
)
def test_what_cannot_have_happened_is_found(
    job: Job, tamper: Callable[[], object], found: str
) -> None:
    tamper()
    assert any(found in fault for fault in illegal_histories()), illegal_histories()


def test_a_job_that_was_counted_twice_is_found(job: Job) -> None:
    counters.add("jobs_ended", kind=job.kind, queue=job.queue, state=State.SUCCEEDED, error_code="")
    assert wrong_counters() == ["colorize_photo succeeded: counted 2, happened 1"]


def test_a_counter_that_falls_is_found(job: Job) -> None:
    watch = CounterWatch()
    watch.look()
    counters.merge()
    watch.look()
    assert watch.falls == []
    Counter.objects.filter(name="lease_losses").update(value=0)
    watch.look()
    assert len(watch.falls) == 1
