"""Starts the clusters of this machine and looks after them, from outside: a frozen one cannot.

What jobs need from time to time is done here as well: leases that ran out, bells that were lost.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from types import FrameType
from typing import Final

import redis
from django.conf import settings
from django.db import Error, connection

from colorizer import bells, clusters, jobs, orphans
from colorizer.cluster_process import ClusterProcess
from colorizer.models import Queue, WorkerCluster

logger = logging.getLogger(__name__)
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
TICK_SECONDS: Final = 0.5
RECOVER_SECONDS: Final = 5
SWEEP_SECONDS: Final = 3600
ORPHAN_AGE: Final = timedelta(hours=1)
OUTAGES: Final = (Error, redis.RedisError)


class Every:
    """Is due at once, then each `seconds`; keeps no clock that can be set."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._next = time.monotonic()

    def is_due(self) -> bool:
        if time.monotonic() < self._next:
            return False
        self._next = time.monotonic() + self._seconds
        return True


class Supervisor:
    """Runs until it is told to stop.

    Args:
        workers: how many for each queue; none means no cluster.
    """

    def __init__(self, workers: Mapping[str, int]) -> None:
        self._clusters = [
            ClusterProcess(Queue(queue), number) for queue, number in workers.items() if number
        ]
        self._stopping = threading.Event()
        self._in_a_hurry = threading.Event()
        self._recovery = Every(RECOVER_SECONDS)
        self._sweep = Every(SWEEP_SECONDS)
        self._canaries = Every(settings.CANARY_SECONDS)
        self._is_outage = False

    def run(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note_signal)
        try:
            while not self._stopping.wait(TICK_SECONDS):
                self._through_outages(self._tick)
        finally:
            self._stop()

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        if self._stopping.is_set():
            self._in_a_hurry.set()
        self._stopping.set()

    def _tick(self) -> None:
        for cluster in self._clusters:
            cluster.keep_running()
        if self._recovery.is_due():
            self._recover()
        if self._canaries.is_due():
            self._replace_frozen()
        if self._sweep.is_due():
            orphans.sweep(older_than=ORPHAN_AGE)

    def _recover(self) -> None:
        jobs.requeue_expired()
        clusters.remove_abandoned()
        for record in self._records():
            clusters.watch(record)
            bells.ring_missing(record)

    def _replace_frozen(self) -> None:
        """The last canary has had all the time until now to be answered."""
        for cluster in self._clusters:
            if cluster.record and cluster.missed_canaries() >= clusters.MISSED_CANARIES:
                logger.error("Cluster %s answers no canaries: it is started anew", cluster.record)
                cluster.kill()
                cluster.keep_running()
        for record in self._records():
            bells.send(record.pk, "colorizer.tasks.canary")

    def _records(self) -> list[WorkerCluster]:
        return [cluster.record for cluster in self._clusters if cluster.record]

    def _through_outages(self, step: Callable[[], None]) -> None:
        """Without database or broker nobody can work: the clusters are left as they are meanwhile."""
        try:
            step()
            self._is_outage = False
        except OUTAGES:
            if not self._is_outage:
                logger.exception("The workers wait for the database or the broker")
            self._is_outage = True
            connection.close()

    def _stop(self) -> None:
        logger.info("Workers stop: running jobs have %s s to end", settings.DRAIN_SECONDS)
        for cluster in self._clusters:
            self._through_outages(cluster.begin_draining)
            cluster.terminate()
        deadline = time.monotonic() + settings.DRAIN_SECONDS
        while any(cluster.is_alive() for cluster in self._clusters):
            if time.monotonic() > deadline or self._in_a_hurry.wait(0.1):
                break
        for cluster in self._clusters:
            self._through_outages(cluster.give_back_jobs)
            self._through_outages(cluster.kill)
