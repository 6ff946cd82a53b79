"""How far a run is, in a terminal: a bar for all of it, and one for each film that is being made."""

from __future__ import annotations

from typing import Never, TextIO

from tqdm import tqdm

from colorizer.batch.names import one_line
from colorizer.batch.plan import Task
from colorizer.batch.workers import FilmProgress, Result


class Bars:
    """
    Args:
        tasks: how many there are.
        file: other than stderr; without one, nothing is shown unless stderr is a terminal.
    """

    def __init__(self, tasks: int, file: TextIO | None = None) -> None:
        self._file = file
        self._is_hidden = None if file is None else False
        self._all: tqdm[Never] = tqdm(
            total=tasks, unit="picture", file=file, disable=self._is_hidden
        )
        self._films: dict[Task, tqdm[Never]] = {}

    def show(self, news: Result | FilmProgress) -> None:
        if isinstance(news, FilmProgress):
            bar = self._films.get(news.task) or self._film(news)
            bar.update(news.frames - bar.n)
            return
        if film := self._films.pop(news.task, None):
            film.close()
        self._all.update()

    def _film(self, news: FilmProgress) -> tqdm[Never]:
        """Frames of an earlier run do not count to those that are made in a second."""
        self._films[news.task] = tqdm(
            desc=one_line(news.task.target.name),
            total=news.of_frames,
            initial=news.frames,
            unit="frame",
            leave=False,
            file=self._file,
            disable=self._is_hidden,
        )
        return self._films[news.task]

    def close(self) -> None:
        for bar in (*self._films.values(), self._all):
            bar.close()
