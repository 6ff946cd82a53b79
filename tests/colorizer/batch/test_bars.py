"""What a terminal shows while a run is at work."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from colorizer.batch.bars import Bars
from colorizer.batch.plan import Task
from colorizer.batch.workers import FilmProgress, Result


def test_frames_of_an_earlier_run_are_not_counted_as_made() -> None:
    task, terminal = Task(Path("gray.mov"), Path("party.mp4")), StringIO()
    bars = Bars(2, terminal)
    bars.show(FilmProgress(task, 600, 1000))
    bars.show(FilmProgress(task, 700, 1000))
    (film,) = bars._films.values()
    assert (film.initial, film.n, film.total, film.unit) == (600, 700, 1000, "frame")
    bars.show(Result(task, 3.0))
    assert (bars._films, bars._all.n) == ({}, 1)
    bars.close()
    assert "party.mp4" in terminal.getvalue()
