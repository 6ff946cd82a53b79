"""manage.py colorize, killed and interrupted: nothing is half-written, the same command goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from tests import ROOT
from tests.colorizer.batch.test_command_colorize import colorize
from tests.film_files import film_bytes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/task").exists(), reason="Looks for processes in /proc."
    ),
]
QUICK, SLOW = ("00.jpg", "01.jpg", "02.jpg", "03.jpg"), ("04.gif", "05.gif", "06.gif")
PICTURES = len(QUICK + SLOW)
PATIENCE_SECONDS = 120


@pytest.fixture(scope="module")
def slow_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Takes seconds to write as GIF: long enough to be interrupted, and then nothing is lost."""
    path = tmp_path_factory.mktemp("slow") / "picture.gif"
    gray = np.asarray(Image.fromarray(data.astronaut()).convert("L"))
    Image.fromarray(np.tile(gray, (6, 8))).save(path)
    return path


@pytest.fixture
def album(tmp_path: Path, slow_picture: Path) -> Path:
    (tmp_path / "album").mkdir()
    for name in QUICK:
        Image.new("L", (64, 48), 90).save(tmp_path / "album" / name)
    for name in SLOW:
        (tmp_path / "album" / name).hardlink_to(slow_picture)
    return tmp_path / "album"


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the command in a process group of its own, as a terminal does."""
    started = []

    def launch(*arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "colorize", *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield launch
    for process in started:
        if group_of(process):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def start(
    launch: Callable[..., subprocess.Popen[str]], album: Path, tmp_path: Path
) -> Callable[..., subprocess.Popen[str]]:
    return partial(launch, *of(album))


def of(album: Path) -> tuple[object, ...]:
    return album, album.with_name("color"), "--render-factor", 8


def wait_until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"Waited {PATIENCE_SECONDS} s in vain for: {what}"
        time.sleep(0.02)


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


def make_quick(album: Path) -> None:
    """What was not done while it took long is done at once from here."""
    for name in SLOW:
        (album / name).unlink()
        (album / name).hardlink_to(album / QUICK[0])


def assert_the_rest_is_done(
    arguments: Sequence[object], before: dict[str, int], tmp_path: Path
) -> None:
    run = colorize(*arguments)
    assert run.returncode == 0, run.stderr
    done = f"{PICTURES - len(before)} colorized, {len(before)} already done, 0 failed"
    assert run.stdout == f"{done}\n"
    after = results(tmp_path)
    assert len(after) == PICTURES
    assert before.items() <= after.items()
    for name in after:
        with Image.open(tmp_path / "color" / name) as picture:
            picture.load()


def test_a_killed_run_goes_on_where_it_was(
    start: Callable[..., subprocess.Popen[str]], album: Path, tmp_path: Path
) -> None:
    killed = start("--jobs", 2)
    wait_until(lambda: results(tmp_path), "a first result")
    os.killpg(killed.pid, signal.SIGKILL)
    wait_until(lambda: not group_of(killed), "the end of all processes")
    before = results(tmp_path)
    assert 0 < len(before) < PICTURES
    make_quick(album)
    assert_the_rest_is_done([*of(album), "--jobs", 2], before, tmp_path)


def test_workers_end_when_the_command_is_killed(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    killed = start("--jobs", 2)
    wait_until(lambda: results(tmp_path), "a first result")
    killed.kill()
    wait_until(lambda: not group_of(killed), "the end of the workers")
    assert not list((tmp_path / "color").glob(".*"))


def assert_a_signal_ends_it_in_good_order(
    process: subprocess.Popen[str], number: signal.Signals, report: Path, tmp_path: Path
) -> None:
    """To all processes, as a terminal or a service manager does; more of them change nothing."""
    for _ in range(3):
        os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    content = json.loads(report.read_text())
    report.unlink()
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    assert f"Interrupted with {content['totals']['not_done']} not done." in errors
    assert content["interrupted"]
    assert not workers_of(process)
    assert not list((tmp_path / "color").glob(".*"))


def has_two_workers(process: subprocess.Popen[str]) -> bool:
    return len(workers_of(process)) == 2


def has_more_results(before: dict[str, int], tmp_path: Path) -> bool:
    return results(tmp_path).keys() > before.keys()


def test_signals_end_a_run_at_once_and_the_same_command_goes_on(
    start: Callable[..., subprocess.Popen[str]], album: Path, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    for number in (signal.SIGINT, signal.SIGHUP):
        process = start("--jobs", 2, "--report", report)
        wait_until(partial(has_two_workers, process), "a run that is loading")
        assert_a_signal_ends_it_in_good_order(process, number, report, tmp_path)
    for number in (signal.SIGINT, signal.SIGTERM):
        before = results(tmp_path)
        process = start("--jobs", 2, "--report", report)
        wait_until(partial(has_more_results, before, tmp_path), "a run that is colorizing")
        assert_a_signal_ends_it_in_good_order(process, number, report, tmp_path)
    make_quick(album)
    assert_the_rest_is_done(of(album), results(tmp_path), tmp_path)


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_worker_loses_its_own_picture_only(
    start: Callable[..., subprocess.Popen[str]], album: Path, tmp_path: Path, jobs: int
) -> None:
    make_quick(album)
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


def test_an_interrupted_film_goes_on_after_its_last_segment(
    launch: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    source, folder = tmp_path / "film.mp4", tmp_path / "color"
    folder.mkdir()
    # One frame a second, each a key frame: every six of them are a segment.
    source.write_bytes(film_bytes(40, 128, 96, rate=1, sound=True))

    def command(name: str) -> tuple[object, ...]:
        return source, folder / name, "--variant", "video", "--render-factor", 12

    assert colorize(*command("straight.mp4")).returncode == 0
    process = launch(*command("film.mp4"))
    wait_until(lambda: [*folder.glob(".film.mp4.segments-*/*.mp4")], "a first segment")
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == 128 + signal.SIGINT
    assert "Interrupted with 1 not done." in errors
    assert not workers_of(process)
    (segments,) = folder.glob(".*")
    assert not [*segments.glob(".*")]

    assert colorize(*command("film.mp4")).stdout == "1 colorized, 0 already done, 0 failed\n"
    assert (folder / "film.mp4").read_bytes() == (folder / "straight.mp4").read_bytes()
    assert {path.name for path in folder.iterdir()} == {"film.mp4", "straight.mp4"}
