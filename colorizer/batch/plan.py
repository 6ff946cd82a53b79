"""Which pictures a run colorizes, and under which names: settled before any work begins."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from colorizer.engine.errors import ColorizerError
from colorizer.engine.imageio.formats import SUFFIXES, SaveOptions, check_destination


class PlanError(ColorizerError):
    """What was asked for cannot be done as a whole, so that nothing was begun."""


@dataclass(frozen=True)
class Task:
    source: Path
    target: Path


@dataclass(frozen=True)
class Plan:
    tasks: list[Task]
    links_out: list[Path]  # left alone, since they lead out of the tree

    def waiting(self) -> list[Task]:
        """What no earlier run has finished: results appear under their names only when complete."""
        return [task for task in self.tasks if not task.target.is_file()]


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
    if source.is_dir():
        plan = _plan_of_folder(source, destination, recursive, suffix)
    elif source.exists():
        plan = Plan([_task_of_file(source, destination, suffix)], [])
    else:
        raise PlanError(f"There is no file or folder {source}.")
    for task in plan.tasks:
        check_destination(task.target, options)
    _check_names(plan.tasks)
    return plan


def _plan_of_folder(source: Path, destination: Path, recursive: bool, suffix: str | None) -> Plan:
    if destination.resolve() == source.resolve():
        raise PlanError(
            "SOURCE and DEST are the same folder. Name another DEST, so that no original is at risk."
        )
    if destination.exists() and not destination.is_dir():
        raise PlanError(f"{destination} is a file. Name a folder for the results.")
    found = list(_pictures_and_linked_folders(source, destination, recursive))
    links_out = [path for path in found if recursive and _leads_out(path, source)]
    pictures = [path for path in found if path.is_file() and path not in links_out]
    if not pictures:
        raise PlanError(f"{source} holds no pictures. Known suffixes: {', '.join(SUFFIXES)}.")
    tasks = [
        Task(path, _renamed(destination / path.relative_to(source), suffix)) for path in pictures
    ]
    return Plan(tasks, links_out)


def _pictures_and_linked_folders(
    source: Path, destination: Path, recursive: bool
) -> Iterator[Path]:
    excluded = destination.resolve()
    for parent, folders, names in os.walk(source, onerror=_refuse_folder):
        folders[:] = sorted(
            name
            for name in folders
            if recursive and not name.startswith(".") and Path(parent, name).resolve() != excluded
        )
        yield from (path for name in folders if (path := Path(parent, name)).is_symlink())
        paths = (Path(parent, name) for name in sorted(names))
        yield from (path for path in paths if path.is_file() and _is_picture_name(path))


def _refuse_folder(error: OSError) -> None:
    raise PlanError(f"The folder {error.filename} cannot be read: {error.strerror}.") from error


def _is_picture_name(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _leads_out(path: Path, source: Path) -> bool:
    return path.is_symlink() and not path.resolve().is_relative_to(source.resolve())


def _renamed(target: Path, suffix: str | None) -> Path:
    return target.with_suffix(suffix) if suffix else target


def _task_of_file(source: Path, destination: Path, suffix: str | None) -> Task:
    if destination.is_dir() or not destination.suffix:
        target = _renamed(destination / source.name, suffix)
    elif suffix in (None, destination.suffix.lower()):
        target = destination
    else:
        raise PlanError(
            f"DEST ends in {destination.suffix}, --format says {suffix}. Leave one out."
        )
    return Task(source, target)


def _check_names(tasks: list[Task]) -> None:
    originals = {task.source.resolve() for task in tasks}
    sources_of = defaultdict(list)
    for task in tasks:
        if task.target.resolve() in originals:
            raise PlanError(f"{task.target} is itself a picture to colorize. Name another DEST.")
        sources_of[task.target].append(task.source)
    for target, sources in sources_of.items():
        if len(sources) > 1:
            names = " and ".join(map(str, sources))
            raise PlanError(f"{names} would both become {target}. Rename one, or omit --format.")
