"""Segments: independent, resumed to the last bit, canceled without a trace."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest

from colorizer.engine import Colorizer, memory
from colorizer.engine.errors import DamagedFilmError
from colorizer.engine.video import (
    FilmOptions,
    colorize_film,
    colorize_segment,
    join_segments,
    plan_segments,
)
from tests.colorizer.engine.video.conftest import OPTIONS
from tests.colorizer.engine.video.films import Film, frames, write
from tests.colorizer.engine.video.stub import STUB

pytestmark = pytest.mark.slow

MODULE = "colorizer.engine.video.planning.SEGMENT_SECONDS"


class StoppedError(Exception):
    pass


def test_a_resumed_run_equals_a_straight_one(
    tmp_path: Path, colorizer: Colorizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, 0.3)
    source = write(
        tmp_path / "film.mkv", Film(frames=18, size=(128, 96), options={"g": "6", "bf": "2"})
    )
    segments = plan_segments(source, OPTIONS)
    assert len(segments) > 2
    assert sum(segment.frames for segment in segments) == 18
    straight, resumed = tmp_path / "straight.mp4", tmp_path / "resumed.mp4"
    colorize_film(source, straight, OPTIONS, colorizer, lambda *_: None)

    def stop(done: int, of_frames: int) -> None:
        assert of_frames == 18
        if done > segments[0].frames + 2:
            raise StoppedError

    with pytest.raises(StoppedError):
        colorize_film(source, resumed, OPTIONS, colorizer, stop)
    (kept,) = tmp_path.glob(".resumed.mp4.segments-*")
    assert [path.name for path in kept.iterdir()] == ["0.mp4"]
    told: list[int] = []
    colorize_film(source, resumed, OPTIONS, colorizer, lambda done, _: told.append(done))
    assert straight.read_bytes() == resumed.read_bytes()
    assert told == sorted(told)
    assert told[-1] == 18

    files = [tmp_path / f"{segment.index}.part" for segment in segments]
    for segment, file in reversed([*zip(segments, files, strict=True)]):
        colorize_segment(source, segment, OPTIONS, colorizer, file, lambda _: None)
    join_segments(source, files, OPTIONS, tmp_path / "joined.mp4")
    assert straight.read_bytes() == (tmp_path / "joined.mp4").read_bytes()
    assert len(frames(straight)) == 18


def test_the_render_factor_that_memory_forced_is_told_after_a_resumption(
    colorizer: Colorizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, 2)
    film = Film(frames=4, rate=Fraction(1), options={"g": "1"})
    source, target = write(tmp_path / "film.mp4", film), tmp_path / "color.mp4"
    options = FilmOptions(render_factor=9, smoothing=0)

    def stop_after_a_segment(done: int, _total: int) -> None:
        if done > 2:
            raise StoppedError

    with monkeypatch.context() as crowded:
        for name in ("memory.max", "memory.current"):
            (tmp_path / name).write_text("1")
        crowded.setattr(memory, "CONTROL_GROUP", tmp_path)
        with pytest.raises(StoppedError):
            colorize_film(source, target, options, colorizer, stop_after_a_segment)
    report = colorize_film(source, target, options, colorizer, lambda *_: None)
    assert (report.network_runs, report.render_factor) == (2, 8)


def test_a_result_may_have_the_longest_name_that_there_is(tmp_path: Path) -> None:
    source, target = write(tmp_path / "film.mp4", Film(frames=3)), tmp_path / f"{'я' * 125}.mp4"

    def stop(*_: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        colorize_film(source, target, OPTIONS, STUB, stop)
    assert colorize_film(source, target, OPTIONS, STUB, lambda *_: None).frames == 3
    assert sorted(tmp_path.iterdir()) == sorted([source, target])


def test_a_canceled_segment_leaves_nothing(tmp_path: Path, colorizer: Colorizer) -> None:
    source = write(tmp_path / "film.mp4", Film(frames=5))

    def stop(done: int) -> None:
        if done == 3:
            raise StoppedError

    segment = plan_segments(source, OPTIONS)[0]
    with pytest.raises(StoppedError):
        colorize_segment(source, segment, OPTIONS, colorizer, tmp_path / "segment", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def fifth_call() -> Callable[[], None]:
    """What raises when it is called for the fifth time."""
    calls = count(1)

    def stop() -> None:
        if next(calls) == 5:
            raise StoppedError

    return stop


def test_each_step_ends_when_it_is_checked(tmp_path: Path) -> None:
    """Also a segment whose frames are counted from the beginning of the film."""
    source = write(tmp_path / "film.mp4", Film(frames=12))
    (whole,) = plan_segments(source, OPTIONS)
    segment = tmp_path / "segment"
    colorize_segment(source, whole, OPTIONS, STUB, segment, lambda _: None)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(StoppedError):
        plan_segments(source, OPTIONS, check=fifth_call())
    late = replace(whole, start=10**6, seeks=False)
    with pytest.raises(StoppedError):
        colorize_segment(
            source, late, OPTIONS, STUB, tmp_path / "late", lambda _: None, check=fifth_call()
        )
    with pytest.raises(StoppedError):
        join_segments(source, [segment], OPTIONS, tmp_path / "joined", fifth_call())
    assert sorted(tmp_path.iterdir()) == before


def test_a_full_disk_leaves_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same command goes on with it; of a film that cannot be read nothing stays."""
    monkeypatch.setattr(MODULE, 0.3)
    source = write(tmp_path / "film.mkv", Film(frames=18, options={"g": "6"}))
    result = tmp_path / "result.mp4"

    def stop(error: Exception) -> None:
        def fail(*_: object) -> None:
            raise error

        with monkeypatch.context() as patch:
            patch.setattr("colorizer.engine.video.film.join_segments", fail)
            with pytest.raises(type(error)):
                colorize_film(source, result, OPTIONS, STUB, lambda *_: None)

    stop(OSError(errno.ENOSPC, "No space left on device"))
    (kept,) = tmp_path.glob(".result.mp4.segments-*")
    assert len([*kept.iterdir()]) > 2
    told: list[tuple[int, int]] = []
    report = colorize_film(source, result, OPTIONS, STUB, lambda *news: told.append(news))
    assert (report.frames, report.network_runs, told) == (18, 0, [(18, 18)])
    stop(DamagedFilmError("of no use"))
    assert not [*tmp_path.glob(".result.mp4.segments-*")]
