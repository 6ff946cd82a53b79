"""Each transition of a job: from where it goes, who may make it, and what it leaves in the records."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone
from django_q.models import OrmQ

from jobs import clusters, counters, services, transitions
from jobs.errors import ErrorCode
from jobs.models import MAX_ATTEMPTS, Attempt, Job, Queue, WorkerCluster
from tests.factories import make_user
from tests.jobs.factories import (
    DAMAGED,
    claimed,
    expire,
    make_job,
    state_of,
    states_in_events,
    steal,
)
from tests.jobs.kinds import ADVICE, ARCHIVE, VIDEO

pytestmark = pytest.mark.django_db

State = Job.State
Outcome = Attempt.Outcome


def fail(job: Job) -> bool:
    return transitions.fail(job, *DAMAGED)


def retry_or_fail(job: Job) -> bool:
    return transitions.retry_or_fail(job, ErrorCode.STORAGE, "Disk full.")


def outcomes(job: Job) -> list[tuple[int, str, str]]:
    return list(job.attempts.values_list("number", "outcome", "error_code"))


@pytest.fixture
def cluster() -> WorkerCluster:
    return clusters.register(Queue.PHOTOS, workers=1)


# Queueing


# Claiming


def test_claim_counts_the_attempt_and_gives_a_lease() -> None:
    queued = make_job()
    job = transitions.claim_next(Queue.PHOTOS)
    assert job == queued
    assert (job.state, job.attempts_made) == (State.RUNNING, 1)
    assert job.lease_token
    assert job.lease_expires_at
    assert job.lease_expires_at > timezone.now()


def test_claim_begins_an_attempt_that_names_its_worker() -> None:
    job = make_job(state=State.RUNNING)
    attempt = job.attempts.get()
    assert (attempt.number, attempt.outcome, attempt.finished_at) == (1, "", None)
    assert attempt.worker.rpartition(":")[2].isdigit()
    assert states_in_events(job) == [(State.QUEUED, None), (State.RUNNING, 1)]


def test_nothing_to_claim() -> None:
    for state in (State.RUNNING, State.SUCCEEDED, State.FAILED, State.CANCELLED):
        make_job(state=state)
    assert transitions.claim_next(Queue.PHOTOS) is None


@pytest.mark.parametrize(("kind", "queue"), [(VIDEO, Queue.VIDEOS), (ARCHIVE, Queue.FILES)])
def test_each_queue_has_workers_of_its_own(kind: str, queue: Queue) -> None:
    job = make_job(kind=kind)
    assert transitions.claim_next(Queue.PHOTOS) is None
    assert transitions.claim_next(queue) == job


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_claim_the_same_job() -> None:
    owner = make_user()
    waiting = {make_job(owner).pk for _ in range(8)}
    with ThreadPoolExecutor(max_workers=4) as workers:
        claims = list(workers.map(lambda _: claim_in_own_connection(), range(12)))
    assert sorted(filter(None, claims)) == sorted(waiting)
    assert Attempt.objects.count() == len(waiting)


def claim_in_own_connection() -> UUID | None:
    try:
        job = transitions.claim_next(Queue.PHOTOS)
        return job.pk if job else None
    finally:
        connection.close()


# Running


def test_renewal_prolongs_the_lease_and_reports_progress() -> None:
    job = claimed()
    expire(job)
    assert transitions.renew(job, 60)
    job.refresh_from_db()
    assert job.progress == 60
    assert job.lease_expires_at
    assert job.lease_expires_at > timezone.now()


@pytest.mark.parametrize(
    "transition",
    [
        transitions.succeed,
        fail,
        retry_or_fail,
        transitions.release,
        transitions.is_held,
        lambda job: transitions.renew(job, 60),
    ],
)
def test_late_worker_changes_nothing(transition: Callable[[Job], bool]) -> None:
    job = claimed()
    steal(job)
    assert not transition(job)
    assert state_of(job) == State.RUNNING
    assert job.progress == 40
    assert outcomes(job) == [(1, "", "")]
    assert len(states_in_events(job)) == 2
    assert not counters.read("jobs_ended")


# Ending


def test_success_is_recorded() -> None:
    job = claimed()
    assert transitions.succeed(job)
    assert state_of(job) == State.SUCCEEDED
    assert (job.progress, job.lease_token, job.is_finished) == (100, None, True)
    assert job.duration
    assert outcomes(job) == [(1, Outcome.SUCCEEDED, "")]
    assert states_in_events(job)[-1] == (State.SUCCEEDED, 1)


def test_failure_is_recorded_with_its_reason() -> None:
    job = claimed()
    assert fail(job)
    assert state_of(job) == State.FAILED
    assert (job.error_code, job.error_message) == DAMAGED
    assert outcomes(job) == [(1, Outcome.FAILED, "damaged")]
    assert job.attempts.get().error_message == job.error_message
    assert states_in_events(job)[-1] == (State.FAILED, 1)


def test_long_reason_is_cut() -> None:
    job = claimed()
    assert transitions.fail(job, "damaged", "x" * 1000)
    job.refresh_from_db()
    assert job.error_message == "x" * 500


def test_long_word_of_a_library_is_cut() -> None:
    job = claimed()
    assert transitions.fail(job, "damaged", "Damaged: %(cause)s", cause="x" * 1000)
    job.refresh_from_db()
    assert job.error_message == f"Damaged: {'x' * 500}"
    assert services.retry(job)
    job.refresh_from_db()
    assert (job.error_text, job.error_params) == ("", {})


def test_text_without_parameters_may_have_any_character() -> None:
    job = claimed()
    assert transitions.fail(job, "damaged", "100% of %(it)s is damaged.")
    job.refresh_from_db()
    assert job.error_message == "100% of %(it)s is damaged."


@pytest.mark.usefixtures("cluster")
def test_failure_that_may_pass_goes_back_to_the_queue_with_a_message() -> None:
    job = claimed()
    OrmQ.objects.all().delete()
    assert retry_or_fail(job)
    assert state_of(job) == State.QUEUED
    assert OrmQ.objects.count() == 1
    assert outcomes(job) == [(1, Outcome.FAILED, ErrorCode.STORAGE)]
    assert states_in_events(job)[-1] == (State.QUEUED, 1)


def test_failure_that_may_pass_is_final_after_the_last_attempt() -> None:
    job = claimed(attempts_made=MAX_ATTEMPTS)
    assert retry_or_fail(job)
    assert state_of(job) == State.FAILED


# Lost workers


def test_expired_lease_goes_back_to_the_queue_and_keeps_its_attempts() -> None:
    job = claimed(attempts_made=2)
    expire(job)
    transitions.requeue_expired()
    assert state_of(job) == State.QUEUED
    assert job.attempts_made == 2
    assert outcomes(job) == [(1, Outcome.LOST, ErrorCode.WORKER_LOST)]
    assert "The worker died while" in job.attempts.get().error_message


def test_lease_that_is_held_stays() -> None:
    job = claimed()
    transitions.requeue_expired()
    assert state_of(job) == State.RUNNING


def test_third_lost_worker_is_the_last() -> None:
    job = claimed(attempts_made=MAX_ATTEMPTS)
    expire(job)
    transitions.requeue_expired()
    assert state_of(job) == State.FAILED
    assert job.error_code == ErrorCode.WORKER_LOST
    assert "3 times" in job.error_message
    assert ADVICE in job.error_message


def test_lost_job_of_a_kind_that_only_another_release_knows_is_requeued() -> None:
    job = claimed(attempts_made=MAX_ATTEMPTS)
    expire(job)
    Job.objects.filter(pk=job.pk).update(kind="of-tomorrow")
    transitions.requeue_expired()
    assert state_of(job) == State.FAILED
    assert job.label == "of-tomorrow"


def test_lease_that_a_clock_set_back_would_prolong_is_over() -> None:
    job = claimed()
    next_day = timezone.now() + timedelta(days=1)
    Job.objects.filter(pk=job.pk).update(lease_expires_at=next_day)
    transitions.requeue_expired()
    assert state_of(job) == State.QUEUED


def test_lost_lease_is_counted_for_its_queue() -> None:
    expire(claimed())
    transitions.requeue_expired()
    transitions.requeue_expired()
    assert counters.read("lease_losses") == [({"queue": "photos"}, 1)]


def test_job_of_a_cluster_that_must_stop_waits_again_with_all_its_attempts(
    cluster: WorkerCluster,
) -> None:
    make_job()
    job = transitions.claim_next(Queue.PHOTOS, cluster.pk)
    assert job
    transitions.release_jobs_of(cluster.pk)
    assert state_of(job) == State.QUEUED
    assert (job.attempts_made, job.cluster_id) == (0, None)
    assert outcomes(job) == [(1, Outcome.RETURNED, "")]


# What people do


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_open_job_can_be_cancelled(state: Job.State) -> None:
    job = make_job(state=state)
    assert services.cancel(job)
    assert state_of(job) == State.CANCELLED
    is_running = state == State.RUNNING
    assert outcomes(job) == ([(1, Outcome.CANCELLED, "")] if is_running else [])
    assert states_in_events(job)[-1] == (State.CANCELLED, 1 if is_running else None)


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_finished_job_cannot_be_cancelled(state: Job.State) -> None:
    job = make_job(state=state)
    events = states_in_events(job)
    assert not services.cancel(job)
    assert state_of(job) == state
    assert states_in_events(job) == events


def test_all_open_jobs_are_cancelled_and_no_others() -> None:
    owner = make_user()
    jobs = [make_job(owner, state) for state in State]
    stranger = make_job()
    assert services.cancel_all(Job.objects.filter(owner=owner)) == 2
    assert sorted(map(state_of, jobs)) == ["cancelled"] * 3 + ["failed", "succeeded"]
    assert state_of(stranger) == State.QUEUED


def test_more_jobs_than_fit_into_a_statement_are_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transitions, "BATCH", 2)
    owner = make_user()
    jobs = [make_job(owner) for _ in range(5)]
    assert services.cancel_all(Job.objects.filter(owner=owner)) == 5
    for job in jobs:
        assert states_in_events(job) == [(State.QUEUED, None), (State.CANCELLED, None)]


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_retry_starts_afresh(state: Job.State) -> None:
    job = make_job(state=state)
    assert services.retry(job)
    assert state_of(job) == State.QUEUED
    assert (job.attempts_made, job.error_code, job.error_message) == (0, "", "")
    assert (job.finished_at, job.started_at, job.duration) == (None, None, None)


def test_retry_keeps_the_history_of_attempts() -> None:
    job = make_job(state=State.FAILED)
    assert services.retry(job)
    again = transitions.claim_next(Queue.PHOTOS)
    assert again == job
    assert again.attempts_made == 1
    assert transitions.succeed(again)
    assert outcomes(job) == [(1, Outcome.FAILED, "damaged"), (2, Outcome.SUCCEEDED, "")]
    assert states_in_events(job) == [
        (State.QUEUED, None),
        (State.RUNNING, 1),
        (State.FAILED, 1),
        (State.QUEUED, None),
        (State.RUNNING, 2),
        (State.SUCCEEDED, 2),
    ]


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
def test_retry_is_for_what_did_not_work(state: Job.State) -> None:
    job = make_job(state=state)
    assert not services.retry(job)
    assert state_of(job) == state


@pytest.mark.parametrize("state", [State.RUNNING, State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_only_a_queued_job_can_be_made_urgent(state: Job.State) -> None:
    assert not services.make_urgent(make_job(state=state))
    assert services.make_urgent(make_job())


def test_deleted_job_is_lost_to_its_worker() -> None:
    job = make_job(state=State.RUNNING)
    services.delete(Job.objects.filter(pk=job.pk))
    assert not transitions.succeed(job)
    assert not Job.objects.exists()


# Messages
