"""What goes wrong during a run."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psutil
import redis
from django.conf import settings
from django.db import Error, connection
from django.db.models import F
from psycopg import sql

from colorizer import services
from colorizer.models import Colorization
from tests.chaos.surroundings import administrator

State = Colorization.State
READY = re.compile(r"ready for work at (\d+)")
OUTAGE_SECONDS = 5
STOPPED_SECONDS = 3
HOUR = timedelta(hours=1)


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
            )

    def workers(self) -> list[int]:
        pids = (int(pid) for pid in READY.findall(self.log.read_text()))
        return [pid for pid in pids if psutil.pid_exists(pid)]

    def leaders(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def restarts_of_frozen(self) -> int:
        return self.log.read_text().count("answers no canaries")


class Poison(threading.Thread):
    """A picture that kills each worker that takes it, and no other."""

    def __init__(self, job: Colorization, hosts: list[Host]) -> None:
        super().__init__(daemon=True)
        self._attempts = re.compile(rf"Job {job.pk}: attempt (\d), process (\d+)")
        self._hosts = hosts
        self.kills = 0
        self.is_over = threading.Event()

    def run(self) -> None:
        seen: set[tuple[str, str]] = set()
        while not self.is_over.wait(0.02):
            for host in self._hosts:
                for start in set(self._attempts.findall(host.log.read_text())) - seen:
                    seen.add(start)
                    self.kills += kill(int(start[1]), signal.SIGKILL)


class Trouble:
    """Each `strike` does one bad thing, chosen at random.

    Args:
        seed: the same one chooses the same things; when they come, the machine decides.
    """

    def __init__(self, hosts: list[Host], poison: Colorization, seed: int) -> None:
        self._hosts = hosts
        self._poison = poison
        self._random = random.Random(seed)  # noqa: S311  (chance, not secrets)
        self.counts: Counter[str] = Counter()
        self._strikes: dict[str, tuple[Callable[[], None], int]] = {
            "worker killed": (self._kill_worker, 20),
            "worker stopped for 3 s": (self._stop_worker, 2),
            "cluster killed": (self._kill_cluster, 1),
            "clock set forward": (lambda: self._shift_leases(-HOUR), 1),
            "clock set back": (lambda: self._shift_leases(HOUR), 1),
            "job cancelled": (self._cancel, 2),
            "jobs retried": (self._retry, 2),
        }

    def strike(self) -> None:
        names = list(self._strikes)
        weights = [weight for _, weight in self._strikes.values()]
        [name] = self._random.choices(names, weights)
        self._strikes[name][0]()
        self.counts[name] += 1

    def cut_off(self) -> None:
        """The database is away for a while, and all messages are lost."""
        if connection.vendor == "postgresql":
            self._restart_database()
            self.counts[f"database away for {OUTAGE_SECONDS} s"] += 1
        if url := settings.Q_CLUSTER.get("redis"):
            redis.from_url(url).flushdb()
            self.counts["Redis emptied"] += 1

    def _restart_database(self) -> None:
        name = connection.settings_dict["NAME"]
        connection.close()
        allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        with administrator() as server:
            server.execute(allow.format(sql.Identifier(name), sql.SQL("false")))
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            time.sleep(OUTAGE_SECONDS)
            server.execute(allow.format(sql.Identifier(name), sql.SQL("true")))

    def _kill_worker(self) -> None:
        if pids := self._random.choice(self._hosts).workers():
            kill(self._random.choice(pids), signal.SIGKILL)

    def _stop_worker(self) -> None:
        if pids := self._random.choice(self._hosts).workers():
            pid = self._random.choice(pids)
            kill(pid, signal.SIGSTOP)
            threading.Timer(STOPPED_SECONDS, kill, [pid, signal.SIGCONT]).start()

    def _kill_cluster(self) -> None:
        for leader in self._random.choice(self._hosts).leaders():
            kill(leader, signal.SIGKILL)

    def _shift_leases(self, by: timedelta) -> None:
        running = Colorization.objects.filter(state=State.RUNNING)
        running.update(lease_expires_at=F("lease_expires_at") + by)

    def _cancel(self) -> None:
        if job := Colorization.objects.open().exclude(pk=self._poison.pk).order_by("?").first():
            services.cancel(job)

    def _retry(self) -> None:
        for job in Colorization.objects.filter(state=State.CANCELLED):
            services.retry(job)


def kill(pid: int, number: signal.Signals) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False


def are_all_done() -> bool:
    try:
        return not Colorization.objects.open().exists()
    except Error:
        connection.close()
        return False
