"""Machines with workers, and what kills their workers in the middle of a job."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from django.conf import settings

from jobs.cluster_process import _die_with_parent
from jobs.models import Job

READY = re.compile(r"ready for work at (\d+)")
ATTEMPT = re.compile(r"Job ([0-9a-f-]{36}): attempt (\d), process (\d+)")
LOOK_EVERY_SECONDS = 0.05
USUAL_JOB_SECONDS = 0.2
KILLED_AT_WORK = 0.3
"""This part of the jobs, when they are run for the first time."""
STOP_SECONDS = 180  # on machines that do much else at the same time


class Host:
    """One `manage.py workers`, as on a machine of its own."""

    def __init__(self, log: Path) -> None:
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "workers"],
                cwd=settings.BASE_DIR,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  (no other thread runs)
            )

    def workers(self) -> list[int]:
        pids = (int(pid) for pid in READY.findall(self.log.read_text()))
        return [pid for pid in pids if psutil.pid_exists(pid)]

    def leaders(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def restarts_of_frozen(self) -> int:
        return self.log.read_text().count("answers no health probes")

    def stop(self) -> None:
        """It lets running jobs end; who does not within the time is killed, its clusters with it."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextmanager
def running_hosts(folder: Path, number: int) -> Iterator[list[Host]]:
    hosts: list[Host] = []
    try:
        for name in range(number):
            hosts.append(Host(folder / f"host-{name}.log"))  # noqa: PERF401  (all that began end)
        yield hosts
    finally:
        for host in hosts:
            host.process.terminate()
        for host in hosts:
            host.stop()


class Killer(threading.Thread):
    """Kills each worker that takes the poison picture, and many in the middle of another job.

    Attributes:
        poison_kills: how many it has killed for the poison picture.
        other_kills: how many for other jobs. Some had just ended theirs.
    """

    def __init__(self, hosts: Sequence[Host], poison: Job, seed: int) -> None:
        super().__init__(daemon=True)
        self._hosts = hosts
        self._poison = str(poison.pk)
        self._random = random.Random(seed)  # noqa: S311  (chance, not secrets)
        self.poison_kills = 0
        self.other_kills = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        seen: set[tuple[str, str, str]] = set()
        while not self.is_over.wait(LOOK_EVERY_SECONDS):
            for host in self._hosts:
                for attempt in set(ATTEMPT.findall(host.log.read_text())) - seen:
                    seen.add(attempt)
                    self._strike(*attempt)

    def stop(self) -> None:
        self.is_over.set()
        self.join()

    def _strike(self, job: str, attempt: str, pid: str) -> None:
        if job == self._poison:
            self.poison_kills += kill(int(pid), signal.SIGKILL)
        # The first time only: a job whose worker dies three times fails, as it must.
        elif attempt == "1" and self._random.random() < KILLED_AT_WORK:
            time.sleep(self._random.uniform(0, USUAL_JOB_SECONDS))
            self.other_kills += kill(int(pid), signal.SIGKILL)


def kill(pid: int, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
