"""Signals that end a run in good order: what is done is kept and reported, and the workers end."""

from __future__ import annotations

import signal
from multiprocessing import Pipe
from types import FrameType, TracebackType
from typing import Final, Self

SIGNALS: Final = frozenset({signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
SIGNALED: Final = 128  # and the signal's number: the exit status that a shell expects


class Interruption:
    """Notes, in a `with` block of the main thread, that such a signal came; nothing is torn apart.

    Signals that are ignored, as by nohup, stay so.

    Attributes:
        signal: the first that came; None so far.
        connection: is readable from then on, so that what waits for it wakes up.
    """

    def __init__(self) -> None:
        self.signal: signal.Signals | None = None
        self.connection, self._theirs = Pipe(duplex=False)

    def __enter__(self) -> Self:
        self._before = {
            number: signal.signal(number, self._note)
            for number in SIGNALS
            if signal.getsignal(number) != signal.SIG_IGN
        }
        return self

    def _note(self, number: int, _: FrameType | None) -> None:
        if self.signal is None:
            self.signal = signal.Signals(number)
            self._theirs.close()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            # After the first signal the process ends; one more shall not change how.
            signal.signal(number, handler if self.signal is None else signal.SIG_IGN)
        self._theirs.close()
        self.connection.close()

    @property
    def exit_status(self) -> int:
        return SIGNALED + (self.signal or 0)
