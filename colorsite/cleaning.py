"""What killed processes left behind: when it counts as left, and who removes it.

Workers sweep all of the storage. A web server looks after its own disk, since its host may have no workers.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from threading import Thread
from typing import Final

from django.conf import settings
from django.utils import timezone

from filestore import cleanup
from filestore.temporary import remove_leftovers

logger = logging.getLogger(__name__)

CLEAN_UP_SECONDS: Final = 3600
LEFT_BEHIND_AFTER: Final = timedelta(hours=1)
"""Longer than any job may take from storing a file to recording it."""


def sweep() -> Iterator[int]:
    return cleanup.sweep(older_than=LEFT_BEHIND_AFTER, unfinished_for=_unfinished_for())


def start_removing_leftovers() -> None:
    """At once, and then each hour, for as long as this process lives."""
    Thread(target=_keep_removing_leftovers, name="leftovers", daemon=True).start()


def _keep_removing_leftovers() -> None:
    while True:
        try:
            number = sum(remove_leftovers(timezone.now() - _unfinished_for()))
            logger.info("Removed what killed processes had left: %s", number)
        except OSError:
            logger.exception("What killed processes left could not be removed")
        time.sleep(CLEAN_UP_SECONDS)


def _unfinished_for() -> timedelta:
    """The same for all: workers may have the same folder, and be at a film for a day."""
    return timedelta(seconds=max(settings.JOB_TIMEOUTS.values())) + LEFT_BEHIND_AFTER
