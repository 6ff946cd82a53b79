"""What became of every picture of a run, as JSON."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from colorizer import __version__
from colorizer.batch.names import as_text, is_utf8, one_line, percent_encoded
from colorizer.batch.plan import Plan, Task
from colorizer.batch.workers import Recipe, Result, WeightsUsed
from colorizer.engine import ColorizerError
from colorizer.engine.files import finished_file


class ReportError(ColorizerError):
    """The report cannot be written where it was asked for."""


@dataclass(frozen=True)
class Run:
    """A run that has come to its end, or was interrupted."""

    plan: Plan
    recipe: Recipe
    jobs: int
    started_at: datetime
    seconds: float
    results: Sequence[Result]

    @property
    def not_done(self) -> int:
        """Pictures that an interrupted run did not come to."""
        return len(self.plan.waiting) - len(self.results)

    @property
    def failed(self) -> int:
        return sum(bool(result.error) for result in self.results)

    @property
    def is_complete(self) -> bool:
        """Whether every picture of the source is colorized now, as far as can be known."""
        unreadable = any(one.is_unreadable for one in self.plan.found.left_alone)
        return not (self.failed or self.not_done or unreadable)

    @property
    def colorized(self) -> int:
        return len(self.results) - self.failed

    def weights(self) -> WeightsUsed | None:
        """None when no picture was colorized."""
        return next((result.weights for result in self.results if result.weights), None)


def report(run: Run) -> dict[str, Any]:
    """What docs/colorize.md describes, ready for JSON."""
    pictures = [_skipped(task) for task in run.plan.finished]
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
        "hints": len(run.recipe.hints),
        "has_reference": run.recipe.reference is not None,
        "reference_seconds": run.recipe.reference_seconds,
        "jobs": run.jobs,
        "totals": {
            "colorized": run.colorized,
            "skipped": len(run.plan.finished),
            "failed": run.failed,
            "not_done": run.not_done,
        },
        "skipped_folders": _by_name(run.plan.found.skipped_folders),
        "skipped_files": _by_name(run.plan.found.skipped_files),
        "left_alone": [
            {**_name("path", one.path), "reason": one.reason} for one in run.plan.found.left_alone
        ],
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
        flaw=result.flaw or None,
        notes=[*result.notes],
        error=one_line(result.error) or None,
    )


NAMES_SHOWN = 8
NOTHING = {
    **dict.fromkeys(("seconds", "width", "height", "render_factor_asked", "render_factor_used")),
    **dict.fromkeys(("flaw", "notes", "error")),
}


def _entry(task: Task, status: str, **facts: Any) -> dict[str, Any]:
    names = {**_name("source", task.source), **_name("target", task.target)}
    return {**names, "status": status, **NOTHING, **facts}


def _name(key: str, path: Path) -> dict[str, str]:
    """A text; a second one with all of its bytes where the name is not UTF-8."""
    exact = {} if is_utf8(path) else {f"{key}_percent_encoded": percent_encoded(path)}
    return {key: as_text(path), **exact}


def _by_name(counts: Counter[str]) -> dict[str, int]:
    return {as_text(Path(name)): number for name, number in sorted(counts.items())}


def summary_of(counts: Counter[str], thing: str) -> str:
    """ "3 folders skipped: @eaDir (2), .git (1)", the most frequent first."""
    number = counts.total()
    shown = [f"{one_line(name)} ({count})" for name, count in counts.most_common(NAMES_SHOWN)]
    more = ["..."] if len(counts) > NAMES_SHOWN else []
    return f"{number} {thing}{'' if number == 1 else 's'} skipped: {', '.join(shown + more)}"


def check_report(path: Path, plan: Plan, others: Sequence[Path] = ()) -> None:
    """Say before any work is done that there is no place for the report.

    Args:
        others: files that the run reads beside its pictures.

    Raises:
        ReportError: its folder cannot be made or written in, or its name is that of a folder, of a
            picture, of a result or of one of the others.
    """
    if any(os.path.realpath(path) == os.path.realpath(other) for other in others):
        raise ReportError(f"{path} is what this run reads. Name another file for the report.")
    if plan.names(path):
        raise ReportError(f"{path} is a picture of this run. Name another file for the report.")
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
            text = json.dumps(content, indent=2, ensure_ascii=False)
            file.write(text.encode(errors="backslashreplace") + b"\n")
    except OSError as error:
        raise ReportError(f"The report cannot be written: {error}") from error
