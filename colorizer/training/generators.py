"""Which generator a recipe means, and what it starts from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from colorizer.engine.errors import WeightsError
from colorizer.engine.networks.compact import CompactUNet
from colorizer.engine.networks.deoldify import DEEP, WIDE
from colorizer.engine.weights import LoadedWeights, load_weights
from colorizer.training.chroma_bins import chroma_statistics
from colorizer.training.compact_generator import CompactGenerator
from colorizer.training.deoldify_generator import DeOldifyGenerator
from colorizer.training.generator import Generator
from colorizer.training.recipes import Recipe
from colorizer.training.weights_files import read_class_weights

LAYOUTS = {"deoldify-deep": DEEP, "deoldify-wide": WIDE}


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
    loaded = None if start is None else _loaded(start, recipe)
    if recipe.architecture != "compact":
        return _deoldify(recipe, loaded)
    bins = None if loaded is None else loaded.network.get_buffer("chroma_bins")
    statistics = chroma_statistics(pictures, bins)
    generator = CompactGenerator(statistics, recipe.uniform, recipe.encoder, recipe.drop_path)
    if loaded is not None and start is not None:
        trained_with = read_class_weights(start, len(generator.class_weights))
        generator.start_from(loaded.network.state_dict(), trained_with)
    return generator


def _loaded(start: Path, recipe: Recipe) -> LoadedWeights:
    loaded = load_weights(start)
    if loaded.architecture != recipe.architecture:
        raise WeightsError(
            f"{start.name} is {loaded.architecture}, the recipe trains {recipe.architecture}."
        )
    if isinstance(loaded.network, CompactUNet) and loaded.network.encoder.name != recipe.encoder:
        raise WeightsError(
            f"{start.name} has the encoder {loaded.network.encoder.name}, "
            f"the recipe trains {recipe.encoder}."
        )
    return loaded


def _deoldify(recipe: Recipe, loaded: LoadedWeights | None) -> DeOldifyGenerator:
    generator = DeOldifyGenerator(LAYOUTS[recipe.architecture], pretrained=recipe.pretrained)
    if loaded is not None:
        generator.start_from(loaded.network.state_dict())
    return generator
