"""What the programs that a `pool` runs do alike: tasks in as JSON lines, one answer out for each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, BinaryIO, Final, TypeVar

from colorizer.decoding.pool import READY, Message

STDOUT: Final = 1
STDERR: Final = 2

Task = TypeVar("Task")


def own_output() -> BinaryIO:
    """For answers. Whatever a library prints goes to the log, not among them."""
    answers = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(STDERR, STDOUT)
    return answers


def serve(
    task_of: Callable[..., Task],
    answer_to: Callable[[Task], Message],
    answers: BinaryIO,
    idle_seconds: float | None = None,
) -> None:
    """Until the owner of the pool has ended, or nothing was asked for so long.

    Args:
        task_of: makes a task of the names and values of a line.
        answers: see `own_output`.
    """
    tasks: SimpleQueue[Task] = SimpleQueue()
    Thread(target=_receive, args=(tasks, task_of), daemon=True).start()
    _send(READY, answers)
    while True:
        try:
            task = tasks.get(timeout=idle_seconds)
        except Empty:
            os._exit(0)
        _send(answer_to(task), answers)


def _receive(tasks: SimpleQueue[Any], task_of: Callable[..., Any]) -> None:
    """A thread of its own, to end at once when the web process has ended, in the midst of a task."""
    for line in sys.stdin.buffer:
        tasks.put(task_of(**json.loads(line)))
    os._exit(0)


def _send(message: Message, answers: BinaryIO) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()
