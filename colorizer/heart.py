"""The sign of life of a running job: without it the lease ends, and another worker takes over."""

from __future__ import annotations

import logging
import threading
from types import TracebackType
from typing import Self

from django.conf import settings
from django.db import Error, connection

from colorizer import jobs
from colorizer.models import Colorization

logger = logging.getLogger(__name__)
BEATS_PER_LEASE = 6


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
        if self._is_lost or not jobs.heartbeat(self._job, progress):
            raise JobLostError

    def _keep_beating(self) -> None:
        try:
            while not self._is_lost and not self._stopped.wait(
                settings.JOB_LEASE_SECONDS / BEATS_PER_LEASE
            ):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            self._is_lost = not jobs.heartbeat(self._job, self._progress)
        except Error:
            # The database may be back before the lease ends; the next beat opens a new connection.
            logger.exception("Job %s missed a heartbeat", self._job.pk)
            connection.close()
