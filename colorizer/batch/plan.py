"""Which pictures a run colorizes, and under which names: settled before any work begins."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from colorizer.batch.search import Found, search
from colorizer.engine.errors import ColorizerError
from colorizer.engine.imageio.formats import SUFFIXES, SaveOptions, check_destination
from colorizer.engine.video import FILM_SUFFIXES, RESULT_SUFFIXES

FILM_SUFFIX: Final = ".mp4"
EFFECTIVE: Final = os.access in os.supports_effective_ids


class PlanError(ColorizerError):
    """What was asked for cannot be done as a whole, so that nothing was begun."""


@dataclass(frozen=True)
class Task:
    source: Path
    target: Path

    @property
    def is_film(self) -> bool:
        """By the result: an animation, too, becomes a film if a film is asked for."""
        return self.target.suffix.lower() in RESULT_SUFFIXES


@dataclass(frozen=True)
class Plan:
    """What a run does.

    Attributes:
        waiting, finished: the tasks. Results appear under their names only when complete, so that
            a task is finished when there is a file.
        found: what else is in the source.
    """

    tasks: list[Task]
    waiting: list[Task]
    finished: list[Task]
    found: Found

    def names(self, path: Path) -> bool:
        """Whether it is one of the pictures or results."""
        ours = (path for task in self.tasks for path in (task.source, task.target))
        return not _entries([path]).keys().isdisjoint(_entries(ours))


def plan_run(
    source: Path,
    destination: Path,
    options: SaveOptions,
    *,
    recursive: bool = False,
    suffix: str | None = None,
) -> Plan:
    """Plan the run over a picture or a folder of pictures.

    Args:
        source: a picture, or a folder whose pictures keep their names (and folders) in the result.
        destination: a folder; for a single picture also a file name.
        recursive: take the folders inside, too; neither `destination` nor links out are followed.
        suffix: of all results, such as ".png"; without it they keep their own.

    Raises:
        PlanError: no source, no pictures, an original at risk, or two results of one name.
        UnsupportedFormatError: a result cannot be written as its suffix and `options` ask.
    """
    if _is_folder(source):
        found = _search(source, destination, recursive)
        tasks = _tasks_of_folder(source, destination, found.pictures, suffix)
    else:
        found = Found(links=[source])
        tasks = [_task_of_file(source, destination, suffix)]
    for target in {task.target.suffix: task.target for task in tasks}.values():
        if target.suffix.lower() not in RESULT_SUFFIXES:
            check_destination(target, options)
    _check_originals(tasks, found.links)
    _check_names(tasks)
    return Plan(tasks, *_waiting_and_finished(tasks), found)


def _waiting_and_finished(tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    waiting: list[Task] = []
    finished: list[Task] = []
    for task in tasks:
        (finished if os.path.isfile(task.target) else waiting).append(task)  # noqa: PTH113  (twice as fast)
    return waiting, finished


def _is_folder(source: Path) -> bool:
    try:
        return stat.S_ISDIR(source.stat().st_mode)
    except FileNotFoundError as error:
        raise PlanError(f"There is no file or folder {source}.") from error
    except OSError as error:
        raise PlanError(f"{source} cannot be read: {error.strerror}.") from error


def _search(source: Path, destination: Path, recursive: bool) -> Found:
    if os.path.realpath(destination) == os.path.realpath(source):
        raise PlanError(
            "SOURCE and DEST are the same folder. Name another DEST, so that no original is at risk."
        )
    if os.path.lexists(destination) and not _is_there_as_folder(destination):
        raise PlanError(f"{destination} is a file. Name a folder for the results.")
    try:
        found = search(source, destination, recursive=recursive)
    except OSError as error:
        raise PlanError(f"The folder {source} cannot be read: {error.strerror}.") from error
    if not found.pictures:
        raise PlanError(
            f"{source} holds no pictures or films. Known suffixes: "
            f"{', '.join([*SUFFIXES, *sorted(FILM_SUFFIXES)])}."
            + "".join(
                f" {one.path} was left alone, since {one.reason}." for one in found.left_alone
            )
        )
    return found


def _tasks_of_folder(
    source: Path, destination: Path, pictures: Sequence[Path], suffix: str | None
) -> list[Task]:
    target_folder = cache(lambda folder: destination / folder.relative_to(source))
    return [
        Task(path, _renamed(target_folder(path.parent) / path.name, suffix)) for path in pictures
    ]


def _renamed(target: Path, suffix: str | None) -> Path:
    """Films become MP4 or WebM; a suffix of the other kind, picture or film, is not theirs."""
    own = target.suffix.lower()
    if own in FILM_SUFFIXES:
        if suffix in RESULT_SUFFIXES:
            return target.with_suffix(suffix)
        return target if own in RESULT_SUFFIXES else target.with_suffix(FILM_SUFFIX)
    return target.with_suffix(suffix) if suffix and suffix not in RESULT_SUFFIXES else target


def _task_of_file(source: Path, destination: Path, suffix: str | None) -> Task:
    if _is_there_as_folder(destination) or not destination.suffix:
        target = _renamed(destination / source.name, suffix)
    elif suffix in (None, destination.suffix.lower()):
        target = destination
    else:
        raise PlanError(
            f"DEST ends in {destination.suffix}, --format says {suffix}. Leave one out."
        )
    task = Task(source, target)
    if source.suffix.lower() in FILM_SUFFIXES and not task.is_film:
        raise PlanError(f"Films become .mp4 or .webm, not {target.suffix}. Name another DEST.")
    return task


def _entries(paths: Iterable[Path]) -> dict[tuple[str, str], Path]:
    """By folder and name, whatever way leads to that folder."""
    real = cache(os.path.realpath)
    return {(real(path.parent), path.name): path for path in paths}


def _check_originals(tasks: Sequence[Task], links: Iterable[Path]) -> None:
    """A result takes the place of what has its name: that must be no original."""
    sources = (task.source for task in tasks)
    originals = _entries([*sources, *(Path(os.path.realpath(link)) for link in links)])
    for entry, target in _entries(task.target for task in tasks).items():
        if entry in originals:
            raise PlanError(f"{target} is itself a picture to colorize. Name another DEST.")


def _check_names(tasks: Sequence[Task]) -> None:
    sources: dict[Path, Path] = {}
    for task in tasks:
        other = sources.setdefault(task.target, task.source)
        if other is not task.source:
            own = {_renamed(Path(path.name), None) for path in (other, task.source)}
            remedy = "Rename one, or omit --format." if len(own) > 1 else "Rename one."
            raise PlanError(f"{other} and {task.source} would both become {task.target}. {remedy}")


def check_folders(tasks: Iterable[Task]) -> None:
    """Say before any work is done that results cannot be written where they belong.

    Raises:
        PlanError: no right, a read-only file system, a file where a folder is to be.
    """
    for folder in {_nearest(folder) for folder in {task.target.parent for task in tasks}}:
        if not _is_there_as_folder(folder):
            raise PlanError(f"{folder} is in the way: it is no folder. Name another DEST.")
        if not os.access(folder, os.W_OK | os.X_OK, effective_ids=EFFECTIVE):
            raise PlanError(f"The folder {folder} cannot be written in. Name another DEST.")


def _nearest(folder: Path) -> Path:
    """The folder itself, or what is there of the path to it."""
    while not os.path.lexists(folder):
        folder = folder.parent
    return folder


def _is_there_as_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  (Path raises where it may not look)
