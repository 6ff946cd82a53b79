"""What people are promised of the queue: taking turns, limits, estimates."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as settings_of_search
from hypothesis import strategies as st
from pytest_django import Settings
from pytest_django.fixtures import DjangoAssertNumQueries

from jobs import clusters, queue_depth, scheduling, services, transitions, wait_estimates
from jobs.errors import TooManyJobsError
from jobs.models import Job, Queue
from jobs.wait_estimates import Wait
from tests.factories import make_user
from tests.jobs.factories import DAMAGED, make_job, queue_many
from tests.jobs.kinds import ARCHIVE, QUICK

pytestmark = pytest.mark.django_db

State = Job.State


def claim_next() -> Job | None:
    return transitions.claim_next(Queue.PHOTOS)


def finish(job: Job) -> None:
    assert transitions.fail(job, *DAMAGED)


# Taking turns


def test_oldest_job_comes_first() -> None:
    owner = make_user()
    oldest, _newer = make_job(owner), make_job(owner)
    assert claim_next() == oldest


def test_owner_with_fewest_running_jobs_comes_first() -> None:
    busy = make_user()
    make_job(busy, State.RUNNING)
    make_job(busy)
    of_somebody_else = make_job()
    assert claim_next() == of_somebody_else


def test_urgent_job_comes_first() -> None:
    make_job()
    urgent = make_job()
    assert services.make_urgent(urgent)
    assert claim_next() == urgent


def test_owners_take_turns_when_nobody_has_a_job_running() -> None:
    first, second = make_user(), make_user()
    for owner in (first, first, first, second, second):
        make_job(owner)
    served = []
    while job := claim_next():
        served.append(job.owner)
        finish(job)
    assert served == [first, second, first, second, first]


def test_what_was_started_by_hand_goes_before_ones_own_bulk() -> None:
    owner = make_user()
    queue_many(owner, 10)
    by_hand = services.enqueue(owner, QUICK, goes_first=True)
    assert claim_next() == by_hand


def test_what_was_started_by_hand_goes_in_the_order_in_which_it_was_started() -> None:
    owner = make_user()
    make_job(owner)
    first, second = (services.enqueue(owner, QUICK, goes_first=True) for _ in range(2))
    assert [claim_next(), claim_next()] == [first, second]


def test_a_job_that_waits_can_be_moved_up() -> None:
    owner = make_user()
    make_job(owner)
    last = make_job(owner)
    assert services.move_up(last)
    assert claim_next() == last
    assert not services.move_up(last)


def test_urgent_goes_before_what_was_started_by_hand() -> None:
    owner = make_user()
    urgent = make_job(owner)
    services.enqueue(owner, QUICK, goes_first=True)
    assert services.make_urgent(urgent)
    assert claim_next() == urgent


def test_what_is_tried_again_by_hand_goes_first() -> None:
    owner = make_user()
    failed = make_job(owner, State.FAILED)
    make_job(owner)
    assert services.retry_own(failed, goes_first=True)
    assert claim_next() == failed


@settings_of_search(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.integers(0, 2), st.booleans()), min_size=1, max_size=8))
def test_going_first_changes_nothing_for_others(asked: list[tuple[int, bool]]) -> None:
    """Whose job is next is the same as if nobody had gone first."""
    turns = [served([(of, False) for of, _ in asked]), served(asked)]
    assert turns[0] == turns[1]


def served(asked: list[tuple[int, bool]]) -> list[int]:
    """Which owner is served, one job after the other."""
    Job.objects.all().delete()
    owners = [make_user() for _ in range(3)]
    start = timezone.now() - timedelta(hours=2)
    for number, (of, goes_first) in enumerate(asked):
        job = services.enqueue(owners[of], QUICK, goes_first=goes_first)
        Job.objects.filter(pk=job.pk).update(queued_at=start + timedelta(seconds=number))
    turns = []
    while job := claim_next():  # type: ignore[assignment]
        turns.append(owners.index(job.owner))
        finish(job)
    return turns


@pytest.mark.parametrize("workers", [1, 2])
def test_one_photo_waits_behind_at_most_two_of_a_thousand(workers: int) -> None:
    queue_many(make_user(), 1000)
    running = [claim_next() for _ in range(workers)]
    single = make_job()
    ended = 0
    while single not in running:
        job = running.pop(0)
        assert job
        finish(job)
        ended += 1
        running.append(claim_next())
    assert ended <= 2


@pytest.mark.parametrize("number", [10, 1000])
def test_claim_makes_as_many_queries_however_many_wait(
    number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queue_many(make_user(), number)
    with django_assert_num_queries(10):
        assert claim_next()


def test_who_is_next_is_found_by_index_however_many_have_ended() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Plans of PostgreSQL depend on how full the tables are")
    for which in (scheduling._are_helpers(), ~scheduling._are_helpers()):
        plan = scheduling._owners(Queue.PHOTOS, which).explain()
        assert "SCAN" not in plan
        assert "(queue=? AND state=?)" in plan
        assert "(queue=?)" not in plan, "That reads all jobs of the queue"


# Limits


def test_more_open_jobs_than_allowed_are_refused_with_the_time_to_come_back(
    settings: Settings,
) -> None:
    settings.MAX_OPEN_JOBS = 2
    owner = make_user()
    first = make_job(owner)
    services.enqueue(owner, ARCHIVE)
    with pytest.raises(TooManyJobsError, match="You have 2 jobs waiting or running") as refusal:
        services.enqueue(owner, QUICK)
    assert refusal.value.retry_after >= 1
    assert refusal.value.code == "too_many_jobs"
    assert make_job().state == State.QUEUED
    services.cancel(first)
    assert services.enqueue(owner, QUICK).state == State.QUEUED


def test_refusal_tells_when_a_job_has_probably_ended(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    done = make_job(state=State.SUCCEEDED)
    Job.objects.filter(pk=done.pk).update(duration=timedelta(seconds=6))
    owner = make_user()
    make_job(owner)
    with pytest.raises(TooManyJobsError, match="You have 1 job waiting") as refusal:
        services.enqueue(owner, QUICK)
    assert refusal.value.retry_after == 6


def test_trying_again_keeps_to_the_limit(settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    owner = make_user()
    failed = make_job(owner, State.FAILED)
    make_job(owner)
    with pytest.raises(TooManyJobsError):
        services.retry_own(failed)


# Estimates


def test_wait_counts_what_goes_first() -> None:
    owner = make_user()
    bulk, by_hand = make_job(owner), services.enqueue(owner, QUICK, goes_first=True)
    assert wait_estimates.wait_of(by_hand) == Wait(jobs_ahead=0, seconds=None)
    assert wait_estimates.wait_of(bulk) == Wait(jobs_ahead=1, seconds=None)


def test_the_line_tells_the_wait_of_each_place() -> None:
    owner = make_user()
    jobs = [make_job(owner) for _ in range(3)]
    make_job()
    line = wait_estimates.line_of(owner, Queue.PHOTOS)
    assert [line.wait(place) for place in range(3)] == [wait_estimates.wait_of(job) for job in jobs]


def test_time_left_goes_by_what_is_done() -> None:
    job = make_job(state=State.RUNNING)
    now = timezone.now()
    job.started_at, job.progress = now - timedelta(seconds=30), 75
    assert wait_estimates.time_left(job, now) == 10
    job.progress = 0
    assert wait_estimates.time_left(job, now) is None


def test_wait_counts_those_that_come_before() -> None:
    """Of each other owner as many as of one's own: here one is running, and 2 + 1 come before."""
    busy, owner, other = make_user(), make_user(), make_user()
    queue_many(busy, 10)
    assert claim_next()
    make_job(owner)
    own_second = make_job(owner)
    make_job(other)
    wait = wait_estimates.wait_of(own_second)
    assert wait == Wait(jobs_ahead=1 + 1 + 2 + 1, seconds=None)


def test_wait_is_estimated_from_the_latest_jobs_and_the_workers(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    done = make_job(state=State.SUCCEEDED)
    Job.objects.filter(pk=done.pk).update(duration=timedelta(seconds=6))
    clusters.register(Queue.PHOTOS, workers=2)
    owner = make_user()
    make_job(owner)
    job = make_job(owner)
    with django_assert_num_queries(3):
        wait = wait_estimates.wait_of(job)
    assert wait == Wait(jobs_ahead=1, seconds=6)


def test_jobs_of_another_queue_say_nothing_about_the_wait() -> None:
    archive = make_job(kind=ARCHIVE)
    make_job(state=State.SUCCEEDED)
    make_job()
    assert wait_estimates.wait_of(archive) == Wait(jobs_ahead=0, seconds=None)


@pytest.mark.parametrize("state", [State.RUNNING, State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_only_queued_jobs_wait(state: Job.State) -> None:
    assert wait_estimates.wait_of(make_job(state=state)) is None


def test_depth_of_every_queue_is_told() -> None:
    waiting = make_job()
    five_minutes_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=waiting.pk).update(queued_at=five_minutes_ago)
    make_job()
    make_job(state=State.RUNNING)
    make_job(state=State.SUCCEEDED)
    photos, videos, files = queue_depth.depths()
    assert (photos.queued, photos.running, photos.oldest) == (2, 1, five_minutes_ago)
    for empty in (videos, files):
        assert (empty.queued, empty.running, empty.oldest) == (0, 0, None)
