"""The recipes of the bundled weights: a shared trunk, then a short finish for each variant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from colorizer.training.data import Augmentation


@dataclass(frozen=True)
class Recipe:
    """All knobs of one training run.

    The learning rate rises linearly over `warmup` steps, stays, and falls linearly to 0 over the
    last `decay` share of the steps: a run can be prolonged from any checkpoint before its decay.
    """

    steps: int
    side: int = 128
    batch_size: int = 24
    learning_rate: float = 1.2e-3
    encoder_learning_rate: float = 4e-4
    weight_decay: float = 0.01
    warmup: int = 300
    decay: float = 0.3
    gradient_clip: float = 1.0
    average: float = 0.998
    uniform: float = 0.5
    feature_weight: float = 1.0
    consistency_weight: float = 0.0
    views: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)
    seed: int = 1


FINISH: Final = Recipe(
    steps=400,
    side=192,
    batch_size=12,
    learning_rate=3e-4,
    encoder_learning_rate=1e-4,
    warmup=20,
    decay=0.8,
    average=0.98,
)
RECIPES: Final = {
    "trunk": Recipe(steps=3000),
    "artistic": replace(FINISH, seed=2),
    "stable": replace(FINISH, uniform=1.0, seed=3),
    "video": replace(
        FINISH,
        side=160,
        batch_size=8,
        consistency_weight=0.05,
        views=2,
        augmentation=Augmentation(
            gamma=0.5, contrast=0.3, brightness=0.1, noise_probability=0.8, noise_sigma=0.08
        ),
        seed=4,
    ),
}
