"""What apps have done from time to time, and what wakes a worker, without processes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.db.models.functions import Now

from jobs import broker, clusters, counters, periodic, tasks
from jobs.log_context import CLUSTER_VARIABLE, current
from jobs.models import Counter, Job, Queue, WorkerCluster
from tests.jobs.factories import make_job, state_of
from tests.jobs.kinds import ARCHIVE

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(periodic, "_tasks", {})


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorkerCluster]:
    """The one that this process belongs to, for archives."""
    cluster = clusters.register(Queue.FILES, workers=1)
    monkeypatch.setenv(CLUSTER_VARIABLE, str(cluster.pk))
    yield cluster
    clusters.remove(cluster)


def fail(error: Exception) -> None:
    raise error


def test_periodic_task_is_done_at_once_and_then_when_it_is_due() -> None:
    done = []
    periodic.register_periodic("often", 0, lambda: done.append("often"))
    periodic.register_periodic("hourly", 3600, lambda: done.append("hourly"))
    periodic.run_due()
    periodic.run_due()
    assert done == ["often", "hourly", "often"]


def test_what_is_done_in_steps_lets_the_clusters_be_looked_after_in_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(periodic, "SECONDS_AT_A_TIME", 0)
    done = []

    def clean_up() -> Iterator[None]:
        for step in ("first", "second"):
            done.append(step)
            yield

    periodic.register_periodic("clean-up", 3600, clean_up)
    periodic.register_periodic("often", 0, lambda: done.append("often"))
    for _ in range(4):
        periodic.run_due()
    assert done == ["first", "often", "second", "often", "often", "often"]


def test_as_many_steps_as_take_a_second_are_done_at_once() -> None:
    done: list[int] = []
    periodic.register_periodic("clean-up", 3600, lambda: map(done.append, range(100)))
    periodic.run_due()
    assert done == list(range(100))


def test_a_step_that_fails_ends_it_until_it_is_due_again(caplog: pytest.LogCaptureFixture) -> None:
    begun = []

    def clean_up() -> Iterator[None]:
        begun.append("clean-up")
        yield
        raise OSError("the bucket is away")

    periodic.register_periodic("clean-up", 3600, clean_up)
    for _ in range(3):
        periodic.run_due()
    assert begun == ["clean-up"]
    assert caplog.text.count("Periodic task failed: clean-up") == 1


def test_one_that_fails_is_logged_and_keeps_no_other(caplog: pytest.LogCaptureFixture) -> None:
    done = []
    periodic.register_periodic("clean-up", 3600, lambda: fail(ZeroDivisionError()))
    periodic.register_periodic("hourly", 3600, lambda: done.append("hourly"))
    periodic.run_due()
    assert done == ["hourly"]
    assert "Periodic task failed: clean-up" in caplog.text


def test_outage_is_for_the_supervisor() -> None:
    periodic.register_periodic("clean-up", 3600, lambda: fail(OperationalError()))
    with pytest.raises(broker.OUTAGES):
        periodic.run_due()


def test_two_periodic_tasks_cannot_have_one_name() -> None:
    periodic.register_periodic("clean-up", 3600, counters.merge)
    with pytest.raises(ValueError, match="two periodic tasks named clean-up"):
        periodic.register_periodic("clean-up", 60, Counter.objects.count)


def test_worker_takes_a_job_of_the_queue_of_its_cluster(cluster: WorkerCluster) -> None:
    photo, archive = make_job(), make_job(kind=ARCHIVE)
    tasks.run_next()
    tasks.run_next()
    assert (state_of(photo), state_of(archive)) == (Job.State.QUEUED, Job.State.SUCCEEDED)


def test_cluster_that_drains_begins_nothing(cluster: WorkerCluster) -> None:
    archive = make_job(kind=ARCHIVE)
    clusters.begin_draining(cluster)
    tasks.run_next()
    assert state_of(archive) == Job.State.QUEUED


def test_worker_of_a_cluster_that_was_given_up_begins_nothing(cluster: WorkerCluster) -> None:
    photo, archive = make_job(), make_job(kind=ARCHIVE)
    WorkerCluster.objects.all().delete()
    tasks.run_next()
    assert (state_of(photo), state_of(archive)) == (Job.State.QUEUED, Job.State.QUEUED)


def test_message_comes_when_the_pause_of_a_job_is_over(cluster: WorkerCluster) -> None:
    job = make_job(kind=ARCHIVE)
    broker.discard(cluster.pk)
    for after, messages in ((timedelta(hours=1), 0), (-timedelta(hours=1), 1)):
        Job.objects.filter(pk=job.pk).update(not_before=Now() + after)
        broker.resend_missing(cluster)
        assert broker.pending(cluster) == messages


def test_answer_to_a_probe_is_a_sign_of_life(cluster: WorkerCluster) -> None:
    before = clusters.last_life(cluster)
    assert not clusters.is_silent(cluster)
    tasks.answer_probe()
    cluster.refresh_from_db()
    assert before
    assert cluster.alive_at > before
    assert cluster.probe_answered_at


def test_log_names_the_cluster(cluster: WorkerCluster) -> None:
    assert current()["cluster"] == str(cluster.pk)


def test_broker_answers_and_its_messages_are_discarded_with_the_cluster() -> None:
    cluster = clusters.register(Queue.PHOTOS, workers=1)
    broker.ping()
    make_job()
    assert broker.pending(cluster) == 1
    clusters.remove(cluster)
    assert broker.pending(cluster) == 0
