"""One cluster of workers as a process group of its own, with its record."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from typing import Final

from django.conf import settings

from jobs import broker, clusters, transitions
from jobs.models import Queue, WorkerCluster

logger = logging.getLogger(__name__)
LONG_LIFE_SECONDS: Final = 10
LONGEST_PAUSE_SECONDS: Final = 30.0
PR_SET_PDEATHSIG: Final = 1


class ClusterProcess:
    """A cluster that is started again whenever it ends.

    Attributes:
        record: of the cluster that runs now; None while none does.
    """

    def __init__(self, queue: Queue, workers: int) -> None:
        self._queue = queue
        self._workers = workers
        self.record: WorkerCluster | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause = 0.0
        self._missed = 0
        self._last_life: datetime | None = None

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def keep_running(self) -> None:
        if self.is_alive():
            return
        if self.record:
            if self._process:
                logger.error("Cluster %s has ended by itself", self.record)
            self.kill()  # once more, when the record could not be removed
        if time.monotonic() >= self._started + self._pause:
            self._start()

    def _start(self) -> None:
        self.record = clusters.register(self._queue, self._workers)
        self._missed, self._last_life = 0, None
        self._started = time.monotonic()
        # The main process alone may get a signal: it hangs when its children get it, too.
        self._process = subprocess.Popen(  # noqa: S603  (a fixed command)
            broker.COMMAND,
            cwd=settings.BASE_DIR,
            env={**os.environ, **clusters.environment(self.record)},
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  (no other thread runs)
        )

    def missed_probes(self) -> int:
        """How many have been without an answer, one after the other; asked once for each."""
        if self.record:
            life = clusters.last_life(self.record)
            is_alive = life is not None and life != self._last_life
            self._missed, self._last_life = 0 if is_alive else self._missed + 1, life
        return self._missed

    def begin_draining(self) -> None:
        if self.record:
            clusters.begin_draining(self.record)

    def terminate(self) -> None:
        """Have it end the jobs that it runs."""
        if self._process:
            self._process.terminate()

    def give_back_jobs(self) -> None:
        """What it still runs goes back to the queue, and is none the worse for it."""
        if self.record:
            transitions.release_jobs_of(self.record.pk)

    def kill(self) -> None:
        """End it with all its processes; the leases of what it ran will expire."""
        if self._process:
            _kill_group(self._process.pid)
            self._process.wait()
            self._process = None
            lived_long = time.monotonic() - self._started > LONG_LIFE_SECONDS
            self._pause = 0.0 if lived_long else min(2 * self._pause + 1, LONGEST_PAUSE_SECONDS)
        if self.record:
            clusters.remove(self.record)
            self.record = None


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return  # All of it has ended.


def _die_with_parent() -> None:
    """A cluster without its supervisor would be a second one beside its successor."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
