"""Starts the clusters of this machine and looks after them, from outside: a frozen one cannot.

What jobs need from time to time is done here as well: leases that ran out, messages that were lost.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.db import connection

from jobs import broker, clusters, periodic, transitions
from jobs.cluster_process import ClusterProcess
from jobs.models import Queue, WorkerCluster
from jobs.periodic import Every
from jobs.stop_signals import StopSignals

logger = logging.getLogger(__name__)
TICK_SECONDS: Final = 0.5
LOOKS_PER_LEASE: Final = 12
"""How often it looks for leases that ran out, and for messages that were lost."""


class Supervisor:
    """Runs until it is told to stop.

    Args:
        workers: how many for each queue; none means no cluster.
    """

    def __init__(self, workers: Mapping[str, int]) -> None:
        self._clusters = [
            ClusterProcess(Queue(queue), number) for queue, number in workers.items() if number
        ]
        self._signals = StopSignals()
        self._recovery = Every(settings.JOB_LEASE_SECONDS / LOOKS_PER_LEASE)
        self._probes = Every(settings.HEALTH_PROBE_SECONDS)
        # Steps that an outage stopped the last time: of each it is told once.
        self._stuck: set[Callable[[], None]] = set()

    def run(self) -> None:
        self._signals.listen()
        try:
            while not self._signals.wait(TICK_SECONDS):
                self._tick()
        finally:
            self._stop()

    def _tick(self) -> None:
        """Each step by itself: while a Redis is away, what needs the database alone is done."""
        for cluster in self._clusters:
            self._through_outages(cluster.keep_running)
        # First: a frozen cluster may have SQLite's write lock, and whatever else is written waits for it.
        if self._probes.is_due():
            self._through_outages(self._replace_frozen)
        if self._recovery.is_due():
            self._through_outages(self._recover)
        self._through_outages(periodic.run_due)

    def _recover(self) -> None:
        # Before those that nobody watches are removed: this computer may have slept for hours.
        for record in self._records():
            clusters.watch(record)
        transitions.requeue_expired()
        clusters.remove_abandoned()
        for record in self._records():
            broker.resend_missing(record)

    def _replace_frozen(self) -> None:
        """The last health probe has had all the time until now to be answered."""
        broker.ping()  # while it is away nobody gets a probe, and none was missed
        for cluster in self._clusters:
            if cluster.record and cluster.missed_probes() >= clusters.MISSED_PROBES:
                logger.error(
                    "Cluster %s answers no health probes: it is started anew", cluster.record
                )
                cluster.kill()
                cluster.keep_running()
        for record in self._records():
            broker.send(record.pk, broker.ANSWER_PROBE)

    def _records(self) -> list[WorkerCluster]:
        return [cluster.record for cluster in self._clusters if cluster.record]

    def _through_outages(self, step: Callable[[], None]) -> None:
        """Without database or broker nobody can work: the clusters are left as they are meanwhile."""
        try:
            step()
            self._stuck.discard(step)
        except broker.OUTAGES:
            if step not in self._stuck:
                logger.exception("The workers wait for the database or the broker")
            self._stuck.add(step)
            connection.close()

    def _stop(self) -> None:
        logger.info("Workers stop: running jobs have %s s to end", settings.DRAIN_SECONDS)
        for cluster in self._clusters:
            self._through_outages(cluster.begin_draining)
            cluster.terminate()
        deadline = time.monotonic() + settings.DRAIN_SECONDS
        while any(cluster.is_alive() for cluster in self._clusters):
            if time.monotonic() > deadline or self._signals.wait(0.1, number=2):
                break
        for cluster in self._clusters:
            self._through_outages(cluster.give_back_jobs)
            self._through_outages(cluster.kill)
