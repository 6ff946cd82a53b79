"""Each transition of a job: from where it goes, who may make it, and what it leaves in the record."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from colorizer import bells, clusters, jobs, services
from colorizer.models import MAX_ATTEMPTS, Colorization, Queue, WorkerCluster
from tests.factories import RESULT, make_album, make_colorization, make_photo

pytestmark = pytest.mark.django_db

State = Colorization.State
ErrorCode = Colorization.ErrorCode


def claimed(attempt: int = 1) -> Colorization:
    pair = make_colorization(state=State.RUNNING)
    Colorization.objects.filter(pk=pair.pk).update(attempt=attempt)
    pair.refresh_from_db()
    return pair


def succeed(job: Colorization) -> bool:
    return jobs.succeed(job, RESULT)


def fail(job: Colorization) -> bool:
    return jobs.fail(job, ErrorCode.UNREADABLE, "The picture is damaged.")


def expire(job: Colorization) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Colorization.objects.filter(pk=job.pk).update(lease_expires_at=past)


def state_of(job: Colorization) -> str:
    job.refresh_from_db()
    return job.state


@pytest.fixture
def cluster() -> WorkerCluster:
    return clusters.register(Queue.PHOTOS, workers=1)


def test_enqueue_rings_the_bell_of_each_cluster_once(cluster: WorkerCluster) -> None:
    other = clusters.register(Queue.PHOTOS, workers=1)
    clusters.register(Queue.VIDEOS, workers=1)
    services.enqueue(make_photo(), "stable", 20)
    bells_rung = [(message.key, message.func()) for message in OrmQ.objects.all()]
    assert sorted(bells_rung) == sorted(
        (str(pk), "colorizer.tasks.run_next") for pk in (cluster.pk, other.pk)
    )


@pytest.mark.usefixtures("cluster")
def test_bell_is_rolled_back_with_the_job() -> None:
    photo = make_photo()
    with transaction.atomic():
        services.enqueue(photo, "stable", 20)
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()


def test_claim_counts_the_attempt_and_gives_a_lease() -> None:
    pair = make_colorization(state=State.QUEUED)
    job = jobs.claim_next()
    assert job == pair
    assert (job.state, job.attempt) == (State.RUNNING, 1)
    assert job.lease_token
    assert job.lease_expires_at
    assert job.lease_expires_at > timezone.now()


def test_nothing_to_claim() -> None:
    for state in (State.RUNNING, State.SUCCEEDED, State.FAILED, State.CANCELLED):
        make_colorization(state=state)
    assert jobs.claim_next() is None


def test_oldest_job_comes_first() -> None:
    photo = make_photo()
    oldest, _newer = (make_colorization(photo, State.QUEUED) for _ in range(2))
    assert jobs.claim_next() == oldest


def test_owner_with_fewest_running_jobs_comes_first() -> None:
    busy = make_photo()
    make_colorization(busy, State.RUNNING)
    make_colorization(busy, State.QUEUED)
    of_somebody_else = make_colorization(make_photo(make_album()), State.QUEUED)
    assert jobs.claim_next() == of_somebody_else


def test_urgent_job_comes_first() -> None:
    make_colorization(state=State.QUEUED)
    urgent = make_colorization(state=State.QUEUED)
    Colorization.objects.filter(pk=urgent.pk).update(priority=Colorization.Priority.URGENT)
    assert jobs.claim_next() == urgent


def test_owners_take_turns_when_nobody_has_a_job_running() -> None:
    first, second = make_photo(), make_photo(make_album())
    for photo in (first, first, first, second, second):
        make_colorization(photo, State.QUEUED)
    served = []
    while job := jobs.claim_next():
        served.append(job.photo)
        fail(job)
    assert served == [first, second, first, second, first]


def test_photos_and_videos_have_workers_of_their_own() -> None:
    job = make_colorization(state=State.QUEUED)
    assert jobs.claim_next(Queue.VIDEOS) is None
    Colorization.objects.update(queue=Queue.VIDEOS)
    assert jobs.claim_next(Queue.VIDEOS) == job


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_never_claim_the_same_job() -> None:
    photo = make_photo()
    waiting = {make_colorization(photo, State.QUEUED).pk for _ in range(8)}
    with ThreadPoolExecutor(max_workers=4) as workers:
        claims = list(workers.map(lambda _: claim_in_own_connection(), range(12)))
    assert sorted(filter(None, claims)) == sorted(waiting)


def claim_in_own_connection() -> UUID | None:
    try:
        job = jobs.claim_next()
        return job.pk if job else None
    finally:
        connection.close()


def test_heartbeat_renews_the_lease_and_reports_progress() -> None:
    job = claimed()
    expire(job)
    assert jobs.heartbeat(job, 60)
    job.refresh_from_db()
    assert job.progress == 60
    assert job.lease_expires_at
    assert job.lease_expires_at > timezone.now()


def test_success_is_recorded_with_the_result() -> None:
    job = claimed()
    assert succeed(job)
    assert state_of(job) == State.SUCCEEDED
    assert (job.progress, job.result.name, job.lease_token) == (100, "results/a.jpg", None)
    assert (job.weights_name, job.weights_sha256) == ("compact-stable", "0" * 64)
    assert job.used_render_factor == 12
    assert job.finished_at
    assert job.duration


def test_failure_is_recorded_with_its_reason() -> None:
    job = claimed()
    assert fail(job)
    assert state_of(job) == State.FAILED
    assert (job.error_code, job.error_text) == (ErrorCode.UNREADABLE, "The picture is damaged.")


@pytest.mark.parametrize("transition", [succeed, fail, lambda job: jobs.heartbeat(job, 60)])
def test_late_worker_changes_nothing(transition: Callable[[Colorization], bool]) -> None:
    job = claimed()
    Colorization.objects.filter(pk=job.pk).update(lease_token=uuid4())
    assert not transition(job)
    assert state_of(job) == State.RUNNING
    assert job.progress == 40


@pytest.mark.usefixtures("cluster")
def test_failure_that_may_pass_goes_back_to_the_queue_with_a_bell() -> None:
    job = claimed()
    OrmQ.objects.all().delete()
    assert jobs.try_again_or_fail(job, ErrorCode.STORAGE, "Disk full.")
    assert state_of(job) == State.QUEUED
    assert OrmQ.objects.count() == 1


def test_failure_that_may_pass_is_final_after_the_last_attempt() -> None:
    job = claimed(attempt=MAX_ATTEMPTS)
    assert jobs.try_again_or_fail(job, ErrorCode.STORAGE, "Disk full.")
    assert state_of(job) == State.FAILED


def test_expired_lease_goes_back_to_the_queue_and_keeps_its_attempts() -> None:
    job = claimed(attempt=2)
    expire(job)
    jobs.requeue_expired()
    assert state_of(job) == State.QUEUED
    assert job.attempt == 2


def test_lease_that_is_held_stays() -> None:
    job = claimed()
    jobs.requeue_expired()
    assert state_of(job) == State.RUNNING


def test_third_lost_worker_is_the_last() -> None:
    job = claimed(attempt=MAX_ATTEMPTS)
    expire(job)
    jobs.requeue_expired()
    assert state_of(job) == State.FAILED
    assert job.error_code == ErrorCode.WORKER_LOST


def test_lease_that_a_clock_set_back_would_prolong_is_over() -> None:
    job = claimed()
    next_day = timezone.now() + timedelta(days=1)
    Colorization.objects.filter(pk=job.pk).update(lease_expires_at=next_day)
    jobs.requeue_expired()
    assert state_of(job) == State.QUEUED


def test_lost_lease_is_counted_for_its_cluster(cluster: WorkerCluster) -> None:
    make_colorization(state=State.QUEUED)
    job = jobs.claim_next(Queue.PHOTOS, cluster.pk)
    assert job
    expire(job)
    jobs.requeue_expired()
    cluster.refresh_from_db()
    assert cluster.lease_losses == 1


def test_job_of_a_cluster_that_must_stop_waits_again_with_all_its_attempts(
    cluster: WorkerCluster,
) -> None:
    make_colorization(state=State.QUEUED)
    job = jobs.claim_next(Queue.PHOTOS, cluster.pk)
    assert job
    jobs.release_jobs_of(cluster.pk)
    assert state_of(job) == State.QUEUED
    assert (job.attempt, job.cluster_id) == (0, None)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_open_job_can_be_cancelled(state: Colorization.State) -> None:
    job = make_colorization(state=state)
    assert services.cancel(job)
    assert state_of(job) == State.CANCELLED


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_finished_job_cannot_be_cancelled(state: Colorization.State) -> None:
    job = make_colorization(state=state)
    assert not services.cancel(job)
    assert state_of(job) == state


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_retry_starts_afresh(state: Colorization.State) -> None:
    job = make_colorization(state=state)
    assert services.retry(job)
    assert state_of(job) == State.QUEUED
    assert (job.attempt, job.error_code, job.error_text, job.finished_at) == (0, "", "", None)


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.SUCCEEDED])
def test_retry_is_for_what_did_not_work(state: Colorization.State) -> None:
    job = make_colorization(state=state)
    assert not services.retry(job)
    assert state_of(job) == state


def test_every_job_that_waits_gets_its_lost_bell_back_once(cluster: WorkerCluster) -> None:
    for _ in range(3):
        make_colorization(state=State.QUEUED)
    OrmQ.objects.order_by("pk")[:1].get().delete()
    for _sweep in range(2):
        bells.ring_missing(cluster)
        assert OrmQ.objects.count() == 3


def test_no_bell_without_a_job(cluster: WorkerCluster) -> None:
    bells.ring_missing(cluster)
    assert not OrmQ.objects.exists()


IMPOSSIBLE = {
    "unknown state": {"state": "lost"},
    "unknown variant": {"variant": "sepia"},
    "render factor out of range": {"render_factor": 41},
    "more than all": {"progress": 101},
    "a fourth attempt": {"attempt": 4},
    "waiting without an attempt left": {"attempt": 3},
    "unknown queue": {"queue": "sculptures"},
    "unknown priority": {"priority": 2},
    "running without a lease": {"state": "running"},
    "succeeded without a result": {"state": "succeeded", "finished_at": timezone.now()},
    "failed without a reason": {"state": "failed", "finished_at": timezone.now()},
    "ended without a time": {"state": "cancelled"},
    "result of a job that has not run": {"result": "results/a.jpg"},
    "weights of a job that has not run": {"weights_name": "compact-stable"},
    "detail of a job that has not run": {"used_render_factor": 8},
}


@pytest.mark.parametrize("values", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_database_holds_no_impossible_record(values: dict[str, object]) -> None:
    pair = make_colorization(state=State.QUEUED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Colorization.objects.filter(pk=pair.pk).update(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"used_render_factor": 7},
        {"used_render_factor": 21},
        {"used_render_factor": None},
        {"weights_name": ""},
        {"weights_sha256": ""},
    ],
)
def test_database_knows_what_made_a_picture(values: dict[str, object]) -> None:
    pair = make_colorization(render_factor=20)
    with pytest.raises(IntegrityError), transaction.atomic():
        Colorization.objects.filter(pk=pair.pk).update(**values)
