"""What ends the supervisor: signals are counted at any moment, and never make it wait for itself."""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from collections.abc import Iterator
from threading import Thread

import pytest

from jobs.stop_signals import SIGNALS, StopSignals
from tests.worker import PATIENCE_SECONDS


@pytest.fixture
def signals() -> Iterator[StopSignals]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    signals = StopSignals()
    signals.listen()
    yield signals
    for number, handler in before.items():
        signal.signal(number, handler)


def come(number: int, after: float = 0) -> None:
    time.sleep(after)
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_the_wait(signals: StopSignals, number: int) -> None:
    assert not signals.wait(0)
    Thread(target=come, args=(number, 0.05)).start()
    assert signals.wait(60)
    assert signals.wait(60)


def test_a_second_one_is_told_from_the_first(signals: StopSignals) -> None:
    come(signal.SIGTERM)
    assert signals.wait(60)
    assert not signals.wait(0, number=2)
    come(signal.SIGINT)
    assert signals.wait(60, number=2)


def test_none_is_lost_or_waits_for_ever_whenever_it_comes(signals: StopSignals) -> None:
    faulthandler.dump_traceback_later(PATIENCE_SECONDS, exit=True)  # nothing else ends a deadlock
    for number in range(1, 301):
        Thread(target=come, args=(signal.SIGTERM, number * 1e-6)).start()
        while not signals.wait(0, number=number):
            pass
    faulthandler.cancel_dump_traceback_later()
