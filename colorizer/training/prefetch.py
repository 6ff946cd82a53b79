"""Results computed before they are asked for, a bounded number of them at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def prefetched(
    executor: Executor, work: Callable[[Item], Result], items: Iterable[Item], bound: int
) -> Generator[Result, None, None]:
    """`map(work, items)` in order, with at most `bound` results begun or waiting.

    Executor.map would begin all items at once and keep all their results. The executor is shut
    down at the end, also when the consumer stops earlier or a piece of work raises.
    """
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            if len(waiting) == bound:
                yield waiting.popleft().result()
            waiting.append(executor.submit(work, item))
        while waiting:
            yield waiting.popleft().result()
    finally:
        executor.shutdown(cancel_futures=True)
