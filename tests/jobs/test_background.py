"""What is told when jobs end, and jobs that nobody asked for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import transaction
from pytest_django import Settings

from jobs import endings, scheduling, services, transitions, wait_estimates
from jobs.errors import TooManyJobsError
from jobs.kinds import JobKind, register
from jobs.models import Job, Queue
from tests.factories import make_user
from tests.jobs.factories import make_job, state_of
from tests.jobs.kinds import ARCHIVE, QUICK, quick

pytestmark = pytest.mark.django_db
BACKGROUND = JobKind("test-background", "Be unseen", Queue.FILES, quick, is_background=True)
HELPER = JobKind("test-helper", "Help", Queue.PHOTOS, quick, is_background=True, is_helper=True)
register(BACKGROUND)
register(HELPER)
State = Job.State


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """States and error codes, one for each job that ended."""
    found: list[tuple[str, str]] = []

    def listen(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
        assert transaction.get_connection().in_atomic_block
        found.extend((state.value, error_code) for _ in jobs)

    monkeypatch.setattr(endings, "_listeners", [listen])
    return found


def test_each_end_is_told_and_nothing_else(told: list[tuple[str, str]]) -> None:
    owner = make_user()
    for state in (State.QUEUED, State.RUNNING):
        make_job(owner, state)
    assert told == []
    make_job(owner, State.SUCCEEDED)
    make_job(owner, State.FAILED)
    services.cancel_all(Job.objects.filter(owner=owner))
    assert told == [("succeeded", ""), ("failed", "damaged"), ("cancelled", ""), ("cancelled", "")]


def test_who_cannot_write_it_down_keeps_the_job_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(endings, "_listeners", [fail])
    job = make_job()
    with pytest.raises(ZeroDivisionError):
        services.cancel(job)
    assert state_of(job) == State.QUEUED


def test_helpers_that_go_with_the_end_of_a_job_are_not_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transitions, "BATCH", 1)
    monkeypatch.setattr(endings, "_listeners", [delete_helpers])
    owner = make_user()
    helpers = [make_job(owner, kind=HELPER.name) for _ in range(4)]
    jobs = [make_job(owner, state) for state in (State.QUEUED, State.RUNNING)]
    locked = list(Job.objects.filter(owner=owner).lock())
    assert [job.kind for job in locked] == [QUICK] * 2 + [HELPER.name] * len(helpers)
    assert services.cancel_all(Job.objects.filter(owner=owner)) == len(jobs)
    assert set(Job.objects.filter(state=State.CANCELLED)) == set(Job.objects.all()) == set(jobs)


def test_helpers_come_last_and_nobody_makes_room_for_them() -> None:
    owner = make_user()
    running = make_job(owner, State.RUNNING)
    helper = make_job(kind=HELPER.name)
    services.make_urgent(helper)
    services.move_up(helper)
    assert not scheduling.is_wanted_by_others(running)
    assert not scheduling.has_urgent_successor(running)
    assert scheduling.next_but_helpers(Queue.PHOTOS) is None
    other = make_job()
    assert scheduling.is_wanted_by_others(running)
    claimed = [transitions.claim_next(Queue.PHOTOS) for _ in range(3)]
    assert claimed == [other, helper, None]


def delete_helpers(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
    if any(job.kind == QUICK for job in jobs):
        services.delete(Job.objects.filter(kind=HELPER.name))


def test_background_jobs_take_no_room(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    owner = make_user()
    for _ in range(2):
        services.enqueue(owner, BACKGROUND.name)
    services.enqueue(owner, QUICK)
    services.enqueue(owner, BACKGROUND.name)
    with pytest.raises(TooManyJobsError):
        services.enqueue(owner, QUICK)


def test_background_jobs_say_nothing_of_how_long_others_take() -> None:
    make_job(state=State.SUCCEEDED, kind=BACKGROUND.name)
    make_job(kind=BACKGROUND.name)
    assert wait_estimates.wait_of(make_job(kind=ARCHIVE)) == wait_estimates.Wait(0, None)
