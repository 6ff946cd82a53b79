"""What apps want done from time to time while workers run: the supervisor does it.

An app registers its own in AppConfig.ready(). Each supervisor calls each of them, at its start and
then every so many seconds, so they must bear being called on several machines at the same time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from jobs import counters
from jobs.broker import OUTAGES

logger = logging.getLogger(__name__)
MERGE_COUNTERS_SECONDS = 600


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


class _Task:
    def __init__(self, name: str, seconds: float, function: Callable[[], object]) -> None:
        self._name = name
        self._every = Every(seconds)
        self._function = function

    def run_if_due(self) -> None:
        if not self._every.is_due():
            return
        try:
            self._function()
        except OUTAGES:
            raise
        except Exception:
            # What one app cannot do must not keep the workers from being looked after.
            logger.exception("Periodic task failed: %s", self._name)


_tasks: dict[str, _Task] = {}


def register_periodic(name: str, seconds: float, function: Callable[[], object]) -> None:
    """Have `function` called each `seconds`. It must not take minutes: clusters wait for it."""
    if name in _tasks:
        raise ValueError(f"There are two periodic tasks named {name}: rename one.")
    _tasks[name] = _Task(name, seconds, function)


def run_due() -> None:
    for task in _tasks.values():
        task.run_if_due()


register_periodic("merge counters", MERGE_COUNTERS_SECONDS, counters.merge)
