"""A Redis that is away for a while: clusters are left as they are, and what needs the database alone goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis
from django.db.models.functions import Now

from jobs.models import Job, WorkerCluster
from tests.jobs.factories import make_job, state_of
from tests.jobs.kinds import QUICK
from tests.needs import WORKERS_REDIS_URL, redis_alone
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.redis, pytest.mark.django_db(transaction=True)]
State = Job.State
PROBE_SECONDS = 1


class Line:
    """To Redis, from a port of its own, until it is cut."""

    def __init__(self, port: int = 0) -> None:
        self._ends: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        for end in (self._listener, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _accept(self) -> None:
        server = urlsplit(WORKERS_REDIS_URL)
        with suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                far = socket.create_connection((str(server.hostname), server.port or 6379))
                self._ends += [near, far]
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=self._hand_on, args=ends, daemon=True).start()

    @staticmethod
    def _hand_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(2**14):
                target.sendall(data)


@contextmanager
def running_workers(folder: Path, line: Line) -> Iterator[Worker]:
    variables = {
        "DJANGO_SETTINGS_MODULE": "tests.jobs.worker_settings",
        "HEALTH_PROBE_SECONDS": str(PROBE_SECONDS),
        "REDIS_URL": f"redis://127.0.0.1:{line.port}{urlsplit(WORKERS_REDIS_URL).path}",
    }
    with redis_alone(WORKERS_REDIS_URL):
        redis.from_url(WORKERS_REDIS_URL).flushdb()
        with running_worker(folder, **variables) as worker:
            yield worker


def leader(worker: Worker) -> psutil.Process:
    return psutil.Process(worker.process.pid).children()[0]


def wait_for(job: Job, state: Job.State) -> None:
    wait_until(lambda: state_of(job) == state, f"{state} after {job.state}")


def test_clusters_are_left_as_they_are_and_work_when_it_is_back(tmp_path: Path) -> None:
    line = Line()
    with running_workers(tmp_path, line) as worker:
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
        before = WorkerCluster.objects.get().pk, leader(worker).pid
        line.cut()
        time.sleep(8 * PROBE_SECONDS)
        line = Line(line.port)
        wait_for(make_job(kind=QUICK), State.SUCCEEDED)
        assert (WorkerCluster.objects.get().pk, leader(worker).pid) == before
    line.cut()
    assert "answers no health probes" not in worker.log.read_text()


def test_a_cluster_that_ends_meanwhile_keeps_nothing_else_from_being_done(tmp_path: Path) -> None:
    line = Line()
    with running_workers(tmp_path, line) as worker:
        before = WorkerCluster.objects.get().pk
        line.cut()
        leader(worker).kill()
        wait_until(lambda: "has ended by itself" in worker.log.read_text(), "its end")
        job = make_job(state=State.RUNNING)
        Job.objects.filter(pk=job.pk).update(lease_expires_at=Now())
        wait_for(job, State.QUEUED)
        line = Line(line.port)
        wait_for(job, State.SUCCEEDED)
        assert WorkerCluster.objects.get().pk != before
    line.cut()
    assert worker.log.read_text().count("has ended by itself") == 1
