"""Processes that decode: few, replaced when they die, gone with their owner."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from subprocess import DEVNULL, PIPE

import psutil
import pytest

from colorizer.decoding.pool import PoolBusyError, ProcessLostError, ProcessPool
from tests import ROOT

pytestmark = pytest.mark.slow

PATIENCE = 30


@pytest.fixture
def pool() -> ProcessPool:
    return ProcessPool("tests.colorizer.answering_process", size=2, max_requests=5)


def pid_of(pool: ProcessPool, **request: object) -> int:
    pid: int = pool.ask(request, PATIENCE, PATIENCE)["pid"]
    return pid


def test_a_process_is_started_when_it_is_needed_and_kept(pool: ProcessPool) -> None:
    before = {child.pid for child in psutil.Process().children()}
    first = pid_of(pool)
    assert first not in before
    assert {pid_of(pool) for _ in range(3)} == {first}


def test_the_others_wait_while_all_are_busy(pool: ProcessPool) -> None:
    with ThreadPoolExecutor(max_workers=5) as threads:
        answers = list(
            threads.map(lambda _: pool.ask({"sleep": 0.2}, PATIENCE, PATIENCE), range(5))
        )
    assert len({answer["pid"] for answer in answers}) <= 2
    for moment in (answer["started"] for answer in answers):
        busy = [a for a in answers if a["started"] <= moment < a["ended"]]
        assert len(busy) <= 2


def test_who_waits_for_too_long_is_told_that_all_are_busy(pool: ProcessPool) -> None:
    with ThreadPoolExecutor(max_workers=2) as threads:
        busy = [threads.submit(pool.ask, {"sleep": 1}, PATIENCE, PATIENCE) for _ in range(2)]
        eventually(pool._places.empty)
        with pytest.raises(PoolBusyError, match=r"all 2 were busy for 0\.1 seconds"):
            pool.ask({}, PATIENCE, 0.1)
        assert {request.result()["pid"] for request in busy}
    assert pid_of(pool)


def test_a_process_is_replaced_after_so_many_answers(pool: ProcessPool) -> None:
    pids = [pid_of(pool) for _ in range(11)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [5, 5, 1]
    assert not psutil.pid_exists(pids[0])


@pytest.mark.parametrize("order", [{"crash": signal.SIGSEGV}, {"sleep": 600}, {"stammer": True}])
def test_no_answer_is_an_error_and_the_next_request_goes_on(
    pool: ProcessPool, order: dict[str, object]
) -> None:
    lost = pid_of(pool)
    with pytest.raises(ProcessLostError):
        pool.ask(order, 0.5, PATIENCE)
    assert not psutil.pid_exists(lost)
    assert pid_of(pool) != lost


def test_the_cause_of_a_loss_is_told(pool: ProcessPool) -> None:
    with pytest.raises(ProcessLostError, match=r"ended with -11") as crash:
        pool.ask({"crash": signal.SIGSEGV}, PATIENCE, PATIENCE)
    assert not crash.value.at_limit
    with pytest.raises(ProcessLostError, match=r"within 0\.2 seconds") as too_late:
        pool.ask({"sleep": 600}, 0.2, PATIENCE)
    assert too_late.value.at_limit


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGABRT, signal.SIGTRAP])
def test_what_ends_a_process_for_lack_of_memory_is_a_limit(
    pool: ProcessPool, end: signal.Signals
) -> None:
    with pytest.raises(ProcessLostError, match=f"ended with -{end}") as lost:
        pool.ask({"crash": end}, PATIENCE, PATIENCE)
    assert lost.value.at_limit


def test_one_that_was_killed_meanwhile_is_replaced(pool: ProcessPool) -> None:
    idle = pid_of(pool)
    os.kill(idle, signal.SIGKILL)
    eventually(lambda: psutil.Process(idle).status() == psutil.STATUS_ZOMBIE)
    assert pid_of(pool) != idle


def test_a_program_that_cannot_be_started_is_an_error_every_time() -> None:
    pool = ProcessPool("tests.colorizer.no_such_module", size=1, max_requests=5)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no_such_module cannot be started"):
            pool.ask({}, PATIENCE, PATIENCE)


def test_ctrl_c_in_the_terminal_is_not_for_them(pool: ProcessPool) -> None:
    assert os.getsid(pid_of(pool)) != os.getsid(0)


def test_who_is_forked_starts_processes_of_its_own(pool: ProcessPool) -> None:
    ours = pid_of(pool)
    reader, writer = os.pipe()
    if os.fork() == 0:
        os.write(writer, str(pid_of(pool)).encode())
        os._exit(0)
    theirs = int(os.read(reader, 20))
    os.wait()
    assert theirs != ours
    assert pid_of(pool) == ours


OWNER = """
import sys, threading
from colorizer.decoding.pool import ProcessPool

pool = ProcessPool("colorizer.decoding.process", size=1, max_requests=5)
task = {"display": "", "thumbnail": "", "small": "", "min_side": 1, "max_pixels": 1, "source": "/dev/null"}
task["max_film_seconds"] = 60
print(pool.ask(task, 60, 60)["refused"]["code"], pool._places.queue[0]._process.pid, flush=True)
"""
IDLE = "threading.Event().wait()"
BUSY = "pool.ask({**task, 'source': 'endless'}, 600, 60)"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("work", [IDLE, BUSY])
def test_they_end_with_their_owner(tmp_path: Path, work: str, end: signal.Signals) -> None:
    """Its main module, standard input, is one that cannot be run again."""
    endless = tmp_path / "endless"
    os.mkfifo(endless)
    script = (OWNER + work).replace("endless", str(endless))
    with subprocess.Popen(
        [sys.executable, "-"], cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, text=True
    ) as owner:
        code, pid = printed(owner, script).split()
        assert code == "unsupported_format"
        decoder = psutil.Process(int(pid))
        # Waits for the decoder to read what has no end.
        with endless.open("wb") if work == BUSY else nullcontext():
            owner.send_signal(end)
            owner.wait(PATIENCE)
            eventually(lambda: not decoder.is_running())


def printed(owner: subprocess.Popen[str], script: str) -> str:
    assert owner.stdin
    assert owner.stdout
    owner.stdin.write(script)
    owner.stdin.close()
    line: str = owner.stdout.readline()
    return line


def eventually(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_decoding_loads_neither_django_nor_torch() -> None:
    script = """
import sys
sys.modules["torch"] = sys.modules["django"] = None
import colorizer.decoding.process
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
