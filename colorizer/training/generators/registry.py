"""Which generator trains an architecture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from PIL import Image

from colorizer.training.generators import compact, deoldify
from colorizer.training.generators.base import Generator
from colorizer.training.recipes import Recipe

Builder: TypeAlias = Callable[[Recipe, Sequence[Image.Image], Path | None], Generator]

BUILDERS: Final[dict[str, Builder]] = {
    "compact": compact.build,
    "deoldify-deep": deoldify.build,
    "deoldify-wide": deoldify.build,
}


def build_generator(
    recipe: Recipe, pictures: Sequence[Image.Image], start: Path | None
) -> Generator:
    """A generator with an encoder from ImageNet, or with the values of the weights file `start`.

    Args:
        pictures: RGB, that `compact` takes its classes of chroma from.

    Raises:
        WeightsError: the file is damaged or of another architecture.
        OSError: ImageNet's weights are not there; the message says where to put them.
    """
    return BUILDERS[recipe.architecture](recipe, pictures, start)
