"""Real workers on the test database, for tests of whole paths (they need `transaction=True`)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
from django.conf import settings
from django.db import connection

from jobs.models import Job

PATIENCE_SECONDS = 180  # for machines that do much else at the same time
READY = re.compile(r"ready for work at (\d+)")
ATTEMPT = r"Job {}: attempt \d+, process (\d+)"


def wait_until(condition: Callable[[], bool], what: str, pause: float = 0.1) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"Waited {PATIENCE_SECONDS} s in vain for: {what}"
        time.sleep(pause)


@dataclass(frozen=True)
class Worker:
    process: subprocess.Popen[bytes]
    log: Path

    def pids(self) -> list[int]:
        """The worker processes that the cluster has started so far, the latest last."""
        return [int(pid) for pid in READY.findall(self.log.read_text())]

    def pids_of(self, job: Job) -> list[int]:
        """The process of each attempt at a job, the latest last."""
        return [int(pid) for pid in re.findall(ATTEMPT.format(job.pk), self.log.read_text())]

    def kill_at_work(self, job: Job) -> bool:
        """Kill the process that runs the job, as soon as one does; False if it has just ended its work.

        It is stopped first: the cluster of a process that is killed when idle would be frozen for minutes.
        """
        wait_until(lambda: bool(self.pids_of(job)), "an attempt", pause=0.01)
        process = psutil.Process(self.pids_of(job)[-1])
        process.suspend()
        is_at_work = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).exists()
        process.kill() if is_at_work else process.resume()
        return is_at_work


@contextmanager
def running_worker(folder: Path, **variables: str) -> Iterator[Worker]:
    """Starts `manage.py workers` with the database and the stored files of the test."""
    log = folder / "worker.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "workers"],
            cwd=settings.BASE_DIR,
            env={**os.environ, **worker_environment(folder), **variables},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    worker = Worker(process, log)
    try:
        wait_until(lambda: bool(worker.pids()), "a worker that is ready")
        yield worker
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def worker_environment(folder: Path) -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "DATABASE_URL": _database_url(),
        **_media_storage(),
        "WEIGHTS_DIR": str(settings.WEIGHTS_DIR),
        "DATA_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,  # queue messages are signed
        "LOG_LEVEL": "INFO",
        "OMP_NUM_THREADS": "1",
        # Processes less: tests of films, and of archives and webhooks, ask for them.
        "VIDEO_WORKERS": "0",
        "FILE_WORKERS": "0",
    }


def _media_storage() -> dict[str, str]:
    """The folder of the test, or its bucket (see tests/s3.py)."""
    options = settings.STORAGES["default"].get("OPTIONS")
    if options is None:
        return {"MEDIA_STORAGE": str(settings.MEDIA_ROOT)}
    return {
        "MEDIA_STORAGE": f"s3://{options['bucket_name']}/{options['location']}",
        "AWS_S3_ENDPOINT_URL": options["endpoint_url"],
    }


def _database_url() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    login = f"{quote(database['USER'])}:{quote(database['PASSWORD'])}"
    port = database["PORT"] or 5432
    return f"postgres://{login}@{database['HOST']}:{port}/{database['NAME']}"
