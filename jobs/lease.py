"""The lease of a running job: renewed while it runs, or another worker takes over."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Final, Self

from django.conf import settings
from django.db import Error, connection, transaction

from jobs import clusters, transitions
from jobs.errors import JobLostError
from jobs.models import Job

logger = logging.getLogger(__name__)
RENEWALS_PER_LEASE: Final = 6
# Who cancels a job does not wait long for its worker to stop.
LOOK_EVERY_SECONDS: Final = 2.0


class Lease:
    """What a kind's handler gets: the job, and all that it may say about it.

    The worker enters it: meanwhile the lease is renewed, also during one long call.

    Attributes:
        job: as it was claimed.
        has_succeeded: whether success is committed.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.has_succeeded = False
        self._progress = 0
        self._is_lost = False
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep_renewing, name="lease", daemon=True)

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

    def report_progress(self, percent: int) -> None:
        """Report percents done; JobLostError stops the work when it has become useless."""
        self._progress = percent
        self.hold()

    def hold(self) -> None:
        """Renew it. In a transaction, nobody takes the job away from here to the end of that.

        Raises:
            JobLostError: it is lost already.
        """
        self.check()
        if not transitions.renew(self.job, self._progress):
            raise JobLostError

    def check(self) -> None:
        """Costs nothing: for every place where the work can stop."""
        if self._is_lost:
            raise JobLostError

    @contextmanager
    def success(self) -> Iterator[None]:
        """A transaction in which the job succeeds and the body writes what came out: all or nothing.

        Raises:
            JobLostError: the job is another worker's by now, or nobody's; the body is not entered.
        """
        with transaction.atomic():
            if not transitions.succeed(self.job):
                raise JobLostError
            yield
        self.has_succeeded = True

    def _keep_renewing(self) -> None:
        renew_every = settings.JOB_LEASE_SECONDS / RENEWALS_PER_LEASE
        renewed_at = time.monotonic()
        pause = min(LOOK_EVERY_SECONDS, renew_every)
        try:
            while not self._is_lost and not self._stopped.wait(pause):
                if time.monotonic() - renewed_at < renew_every:
                    self._survive(self._look)
                else:
                    self._survive(self._renew)
                    renewed_at = time.monotonic()
        finally:
            connection.close()

    def _look(self) -> None:
        self._is_lost = not transitions.is_held(self.job)

    def _renew(self) -> None:
        self._is_lost = not transitions.renew(self.job, self._progress)
        clusters.show_life()

    def _survive(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Error:
            # The database may be back before the lease ends; the next time opens a new connection.
            logger.exception("Job %s: its lease was not renewed", self.job.pk)
            connection.close()
