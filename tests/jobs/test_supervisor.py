"""`manage.py workers` with real processes: what it starts anew, lets end, and never leaves behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from colorizer.models import Colorization, WorkerCluster
from gallery import services
from tests.factories import make_album, make_upload, picture_bytes
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Colorization.State
LARGE = picture_bytes(7000, 7000)  # keeps a worker busy for seconds


def upload(content: bytes | None = None) -> Colorization:
    return services.add_photo_and_colorize(
        make_album(), make_upload(content or picture_bytes()), "stable", 8
    )


def wait_for(job: Colorization, state: Colorization.State) -> None:
    def has_come() -> bool:
        job.refresh_from_db()
        return job.state == state

    wait_until(has_come, f"{state} after {job.state}", pause=0.02)


def clusters() -> set[UUID]:
    return set(WorkerCluster.objects.values_list("pk", flat=True))


def processes(worker: Worker) -> list[psutil.Process]:
    return psutil.Process(worker.process.pid).children(recursive=True)


def have_ended(family: list[psutil.Process]) -> bool:
    return not any(
        process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in family
    )


def cluster_leader(worker: Worker) -> int:
    return psutil.Process(worker.process.pid).children()[0].pid


def test_running_job_ends_before_the_workers_do(tmp_path: Path) -> None:
    with running_worker(tmp_path, DRAIN_SECONDS="120") as worker:
        running, waiting = upload(LARGE), upload()
        wait_for(running, State.RUNNING)
        worker.process.terminate()
        assert worker.process.wait() == 0
    running.refresh_from_db()
    waiting.refresh_from_db()
    assert (running.state, running.attempt) == (State.SUCCEEDED, 1)
    assert waiting.state == State.QUEUED
    assert not clusters()


def test_job_that_does_not_end_in_time_waits_again_with_all_its_attempts(tmp_path: Path) -> None:
    with running_worker(tmp_path, DRAIN_SECONDS="0") as worker:
        job = upload(LARGE)
        wait_for(job, State.RUNNING)
        family = processes(worker)
        worker.process.terminate()
        assert worker.process.wait() == 0
    job.refresh_from_db()
    assert (job.state, job.attempt) == (State.QUEUED, 0)
    wait_until(lambda: have_ended(family), "the end of the clusters")


def test_no_process_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    with running_worker(tmp_path) as worker:
        family = processes(worker)
        worker.process.kill()
        wait_until(lambda: have_ended(family), "the end of the clusters")


def test_cluster_that_was_killed_is_started_anew(tmp_path: Path) -> None:
    with running_worker(tmp_path) as worker:
        before = clusters()
        os.kill(cluster_leader(worker), signal.SIGKILL)
        wait_for(upload(), State.SUCCEEDED)
        assert len(clusters()) == 1
        assert clusters().isdisjoint(before)


def test_frozen_cluster_is_started_anew(tmp_path: Path) -> None:
    with running_worker(tmp_path, CANARY_SECONDS="5") as worker:
        before = clusters()
        os.killpg(cluster_leader(worker), signal.SIGSTOP)
        wait_for(upload(), State.SUCCEEDED)
        assert clusters().isdisjoint(before)
    assert "answers no canaries" in worker.log.read_text()
