"""Signals that end a long-running process in good order."""

from __future__ import annotations

import os
import select
import signal
from types import FrameType
from typing import Final

SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopSignals:
    """Counts them, and wakes up whoever waits, in the main thread.

    Not an Event: its lock may be held by the very wait that a signal interrupts, which would then never end.
    """

    def __init__(self) -> None:
        self._number = 0
        self._readable, self._writable = os.pipe()

    def listen(self) -> None:
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._number += 1
        os.write(self._writable, b"\0")

    def wait(self, seconds: float, *, number: int = 1) -> bool:
        """Until so many have come, or the time is over; whether they have come."""
        if self._number < number and select.select([self._readable], [], [], seconds)[0]:
            os.read(self._readable, 1)
        return self._number >= number
