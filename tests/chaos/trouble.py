"""What goes wrong during a run, chosen at random."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import redis
from django.conf import settings
from django.db import connection
from django.db.models import F
from psycopg import sql

from jobs import services
from jobs.models import Job
from tests.chaos.hosts import Host, kill
from tests.postgres import administrator

State = Job.State
OUTAGE_SECONDS = 5
STOPPED_SECONDS = 3
HOUR = timedelta(hours=1)


class Trouble:
    """Each `strike` does one bad thing.

    Args:
        spared: the job that nobody cancels.
        seed: the same one chooses the same things; when they come, the machine decides.
    """

    def __init__(self, hosts: Sequence[Host], spared: Job, seed: int) -> None:
        self._hosts = hosts
        self._spared = spared
        self._random = random.Random(seed)  # noqa: S311  (chance, not secrets)
        self.counts: Counter[str] = Counter()
        self._strikes: dict[str, tuple[Callable[[], None], int]] = {
            "worker killed": (self._kill_worker, 20),
            f"worker stopped for {STOPPED_SECONDS} s": (self._stop_worker, 2),
            "all clusters of a host killed": (self._kill_clusters, 1),
            "clock set forward": (lambda: self._shift_leases(-HOUR), 1),
            "clock set back": (lambda: self._shift_leases(HOUR), 1),
            "job cancelled": (self._cancel, 2),
            "cancelled jobs retried": (self._retry, 2),
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

    def _kill_clusters(self) -> None:
        for leader in self._random.choice(self._hosts).leaders():
            kill(leader, signal.SIGKILL)

    def _shift_leases(self, by: timedelta) -> None:
        running = Job.objects.filter(state=State.RUNNING)
        running.update(lease_expires_at=F("lease_expires_at") + by)

    def _cancel(self) -> None:
        jobs = Job.objects.filter(state=self._random.choice(Job.OPEN_STATES))
        if job := jobs.exclude(pk=self._spared.pk).order_by("?").first():
            services.cancel(job)

    def _retry(self) -> None:
        for job in Job.objects.filter(state=State.CANCELLED):
            services.retry(job)
