"""What other apps write down when jobs end, in the same transaction: no end is missed, and none is told twice.

An app registers its own in AppConfig.ready(). What a listener raises keeps the jobs from ending, and whoever ends
them waits for it: it writes its rows and does nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from jobs.models import Job

Listener = Callable[[Sequence[Job], Job.State, str], None]
"""Gets jobs, as they were read before, the state in which they have ended, and the error code if they failed."""

_listeners: list[Listener] = []


def on_end(listener: Listener) -> None:
    _listeners.append(listener)


def tell(jobs: Sequence[Job], state: Job.State, error_code: str) -> None:
    for listener in _listeners:
        listener(jobs, state, error_code)
