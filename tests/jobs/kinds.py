"""Kinds of jobs for tests: they know no picture."""

from __future__ import annotations

import logging
import os
import signal
import time
import uuid
from collections.abc import Callable

from django.db import transaction

from jobs import counters, kinds
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Queue

logger = logging.getLogger(__name__)
QUICK = "test-quick"
SLOW = "test-slow"
ENDLESS = "test-endless"
VIDEO = "test-video"
ARCHIVE = "test-archive"
FROZEN_AT_FIRST = "test-frozen-at-first"
ADVICE = "Bring less."


def quick(lease: Lease) -> None:
    """Its result is a count, written together with its success."""
    with lease.success():
        counters.add("test_results")


def slow(lease: Lease) -> None:
    """Seconds in which its worker can be killed or stopped."""
    for percent in range(0, 100, 5):
        lease.report_progress(percent)
        time.sleep(0.1)
    quick(lease)


def endless(lease: Lease) -> None:
    """Ends when the lease is lost."""
    while True:
        lease.check()
        time.sleep(0.05)


def frozen_at_first(lease: Lease) -> None:
    """The first attempt stops all of its cluster while it holds a lock of the database."""
    if lease.job.attempts_made == 1:
        with transaction.atomic():
            counters.add("test_frozen")
            os.killpg(os.getpgid(0), signal.SIGSTOP)
    quick(lease)


def load() -> None:
    logger.info("Loaded by process %s", os.getpid())


def register() -> None:
    for kind in (
        JobKind(QUICK, "Be quick", Queue.PHOTOS, quick, load, ADVICE),
        JobKind(SLOW, "Be slow", Queue.PHOTOS, slow),
        JobKind(ENDLESS, "Go on", Queue.PHOTOS, endless),
        JobKind(VIDEO, "Be a film", Queue.VIDEOS, quick),
        JobKind(FROZEN_AT_FIRST, "Freeze", Queue.PHOTOS, frozen_at_first),
        JobKind(ARCHIVE, "Be an archive", Queue.FILES, quick),
    ):
        kinds.register(kind)


def registered(run: Callable[[Lease], None]) -> str:
    """The name of a new kind that is done like this."""
    kind = JobKind(f"test-{uuid.uuid4().hex}", "Be tested", Queue.PHOTOS, run, advice=ADVICE)
    kinds.register(kind)
    return kind.name
