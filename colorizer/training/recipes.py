"""All knobs of the trainings that the bundled weights and DeOldify's networks come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from colorizer.engine.architectures.compact.efficientnet_lite import EncoderName
from colorizer.training.data import Augmentation


@dataclass(frozen=True)
class GeneratorPhase:
    """The generator alone. Its rate rises over `warmup` (a share of the steps), then falls along a
    cosine to 0; both are the peak rate's."""

    steps: int
    side: int
    batch_size: int
    learning_rate: float
    warmup: float = 0.1


@dataclass(frozen=True)
class CriticPhase:
    """The critic alone, as a classifier of predicted against real pictures."""

    steps: int
    side: int
    batch_size: int
    learning_rate: float


@dataclass(frozen=True)
class AdversarialPhase:
    """Both, each with a rate of its own (two time scales; Heusel et al., NeurIPS 2017).

    After each step of the generator the critic steps until its loss is below `switch_below`, but at
    most `critic_steps` times: a critic that fell behind has nothing to teach. The generator's
    moving average is measured every `evaluate_every` steps.
    """

    steps: int
    side: int
    batch_size: int
    learning_rate: float
    critic_learning_rate: float
    adversarial_weight: float
    switch_below: float = 1.6
    critic_steps: int = 3
    evaluate_every: int = 50


Phase = GeneratorPhase | CriticPhase | AdversarialPhase


@dataclass(frozen=True)
class Recipe:
    """One run.

    loss_weights: by the names that the architecture's generator gives its losses.
    views: of each photo in a batch, each degraded anew.
    uniform, encoder, drop_path: see `CompactGenerator` (`compact` alone).
    ema_decay: of the exponential moving average of the weights, per step.
    pretrained: DeOldify's encoder and feature loss have ImageNet's weights, not random ones.
    """

    architecture: str
    phases: tuple[Phase, ...]
    loss_weights: Mapping[str, float]
    views: int = 1
    augmentation: Augmentation = field(default_factory=Augmentation)
    uniform: float = 1.0
    encoder: EncoderName = "lite2"
    drop_path: float = 0.0
    critic_width: int = 32
    ema_decay: float = 0.998
    weight_decay: float = 0.01
    gradient_clip: float = 1.0
    pretrained: bool = True
    seed: int = 1


NOISY: Final = Augmentation(
    gamma=0.5, contrast=0.3, brightness=0.1, noise_probability=0.8, noise_sigma=0.08
)
PRETRAIN: Final = Recipe(
    architecture="compact",
    phases=(
        GeneratorPhase(steps=1400, side=64, batch_size=64, learning_rate=1.2e-3),
        GeneratorPhase(steps=2000, side=96, batch_size=36, learning_rate=1e-3),
        GeneratorPhase(steps=3000, side=128, batch_size=24, learning_rate=8e-4),
        GeneratorPhase(steps=1000, side=192, batch_size=12, learning_rate=5e-4),
    ),
    loss_weights={"classes": 1.0, "features": 1.0},
    drop_path=0.1,
    weight_decay=0.05,
)


CONTINUE: Final = replace(
    PRETRAIN,
    phases=(
        GeneratorPhase(steps=3117, side=192, batch_size=96, learning_rate=1e-3, warmup=0.03),
        GeneratorPhase(steps=3835, side=256, batch_size=64, learning_rate=6e-4, warmup=0.02),
    ),
    ema_decay=0.999,
    seed=11,
)
"""Sides, batches and rates of this and of the finetunings are for one GPU."""
FINETUNED_ALONE: Final = GeneratorPhase(
    steps=771, side=256, batch_size=64, learning_rate=3e-4, warmup=0.05
)
WITH_CRITIC: Final = (
    CriticPhase(steps=183, side=192, batch_size=64, learning_rate=5e-4),
    AdversarialPhase(
        steps=881,
        side=192,
        batch_size=64,
        learning_rate=5e-5,
        critic_learning_rate=2e-4,
        adversarial_weight=0.2,
        evaluate_every=176,
    ),
)


def deoldify(architecture: str, adversarial_weight: float) -> Recipe:
    """DeOldify's own schedule in shape; its rates, sides and batches, steps for 10,000 photos."""
    return Recipe(
        architecture=architecture,
        phases=(
            GeneratorPhase(steps=1000, side=64, batch_size=64, learning_rate=3e-4),
            GeneratorPhase(steps=1000, side=96, batch_size=32, learning_rate=2e-4),
            GeneratorPhase(steps=2000, side=128, batch_size=20, learning_rate=1e-4),
            GeneratorPhase(steps=1000, side=192, batch_size=8, learning_rate=5e-5),
            GeneratorPhase(steps=500, side=256, batch_size=6, learning_rate=2e-5),
            CriticPhase(steps=2000, side=192, batch_size=8, learning_rate=1e-4),
            AdversarialPhase(
                steps=1500,
                side=192,
                batch_size=5,
                learning_rate=2e-5,
                critic_learning_rate=1e-4,
                adversarial_weight=adversarial_weight,
                evaluate_every=100,
            ),
        ),
        loss_weights={"pixels": 1.0, "features": 1.0},
        critic_width=256,
        weight_decay=1e-3,
    )


RECIPES: Final[Mapping[str, Recipe]] = {
    "pretrain": PRETRAIN,
    "continue": CONTINUE,
    "artistic": replace(
        CONTINUE,
        phases=(FINETUNED_ALONE, *WITH_CRITIC),
        uniform=0.5,
        ema_decay=0.995,
        seed=12,
    ),
    "video": replace(
        CONTINUE,
        phases=(replace(FINETUNED_ALONE, steps=1654, batch_size=32),),
        loss_weights={**PRETRAIN.loss_weights, "consistency": 0.05},
        views=2,
        drop_path=0.0,
        augmentation=NOISY,
        ema_decay=0.995,
        seed=13,
    ),
    "deoldify-deep": deoldify("deoldify-deep", adversarial_weight=0.5),
    "deoldify-wide": deoldify("deoldify-wide", adversarial_weight=0.6),
}
