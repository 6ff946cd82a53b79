"""`manage.py workers` with real processes: what it starts anew, lets end, and never leaves behind."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import psutil
import pytest
from django_q.models import Task

from jobs import broker, services
from jobs.models import Attempt, Job, Queue, WorkerCluster
from tests.jobs.factories import make_job, state_of, states_in_events
from tests.jobs.kinds import ARCHIVE, ENDLESS, FROZEN_AT_FIRST, QUICK, SLOW
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LOADED = re.compile(r"Loaded by process (\d+)")
State = Job.State
Outcome = Attempt.Outcome


@contextmanager
def running_workers(folder: Path, **variables: str) -> Iterator[Worker]:
    settings = "tests.jobs.worker_settings"
    with running_worker(folder, DJANGO_SETTINGS_MODULE=settings, **variables) as worker:
        yield worker


def wait_for(job: Job, state: Job.State) -> None:
    wait_until(lambda: state_of(job) == state, f"{state} after {job.state}", pause=0.02)


def clusters() -> set[UUID]:
    return set(WorkerCluster.objects.values_list("pk", flat=True))


def outcomes(job: Job) -> list[str]:
    return list(job.attempts.values_list("outcome", flat=True))


def processes(worker: Worker) -> list[psutil.Process]:
    return psutil.Process(worker.process.pid).children(recursive=True)


def have_ended(family: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family
    )


def cluster_leader(worker: Worker) -> int:
    return psutil.Process(worker.process.pid).children()[0].pid


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each worker loads it by itself")
def test_what_workers_need_is_loaded_before_they_are_forked(tmp_path: Path) -> None:
    with running_workers(tmp_path, WORKERS="2") as worker:
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
        loaders = LOADED.findall(worker.log.read_text())
    assert len(loaders) == 1
    assert int(loaders[0]) not in worker.pids()


def test_running_job_ends_before_the_workers_do(tmp_path: Path) -> None:
    with running_workers(tmp_path, DRAIN_SECONDS="120") as worker:
        running = make_job(kind=SLOW)
        wait_for(running, State.RUNNING)
        waiting = make_job(kind=QUICK)
        worker.process.terminate()
        assert worker.process.wait() == 0
    assert (state_of(running), running.attempts_made) == (State.SUCCEEDED, 1)
    assert state_of(waiting) == State.QUEUED
    assert not clusters()


def test_job_that_does_not_end_in_time_waits_again_with_all_its_attempts(tmp_path: Path) -> None:
    with running_workers(tmp_path, DRAIN_SECONDS="0") as worker:
        job = make_job(kind=ENDLESS)
        wait_for(job, State.RUNNING)
        family = processes(worker)
        worker.process.terminate()
        assert worker.process.wait() == 0
    assert (state_of(job), job.attempts_made) == (State.QUEUED, 0)
    assert outcomes(job) == [Outcome.RETURNED]
    wait_until(lambda: have_ended(family), "the end of the clusters")


def test_no_process_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with running_workers(tmp_path) as worker:
        family = processes(worker)
        worker.process.kill()
        wait_until(lambda: have_ended(family), "the end of the clusters")


def test_cluster_that_was_killed_is_started_anew(tmp_path: Path) -> None:
    with running_workers(tmp_path) as worker:
        before = clusters()
        os.kill(cluster_leader(worker), signal.SIGKILL)
        # Workers of the killed one may do a job or two before they notice.
        wait_until(lambda: before.isdisjoint(clusters()), "the end of the killed cluster")
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
        assert len(clusters()) == 1


def test_frozen_cluster_is_started_anew(tmp_path: Path) -> None:
    with running_workers(tmp_path, HEALTH_PROBE_SECONDS="2") as worker:
        before = clusters()
        os.killpg(cluster_leader(worker), signal.SIGSTOP)
        # It may have stopped within a transaction: until then nobody else writes.
        wait_until(lambda: before.isdisjoint(clusters()), "the end of the frozen cluster")
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
    assert "answers no health probes" in worker.log.read_text()


def test_frozen_cluster_that_locks_the_database_is_started_anew(tmp_path: Path) -> None:
    with running_workers(tmp_path, HEALTH_PROBE_SECONDS="2"):
        before = clusters()
        frozen = make_job(kind=FROZEN_AT_FIRST)
        wait_until(lambda: before.isdisjoint(clusters()), "the end of the frozen cluster")
        wait_for(frozen, State.SUCCEEDED)
    assert outcomes(frozen) == [Outcome.LOST, Outcome.SUCCEEDED]


def test_what_came_of_a_message_that_failed_is_not_kept(tmp_path: Path) -> None:
    with running_workers(tmp_path):
        broker.send(clusters().pop(), "jobs.tasks.of_another_release")
        wait_until(Task.objects.exists, "a failure that is written down")
    with running_workers(tmp_path):
        wait_until(lambda: not Task.objects.exists(), "its end")


def test_job_of_a_killed_worker_is_done_by_another(tmp_path: Path) -> None:
    with running_workers(tmp_path) as worker:
        job = make_job(kind=SLOW)
        wait_for(job, State.RUNNING)
        assert worker.kill_at_work(job)
        wait_for(job, State.SUCCEEDED)
        assert len(worker.pids()) == 2
    assert outcomes(job) == [Outcome.LOST, Outcome.SUCCEEDED]
    assert job.attempts_made == 2
    states = [State.QUEUED, State.RUNNING, State.QUEUED, State.RUNNING, State.SUCCEEDED]
    assert [state for state, _ in states_in_events(job)] == states


def test_cancelled_job_stops_and_the_next_is_done(tmp_path: Path) -> None:
    with running_workers(tmp_path):
        job = make_job(kind=ENDLESS)
        wait_for(job, State.RUNNING)
        assert services.cancel(job)
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
    assert state_of(job) == State.CANCELLED


def test_each_queue_has_workers_of_its_own(tmp_path: Path) -> None:
    """Who waits for a photo does not wait for somebody's archive, and the other way round."""
    with running_workers(tmp_path, FILE_WORKERS="1"):
        endless = make_job(kind=ENDLESS)
        wait_for(make_job(kind=ARCHIVE), State.SUCCEEDED)
        wait_for(endless, State.RUNNING)
        queues = set(WorkerCluster.objects.values_list("queue", flat=True))
        assert queues == {Queue.PHOTOS, Queue.FILES}
        assert services.cancel(endless)
