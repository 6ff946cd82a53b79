"""Hints and a reference photo for a run: read and checked before any work begins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from colorizer.batch.plan import PlanError, Task
from colorizer.batch.workers import Recipe
from colorizer.engine import ColorizerError
from colorizer.engine.hints import FilmHint


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
    """Whether hints, and the moment of a reference, can be used for what is to be colorized.

    Raises:
        PlanError: hints for several pictures; hints of a picture for a film, or of a film for a picture;
            a moment without a reference, or for anything but one film.
    """
    if recipe.hints:
        _check_hints(tasks, recipe)
    if recipe.reference_seconds is None:
        return
    if recipe.reference is None:
        raise PlanError("--reference-seconds is the moment of a --reference: name that photo, too.")
    if [task.is_film for task in tasks] != [True]:
        raise PlanError(
            "--reference-seconds is a moment of one film: name it as SOURCE, or leave it out."
        )


def _check_hints(tasks: Sequence[Task], recipe: Recipe) -> None:
    if len(tasks) > 1:
        raise PlanError(
            "Hints belong to one picture or film: name it as SOURCE, or leave out --hints."
        )
    have_moments = {isinstance(hint, FilmHint) for hint in recipe.hints}
    if any(have_moments != {task.is_film} for task in tasks):
        raise PlanError(
            "Hints for a film tell the moment of their frame as seconds, and those for a picture do not."
        )
