"""The program that makes previews of hints: `python -m colorizer.previewing.process`.

The network stays loaded, and what hints have no influence on is kept of the last pictures, so that a page can follow
a drag. See `colorizer.decoding.pool` for who runs it. Without Django.
"""

from __future__ import annotations

import json
import os
import sys
from queue import Empty, SimpleQueue
from threading import Thread
from typing import BinaryIO, Final

from colorizer.decoding.pool import READY, Message
from colorizer.engine.threads import share_cores
from colorizer.previewing import PreviewTask

STDOUT: Final = 1
STDERR: Final = 2
IDLE_SECONDS: Final = 600
"""Then the memory is given back: nobody has tried hints for a while."""


def main() -> None:
    share_cores(1)
    from colorizer.previewing.previews import Previews, answer_to  # noqa: PLC0415  (loads torch)

    answers = os.fdopen(os.dup(STDOUT), "wb")
    os.dup2(STDERR, STDOUT)  # whatever a library prints goes to the log
    tasks: SimpleQueue[PreviewTask] = SimpleQueue()
    Thread(target=_receive, args=(tasks,), daemon=True).start()
    _send(READY, answers)
    previews = Previews()
    while True:
        try:
            task = tasks.get(timeout=IDLE_SECONDS)
        except Empty:
            os._exit(0)
        _send(answer_to(task, previews), answers)


def _receive(tasks: SimpleQueue[PreviewTask]) -> None:
    """A thread of its own, to end at once when the web process has ended."""
    for line in sys.stdin.buffer:
        tasks.put(PreviewTask(**json.loads(line)))
    os._exit(0)


def _send(message: Message, answers: BinaryIO) -> None:
    answers.write(json.dumps(message).encode() + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
