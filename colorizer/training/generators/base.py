"""What the training loop asks of a generator, whichever its architecture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from torch import Tensor, nn

from colorizer.engine.errors import WeightsError
from colorizer.engine.weights import LoadedWeights, load_weights
from colorizer.training.data import Batch
from colorizer.training.recipes import Recipe


class Prediction(NamedTuple):
    """A batch as the generator colorized it.

    rgb, real: N x 3 x H x W, float, 0..1: what the critic compares.
    losses: named scalars, not weighted.
    """

    rgb: Tensor
    real: Tensor
    losses: dict[str, Tensor]


class Generator(Protocol):
    """A network in training, how it predicts colors and is measured against the real picture."""

    @property
    def network(self) -> nn.Module:
        """What is trained, averaged and saved."""

    @property
    def encoder(self) -> nn.Module:
        """The pretrained part of the network."""

    def parameter_groups(self) -> list[tuple[float, list[nn.Parameter]]]:
        """(Share of the peak learning rate, parameters): every parameter once."""

    def predict(self, batch: Batch) -> Prediction:
        """Colorize a batch on the network's device."""

    def write(self, state: Mapping[str, Any], destination: Path) -> None:
        """Write a weights file, norms folded into the weights.

        Args:
            state: a state dict of `network`, as it is in training.
        """

    def compile(self) -> None:
        """Have torch compile what `predict` runs."""


def load_start(start: Path, recipe: Recipe) -> LoadedWeights:
    """The weights that a training starts from.

    Raises:
        WeightsError: the file is damaged or not of the recipe's architecture.
    """
    loaded = load_weights(start)
    if loaded.architecture.name != recipe.architecture:
        raise WeightsError(
            f"{start.name} is {loaded.architecture.name}, the recipe trains {recipe.architecture}."
        )
    return loaded
