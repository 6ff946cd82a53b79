"""What became of every picture of a run, as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from colorizer import __version__
from colorizer.batch.plan import Task
from colorizer.batch.workers import Recipe, Result, WeightsUsed
from colorizer.engine import ColorizerError
from colorizer.engine.files import finished_file


class ReportError(ColorizerError):
    """The report cannot be written where it was asked for."""


@dataclass(frozen=True)
class Run:
    """A run that has come to its end, or was interrupted."""

    recipe: Recipe
    jobs: int
    started_at: datetime
    seconds: float
    skipped: Sequence[Task]
    results: Sequence[Result]
    not_done: int  # when it was interrupted

    @property
    def failed(self) -> int:
        return sum(bool(result.error) for result in self.results)

    @property
    def colorized(self) -> int:
        return len(self.results) - self.failed

    def weights(self) -> WeightsUsed | None:
        """None when no picture was colorized."""
        return next((result.weights for result in self.results if result.weights), None)


def report(run: Run) -> dict[str, Any]:
    """What docs/colorize.md describes, ready for JSON."""
    pictures = [_skipped(task) for task in run.skipped]
    pictures += [_done(result, run.recipe) for result in run.results]
    weights = run.weights()
    return {
        "program": "Tintype",
        "version": __version__,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "seconds": round(run.seconds, 3),
        "interrupted": run.not_done > 0,
        "variant": run.recipe.variant,
        "weights": asdict(weights) if weights else None,
        "jobs": run.jobs,
        "totals": {
            "colorized": run.colorized,
            "skipped": len(run.skipped),
            "failed": run.failed,
            "not_done": run.not_done,
        },
        "pictures": sorted(pictures, key=lambda picture: picture["source"]),
    }


def _skipped(task: Task) -> dict[str, Any]:
    return _entry(task, "skipped")


def _done(result: Result, recipe: Recipe) -> dict[str, Any]:
    return _entry(
        result.task,
        "failed" if result.error else "colorized",
        seconds=round(result.seconds, 3),
        width=result.width,
        height=result.height,
        render_factor_asked=recipe.render_factor,
        render_factor_used=result.render_factor,
        error=result.error or None,
    )


NOTHING = dict.fromkeys(
    ("seconds", "width", "height", "render_factor_asked", "render_factor_used", "error")
)


def _entry(task: Task, status: str, **facts: Any) -> dict[str, Any]:
    names = {"source": str(task.source), "target": str(task.target), "status": status}
    return {**names, **NOTHING, **facts}


def check_report(path: Path) -> None:
    """Say before any work is done that there is no place for the report.

    Raises:
        ReportError: its folder cannot be made or written in, or its name is that of a folder.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"There is no folder for the report {path}: {error.strerror}.") from error
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise ReportError(f"The report cannot be written as {path}. Name a file elsewhere.")


def write_report(path: Path, content: dict[str, Any]) -> None:
    """The file appears under its name only when it is complete.

    Raises:
        ReportError: no space, no right.
    """
    try:
        with finished_file(path) as file:
            file.write(json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n")
    except OSError as error:
        raise ReportError(f"The report cannot be written: {error}") from error
