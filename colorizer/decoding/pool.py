"""A few processes that answer requests one at a time, in JSON lines; started when they are needed.

Not multiprocessing or a pool built on it: those run the caller's main module again, believe the
pickles of a process that reads strangers' files, and share locks that a killed process keeps.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Timer
from typing import IO, Any, Final, TypeAlias, cast

Message: TypeAlias = dict[str, Any]

ROOT: Final = Path(__file__).parents[2]
READY: Final[Message] = {"ready": True}
START_SECONDS: Final = 60
LACK_OF_MEMORY: Final = {-signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP}
"""How a process ends that gets no more: by the system, by C++, by GLib."""


class PoolBusyError(Exception):
    """No process was free for as long as one would wait."""


class ProcessLostError(Exception):
    """The process ended before it answered.

    Attributes:
        at_limit: it was killed at its limit of time, or ended for lack of memory.
    """

    def __init__(self, message: str, *, at_limit: bool) -> None:
        super().__init__(message)
        self.at_limit = at_limit


class ProcessPool:
    """As many requests are worked on at the same time as there are processes; the others wait a while.

    They end with the process that owns the pool, however that ends: their input ends with it.

    Args:
        module: the program, to be run by `python -m`. It imports no more than it needs, writes
            READY as its first line, then one line for each line that it reads.
        size: how many processes there may be.
        max_requests: a process that answered so many is replaced.
    """

    def __init__(self, module: str, size: int, max_requests: int) -> None:
        self._module = module
        self._size = size
        self._max_requests = max_requests
        self._open_places()
        # The processes are their owner's: who is forked from it starts others.
        os.register_at_fork(after_in_child=self._open_places)

    def _open_places(self) -> None:
        self._places: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(self._size):
            self._places.put(None)

    def ask(self, request: Message, seconds: float, patience: float) -> Message:
        """Wait for a free process, and for its answer.

        Args:
            seconds: how long it may take for the answer, once it has the request.
            patience: for how many seconds to wait for a process.

        Raises:
            PoolBusyError: none was free within `patience`.
            ProcessLostError: it died of the request, or was killed after `seconds`.
            RuntimeError: no process could be started.
        """
        process = self._place(patience)
        try:
            process = self._running(process)
            answer = process.ask(request, seconds)
        except BaseException:
            # Whatever it says later would be taken for the next answer.
            self._give_back(process, is_usable=False)
            raise
        self._give_back(process, is_usable=process.answers < self._max_requests)
        return answer

    def _place(self, patience: float) -> _Process | None:
        try:
            return self._places.get(timeout=patience)
        except Empty:
            raise PoolBusyError(f"all {self._size} were busy for {patience} seconds") from None

    def _running(self, process: _Process | None) -> _Process:
        if process and process.is_alive:
            return process
        if process:
            process.kill()  # killed by others meanwhile; this closes its pipes
        return _Process(self._module)

    def _give_back(self, process: _Process | None, *, is_usable: bool) -> None:
        if process and not is_usable:
            process.kill()
        self._places.put(process if is_usable else None)


class _Process:
    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (nothing of the command is from outside)
            [sys.executable, "-m", module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            # Ctrl-C in a terminal is for its owner.
            start_new_session=True,
        )
        self.answers = 0
        try:
            self._answer(START_SECONDS)  # READY
        except ProcessLostError as error:
            raise RuntimeError(f"{module} cannot be started: {error}.") from error

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def ask(self, request: Message, seconds: float) -> Message:
        try:
            cast("IO[bytes]", self._process.stdin).write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError as error:
            raise self._lost() from error
        answer = self._answer(seconds)
        self.answers += 1
        return answer

    def _answer(self, seconds: float) -> Message:
        start = time.monotonic()
        limit = Timer(seconds, self._process.kill)
        limit.daemon = True
        limit.start()
        try:
            line = cast("IO[bytes]", self._process.stdout).readline()
        finally:
            limit.cancel()
        if line.endswith(b"\n"):
            return cast("Message", json.loads(line))
        if time.monotonic() - start >= seconds:
            self.kill()
            raise ProcessLostError(f"no answer within {seconds} seconds", at_limit=True)
        raise self._lost()

    def _lost(self) -> ProcessLostError:
        self.kill()
        status = self._process.returncode
        return ProcessLostError(
            f"the process ended with {status}", at_limit=status in LACK_OF_MEMORY
        )

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            cast("IO[bytes]", pipe).close()
