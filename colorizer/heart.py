"""The sign of life of a running job: without it the lease ends, and another worker takes over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection

from colorizer import clusters, jobs
from colorizer.models import Colorization

logger = logging.getLogger(__name__)
BEATS_PER_LEASE = 6
# Who cancels a job does not wait long for its worker to stop.
LOOK_EVERY_SECONDS = 2.0


class JobLostError(Exception):
    """The job was cancelled, deleted or given to another worker: there is no use in going on."""


class Heart:
    """Renews a job's lease while the body of the `with` is at work, also during one long call."""

    def __init__(self, job: Colorization) -> None:
        self._job = job
        self._progress = 0
        self._is_lost = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_beating, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()

    def beat(self, progress: int) -> None:
        """Report percents done; JobLostError stops the work when it has become useless."""
        self._progress = progress
        self.check()
        if not jobs.heartbeat(self._job, progress):
            raise JobLostError

    def check(self) -> None:
        """Costs nothing: for every place where the work can stop."""
        if self._is_lost:
            raise JobLostError

    def _keep_beating(self) -> None:
        beat_every = settings.JOB_LEASE_SECONDS / BEATS_PER_LEASE
        beaten_at = time.monotonic()
        try:
            while not self._is_lost and not self._stopped.wait(min(LOOK_EVERY_SECONDS, beat_every)):
                if time.monotonic() - beaten_at < beat_every:
                    self._survive(self._look)
                else:
                    self._survive(self._renew)
                    beaten_at = time.monotonic()
        finally:
            connection.close()

    def _look(self) -> None:
        self._is_lost = not jobs.is_held(self._job)

    def _renew(self) -> None:
        self._is_lost = not jobs.heartbeat(self._job, self._progress)
        clusters.show_life()

    def _survive(self, beat: Callable[[], None]) -> None:
        try:
            beat()
        except Error:
            # The database may be back before the lease ends; the next beat opens a new connection.
            logger.exception("Job %s missed a heartbeat", self._job.pk)
            connection.close()
