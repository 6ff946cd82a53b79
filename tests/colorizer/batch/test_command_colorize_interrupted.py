"""manage.py colorize, killed and interrupted: nothing is half-written, the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from colorizer.engine.files import ABANDONED_SECONDS
from tests import ROOT

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/task").exists(), reason="Looks for processes in /proc."
    ),
]
PICTURES = 8
PATIENCE_SECONDS = 120


@pytest.fixture
def album(tmp_path: Path) -> Path:
    (tmp_path / "album").mkdir()
    gray = Image.fromarray(data.astronaut()).convert("L")
    for number in range(PICTURES):
        gray.rotate(45 * number).save(tmp_path / "album" / f"{number:02}.jpg")
    return tmp_path / "album"


@pytest.fixture
def start(album: Path, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command in a process group of its own, as a terminal does."""
    started = []

    def start(*arguments: object) -> subprocess.Popen[str]:
        names = map(str, (album, tmp_path / "color", "--render-factor", 40, *arguments))
        process = subprocess.Popen(
            [sys.executable, "manage.py", "colorize", *names],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if group_of(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"Waited {PATIENCE_SECONDS} s in vain for: {what}"
        time.sleep(0.005)


def results(tmp_path: Path) -> dict[str, int]:
    """By name, with the time at which each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (tmp_path / "color").glob("[!.]*")}


def group_of(process: subprocess.Popen[str], part_of_command: bytes = b"") -> list[int]:
    """The living processes of a process group; the dead that nobody has waited for are not."""
    members = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            state, _, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            is_member = int(group) == process.pid and state != "Z"
            if is_member and part_of_command in (folder / "cmdline").read_bytes():
                members.append(int(folder.name))
    return members


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    return group_of(process, b"multiprocessing.spawn")


def assert_the_rest_is_done(
    process: subprocess.Popen[str], before: dict[str, int], tmp_path: Path
) -> None:
    output, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 0, errors
    done = f"{PICTURES - len(before)} colorized, {len(before)} already done, 0 failed"
    assert output == f"{done}\n"
    after = results(tmp_path)
    assert len(after) == PICTURES
    assert before.items() <= after.items()
    for name in after:
        with Image.open(tmp_path / "color" / name) as picture:
            picture.load()


def test_a_killed_run_goes_on_where_it_was(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    killed = start("--jobs", 2)
    wait_until(lambda: results(tmp_path), "a first result")
    os.killpg(killed.pid, signal.SIGKILL)
    wait_until(lambda: not group_of(killed), "the end of all processes")
    before = results(tmp_path)
    assert 0 < len(before) < PICTURES
    assert_the_rest_is_done(start("--jobs", 2), before, tmp_path)


def test_workers_end_when_the_command_is_killed(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    killed = start("--jobs", 2)
    wait_until(lambda: results(tmp_path), "a first result")
    killed.kill()
    wait_until(lambda: not group_of(killed), "the end of the workers")
    assert not list((tmp_path / "color").glob(".*"))


@pytest.mark.parametrize("moment", ["loading", "colorizing"])
def test_ctrl_c_ends_a_run_at_once_and_says_how_to_go_on(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, moment: str
) -> None:
    report = tmp_path / "report.json"
    process = start("--jobs", 2, "--report", report)
    wait_until(
        lambda: results(tmp_path) if moment == "colorizing" else len(workers_of(process)) == 2,
        f"a run that is {moment}",
    )
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)

    before = results(tmp_path)
    content = json.loads(report.read_text())
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert f"Interrupted with {content['totals']['not_done']} not done." in errors
    assert content["interrupted"]
    assert not workers_of(process)
    assert not list((tmp_path / "color").glob(".*"))
    assert_the_rest_is_done(start(), before, tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_worker_loses_its_own_picture_only(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path, jobs: int
) -> None:
    process = start("--jobs", jobs, "--report", tmp_path / "report.json")
    wait_until(lambda: len(workers_of(process)) == jobs, "all workers")
    os.kill(workers_of(process)[0], signal.SIGKILL)
    output, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert output == f"{PICTURES - 1} colorized, 0 already done, 1 failed\n"
    assert "The worker process was killed (SIGKILL), maybe for want of memory" in errors
    pictures = json.loads((tmp_path / "report.json").read_text())["pictures"]
    (lost,) = [entry for entry in pictures if entry["status"] == "failed"]
    assert "SIGKILL" in lost["error"]
    assert not Path(lost["target"]).exists()


def test_what_a_killed_run_left_is_removed_once_nobody_can_be_writing_it(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    (tmp_path / "color").mkdir()
    old, fresh = (tmp_path / "color" / f".unfinished-{name}" for name in ("1-old", "2-fresh"))
    for path in (old, fresh):
        path.touch()
    long_ago = time.time() - ABANDONED_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    assert_the_rest_is_done(start("--jobs", 2), {}, tmp_path)
    assert (old.exists(), fresh.exists()) == (False, True)
