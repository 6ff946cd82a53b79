"""The processes that colorize. One that dies takes nothing but its own picture with it."""

from __future__ import annotations

import logging
import signal
import stat
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from math import inf
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image

from colorizer.batch.interruption import SIGNALS, Interruption
from colorizer.batch.names import one_line
from colorizer.batch.plan import Task
from colorizer.engine import ColorizerError, Hint, SaveOptions, WeightsError
from colorizer.engine.errors import UnreadablePictureError
from colorizer.engine.files import remove_unfinished_of
from colorizer.engine.hints import FilmHint
from colorizer.engine.threads import share_cores
from colorizer.engine.variants import Variant
from colorizer.engine.video import RESULT_SUFFIXES, FilmOptions
from colorizer.engine.video.leftovers import remove_unfinished_segment_of

if TYPE_CHECKING:  # only the workers load torch
    from colorizer.engine import Colorizer, Outcome

logger = logging.getLogger(__name__)
SECONDS_BETWEEN_NEWS: Final = 0.5
processes = get_context("spawn")  # torch hangs in the fork of a process that has used it


@dataclass(frozen=True)
class Recipe:
    """How all pictures of a run are colorized."""

    weights: Path
    variant: Variant | None  # whose weights they are, if they are one's
    render_factor: int | None
    options: SaveOptions
    film: FilmOptions = field(default_factory=FilmOptions)  # its container is each result's
    hints: tuple[Hint, ...] = ()
    reference: Image.Image | None = None  # small: each worker gets it
    reference_seconds: float | None = None  # the moment of a film whose scene alone gets its colors

    @property
    def is_guided(self) -> bool:
        return bool(self.hints) or self.reference is not None


@dataclass(frozen=True)
class WeightsUsed:
    name: str
    architecture: str
    sha256: str


@dataclass(frozen=True)
class Result:
    """What became of one picture; without an error it has been written."""

    task: Task
    seconds: float
    error: str = ""
    width: int | None = None
    height: int | None = None
    render_factor: int | None = None  # the one used
    flaw: str = ""  # of the source's file, as a sentence
    notes: tuple[str, ...] = ()  # what of a film is otherwise in the result, as sentences
    weights: WeightsUsed | None = None


@dataclass(frozen=True)
class FilmProgress:
    """How far a film is; the first one tells what an earlier run has left."""

    task: Task
    frames: int
    of_frames: int


def colorize_all(
    tasks: Sequence[Task], recipe: Recipe, jobs: int, interruption: Interruption
) -> Generator[Result | FilmProgress]:
    """Colorize in up to `jobs` processes; results come in the order in which they are done.

    Interrupted, or with the generator closed, the processes end at once, whatever they are at.

    Raises:
        WeightsError: the weights cannot be loaded, or take no hints although there are some.
    """
    workers = [Worker(recipe, jobs) for _ in range(min(jobs, len(tasks)))]
    waiting = iter(tasks)
    try:
        for worker, task in zip(workers, waiting, strict=False):
            worker.begin(task)
        busy = list(workers)
        while busy and not interruption.signal:
            ready = wait([interruption.connection, *(worker.connection for worker in busy)])
            for worker in [worker for worker in busy if worker.connection in ready]:
                result = worker.result()
                if isinstance(result, FilmProgress):
                    yield result
                    continue
                if next_task := next(waiting, None):
                    worker.begin(next_task)
                else:
                    busy.remove(worker)
                yield result
    finally:
        for worker in workers:
            worker.kill()


class Worker:
    """A process with the weights loaded, for one picture after the other; anew when it has died."""

    def __init__(self, recipe: Recipe, jobs: int) -> None:
        self._recipe = recipe
        self._jobs = jobs
        self._prepare()

    def _prepare(self) -> None:
        self.connection, self._theirs = processes.Pipe()
        arguments = (self._theirs, self._recipe, self._jobs)
        self._process = processes.Process(target=_serve, args=arguments)

    def begin(self, task: Task) -> None:
        self._task = task
        self._begun = time.perf_counter()
        if self._process.pid and not self._process.is_alive():
            self._prepare()
        if not self._process.pid:
            self._start()
        with suppress(BrokenPipeError):  # `result` tells how the process ended
            self.connection.send(task)

    def _start(self) -> None:
        with _interrupts_held_back():
            self._process.start()
        self._theirs.close()

    def result(self) -> Result | FilmProgress:
        try:
            answer: Result | FilmProgress | WeightsError = self.connection.recv()
        except (EOFError, OSError):
            self._wait_and_tidy_up()
            seconds = time.perf_counter() - self._begun
            return Result(self._task, seconds, _cause_of_death(self._process.exitcode))
        if isinstance(answer, WeightsError):
            raise answer
        return answer

    def kill(self) -> None:
        if self._process.pid:
            self._process.kill()
            self._wait_and_tidy_up()

    def _wait_and_tidy_up(self) -> None:
        self._process.join()
        if self._process.pid:
            remove_unfinished_of(self._process.pid, self._task.target.parent)
            remove_unfinished_segment_of(self._process.pid, self._task.target)


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Ctrl-C in a terminal reaches all processes; those started here leave it to this one.

    So do SIGTERM and SIGHUP, when a service or a terminal ends.
    """
    resource_tracker.ensure_running()  # started in here, it would let them through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cause_of_death(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        return (
            f"The worker process was killed ({signal.Signals(-exitcode).name}), maybe for want of "
            "memory. Try fewer jobs or a lower render factor."
        )
    return f"The worker process ended with exit code {exitcode}. Its last words stand above."


def _serve(connection: Connection, recipe: Recipe, jobs: int) -> None:
    share_cores(jobs)
    from colorizer.engine import Colorizer  # noqa: PLC0415

    try:
        colorizer = Colorizer.from_file(recipe.weights)
        if recipe.is_guided:
            colorizer.check_takes_hints()
    except WeightsError as error:
        connection.send(error)
        return
    with suppress(EOFError, BrokenPipeError):  # no more pictures, or nobody left to tell
        while True:
            connection.send(_result(colorizer, connection.recv(), recipe, connection))


def _result(colorizer: Colorizer, task: Task, recipe: Recipe, connection: Connection) -> Result:
    begun = time.perf_counter()
    try:
        outcome, notes = _colorize(colorizer, task, recipe, connection)
    except (ColorizerError, OSError, MemoryError) as error:
        return Result(task, time.perf_counter() - begun, str(error) or repr(error))
    except Exception as error:
        logger.exception("%s", one_line(str(task.source)))
        return Result(task, time.perf_counter() - begun, f"Something unexpected: {error!r}")
    return Result(
        task,
        time.perf_counter() - begun,
        width=outcome.width,
        height=outcome.height,
        render_factor=outcome.render_factor,
        flaw=outcome.flaw.sentence if outcome.flaw else "",
        notes=tuple(notes),
        weights=WeightsUsed(
            colorizer.weights_name, colorizer.architecture, colorizer.weights_sha256
        ),
    )


def _colorize(
    colorizer: Colorizer, task: Task, recipe: Recipe, connection: Connection
) -> tuple[Outcome, Sequence[str]]:
    """What became of it, and what is to be noted."""
    if not stat.S_ISREG(task.source.stat().st_mode):  # to open a pipe would last forever
        raise UnreadablePictureError("This is no file, but a pipe, a socket or a device.")
    if task.target.is_dir():
        raise IsADirectoryError(f"A folder is in the way of the result {task.target}.")
    task.target.parent.mkdir(parents=True, exist_ok=True)
    if task.is_film:
        return _colorize_film(colorizer, task, recipe, connection)
    outcome = colorizer.colorize_file(
        task.source,
        task.target,
        recipe.render_factor,
        recipe.options,
        hints=recipe.hints,
        reference=recipe.reference,
    )
    return outcome, ()


def _colorize_film(
    colorizer: Colorizer, task: Task, recipe: Recipe, connection: Connection
) -> tuple[Outcome, Sequence[str]]:
    from colorizer.engine import Outcome  # noqa: PLC0415
    from colorizer.engine.references import png_of  # noqa: PLC0415
    from colorizer.engine.video import colorize_film  # noqa: PLC0415

    told = -inf

    def tell(frames: int, of_frames: int) -> None:
        nonlocal told
        now = time.perf_counter()
        if now - told > SECONDS_BETWEEN_NEWS:
            told = now
            connection.send(FilmProgress(task, frames, of_frames))

    container = RESULT_SUFFIXES[task.target.suffix.lower()]
    options = replace(
        recipe.film,
        container=container,
        hints=tuple(hint for hint in recipe.hints if isinstance(hint, FilmHint)),
        reference=png_of(recipe.reference) if recipe.reference else b"",
        reference_seconds=recipe.reference_seconds,
    )
    report = colorize_film(task.source, task.target, options, colorizer, tell)
    return Outcome(report.width, report.height, report.render_factor), report.notes
