"""Hints and a reference photo for a run: read and checked before any work begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from colorizer.batch.plan import PlanError, Task
from colorizer.batch.workers import Recipe
from colorizer.engine import ColorizerError


def reference_of(path: Path) -> Image.Image:
    """The photo of a file whose colors the pictures get, small.

    Raises:
        PlanError: no file, no picture, damaged, or gray.
    """
    from colorizer.engine.references import read_reference  # noqa: PLC0415  (loads libvips)

    if not path.is_file():
        raise PlanError(f"There is no file {path} to be the reference.")
    try:
        return read_reference(path)
    except (ColorizerError, OSError) as error:
        raise PlanError(f"{path} cannot be the reference: {error}") from error


def check_guided(tasks: Sequence[Task], recipe: Recipe) -> None:
    """Whether hints and reference can be used for all that is to be colorized.

    Raises:
        PlanError: hints for several pictures; a film.
    """
    if recipe.hints and len(tasks) > 1:
        raise PlanError("Hints belong to one picture: name it as SOURCE, or leave out --hints.")
    if recipe.is_guided and any(task.is_film for task in tasks):
        raise PlanError(
            "Films take neither --hints nor --reference: leave these out, or the films."
        )
