"""What apps want done from time to time while workers run: the supervisor does it.

An app registers its own in AppConfig.ready(). Each supervisor calls each of them, at its start and
then every so many seconds, so they must bear being called on several machines at the same time.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

from jobs import counters
from jobs.broker import OUTAGES, forget_failures

logger = logging.getLogger(__name__)
MERGE_COUNTERS_SECONDS = 600
FORGET_FAILURES_SECONDS: Final = 3600
SECONDS_AT_A_TIME: Final = 1
"""Of what is done in steps. Clusters wait for so long, and for the step that is begun by then."""


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
        self._under_way: Iterator[object] | None = None

    def run_if_due(self) -> None:
        if not self._under_way and not self._every.is_due():
            return
        try:
            self._go_on()
        except OUTAGES:
            raise
        except Exception:
            # What one app cannot do must not keep the workers from being looked after.
            logger.exception("Periodic task failed: %s", self._name)

    def _go_on(self) -> None:
        steps, self._under_way = self._under_way or self._begin(), None
        end = time.monotonic() + SECONDS_AT_A_TIME
        for _ in steps:
            if time.monotonic() > end:
                self._under_way = steps
                return

    def _begin(self) -> Iterator[object]:
        begun = self._function()
        return begun if isinstance(begun, Iterator) else iter(())


_tasks: dict[str, _Task] = {}


def register_periodic(name: str, seconds: float, function: Callable[[], object]) -> None:
    """Have `function` called each `seconds`. It must not take long, since clusters wait for it.

    What may take long is a generator: of its steps, as many are done at a time as take a second.
    """
    if name in _tasks:
        raise ValueError(f"There are two periodic tasks named {name}: rename one.")
    _tasks[name] = _Task(name, seconds, function)


def run_due() -> None:
    for task in _tasks.values():
        task.run_if_due()


register_periodic("merge counters", MERGE_COUNTERS_SECONDS, counters.merge)
register_periodic("failures of messages", FORGET_FAILURES_SECONDS, forget_failures)
