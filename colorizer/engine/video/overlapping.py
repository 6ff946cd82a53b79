"""Frames are decoded before they are needed and encoded later, each in a thread of its own, with bounded queues."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final, ParamSpec, TypeVar

FRAMES: Final = 6
"""In a queue: a frame of 1080p takes 2 to 6 MB."""

Item = TypeVar("Item")
Arguments = ParamSpec("Arguments")


def prefetched(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, of which the next ones are being made meanwhile."""
    thread = ThreadPoolExecutor(1, "prefetch")
    try:
        pending: deque[Future[Item | None]] = deque()
        for _ in range(FRAMES):
            pending.append(thread.submit(next, items, None))
        while (item := pending.popleft().result()) is not None:
            pending.append(thread.submit(next, items, None))
            yield item
    finally:
        thread.shutdown(cancel_futures=True)


@contextmanager
def behind(work: Callable[Arguments, None]) -> Iterator[Callable[Arguments, None]]:
    """A function that has the work done a little later, in order; what it raises comes then.

    All is done when the block ends, unless it ends by an exception.
    """
    thread = ThreadPoolExecutor(1, "behind")
    pending: deque[Future[None]] = deque()

    def submit(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        pending.append(thread.submit(work, *args, **kwargs))
        if len(pending) > FRAMES:
            pending.popleft().result()

    try:
        yield submit
        while pending:
            pending.popleft().result()
    finally:
        thread.shutdown(cancel_futures=True)
