"""Train `compact`: python -m colorizer.training.train RECIPE CHECKPOINT SHARDS... [--start FILE]

Runs until the recipe's steps are done; the same command resumes from CHECKPOINT. A finish starts
from the trunk's checkpoint (--start). Losses go to CHECKPOINT's name with .csv.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm

from colorizer.engine.networks.compact import CompactUNet
from colorizer.imagenet import imagenet_encoder
from colorizer.shards import read_shards
from colorizer.training.chroma_bins import (
    SoftEncoder,
    chroma_histogram,
    occupied_bins,
    rebalancing_weights,
)
from colorizer.training.data import Batch, PhotoCrops
from colorizer.training.losses import FeatureLoss, soft_cross_entropy, ycbcr_to_rgb
from colorizer.training.recipes import RECIPES, Recipe

CHECKPOINT_EVERY = 250
LOG_EVERY = 25
STATISTICS_PICTURES = 3000
FEATURE_LOSS_SHRINK = 2


def apply_spectral_norm(network: CompactUNet) -> None:
    """Every decoder and attention convolution (Miyato et al., ICLR 2018); the head stays free."""
    for part in (network.up16, network.up8, network.up4, network.attention):
        for module in part.modules():
            if isinstance(module, nn.Conv2d):
                spectral_norm(module)


def learning_rate_share(step: int, recipe: Recipe) -> float:
    """Warm up, stay, decay linearly to 0; a share of the peak, 0..1."""
    decay_steps = recipe.decay * recipe.steps
    return min(1.0, (step + 1) / recipe.warmup, (recipe.steps - step) / decay_steps)


def parameter_groups(network: CompactUNet, recipe: Recipe) -> list[dict[str, Any]]:
    """Encoder and the rest; biases, batch norms and gamma are not decayed."""
    groups = []
    for is_encoder, rate in ((True, recipe.encoder_learning_rate), (False, recipe.learning_rate)):
        parameters = [
            parameter
            for name, parameter in network.named_parameters()
            if name.startswith("encoder.") is is_encoder
        ]
        for decay, members in (
            (recipe.weight_decay, [p for p in parameters if p.ndim > 1]),
            (0.0, [p for p in parameters if p.ndim <= 1]),
        ):
            groups.append({"params": members, "lr": rate, "peak": rate, "weight_decay": decay})
    return groups


class Trainer:
    """One run: network, its moving average, optimizer and losses."""

    def __init__(self, recipe: Recipe, bins: Tensor, shares: Tensor, device: torch.device) -> None:
        self.recipe = recipe
        self.device = device
        self.shares = shares
        self.encode = SoftEncoder(bins)
        self.class_weights = rebalancing_weights(shares, recipe.uniform).to(device)
        self.loss_weights = {
            "classes": 1.0,
            "features": recipe.feature_weight,
            "consistency": recipe.consistency_weight,
        }
        self.network = CompactUNet(bins)
        self.network.encoder = imagenet_encoder(in_channels=1)
        apply_spectral_norm(self.network)
        self.feature_loss = FeatureLoss(imagenet_encoder(in_channels=3))
        for module in (self.network, self.feature_loss):
            module.to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimizer = torch.optim.AdamW(
            parameter_groups(self.network, recipe), betas=(0.9, 0.99)
        )
        self.average = self._fresh_average()
        self.step = 0

    def _fresh_average(self) -> AveragedModel:
        moving_average = get_ema_multi_avg_fn(self.recipe.average)
        return AveragedModel(self.network, multi_avg_fn=moving_average, use_buffers=True)

    def start_from(self, checkpoint: dict[str, Any]) -> None:
        """Take a trunk's averaged weights; its class weights are exchanged for this recipe's.

        A classifier trained with class weights w estimates p * w: dividing by w in the head's bias
        gives back p (Saerens et al., Neural Computation 2002).
        """
        self.network.load_state_dict(checkpoint["average"])
        trained_with = rebalancing_weights(self.shares, checkpoint["recipe"]["uniform"])
        with torch.no_grad():
            shift = (self.class_weights / trained_with.to(self.device)).log()
            self.network.head.bias += shift  # type: ignore[operator]
        self.average = self._fresh_average()

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "average": self.average.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "recipe": asdict(self.recipe),
            "bins": self.encode.bins,
            "shares": self.shares,
        }

    def resume(self, checkpoint: dict[str, Any]) -> None:
        self.network.load_state_dict(checkpoint["network"])
        self.average.module.load_state_dict(checkpoint["average"])
        self.average.n_averaged.fill_(checkpoint["step"])
        self.optimizer.load_state_dict(checkpoint["optimizer"])
        self.step = checkpoint["step"]

    def losses(self, batch: Batch) -> dict[str, Tensor]:
        """Classification, features and (with several views) consistency, each a scalar."""
        views, size = batch.degraded.shape[:2]
        nearest, weights = (part.to(self.device) for part in self.encode(batch.chroma))
        degraded = batch.degraded.flatten(0, 1).to(self.device, memory_format=torch.channels_last)
        logits = self.network.logits(degraded)
        chroma = self.network.expected_chroma(logits)
        losses = {
            "classes": soft_cross_entropy(
                logits,
                nearest.repeat(views, 1, 1, 1),
                weights.repeat(views, 1, 1, 1),
                self.class_weights,
            ),
            "features": self._feature_loss(chroma[:size], batch),
        }
        if views > 1:
            first, second = chroma[:size], chroma[size : 2 * size]
            losses["consistency"] = (first - second).abs().mean()
        return losses

    def _feature_loss(self, chroma: Tensor, batch: Batch) -> Tensor:
        luma = nn.functional.avg_pool2d(batch.luma.to(self.device), FEATURE_LOSS_SHRINK)
        painted, real = (
            ycbcr_to_rgb(luma, nn.functional.interpolate(c, luma.shape[-2:], mode="bilinear"))
            for c in (chroma, batch.chroma.to(self.device))
        )
        return self.feature_loss(painted, real)  # type: ignore[no-any-return]

    def train_step(self, batch: Batch) -> dict[str, float]:
        self.network.train()
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * learning_rate_share(self.step, self.recipe)
        losses = self.losses(batch)
        weighted = [self.loss_weights[name] * loss for name, loss in losses.items()]
        self.optimizer.zero_grad(set_to_none=True)
        torch.stack(weighted).sum().backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.gradient_clip)
        self.optimizer.step()
        self.average.update_parameters(self.network)
        self.step += 1
        return {name: loss.item() for name, loss in losses.items()}


def save_checkpoint(trainer: Trainer, path: Path) -> None:
    """Whole or not at all: a run stopped in the middle of it leaves the last checkpoint."""
    unfinished = path.with_suffix(".unfinished")
    torch.save(trainer.state(), unfinished)
    unfinished.replace(path)


def load_checkpoint(path: Path) -> dict[str, Any]:
    checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return checkpoint


def prepare_trainer(
    recipe: Recipe, checkpoint: Path, start: Path | None, pictures: list[bytes]
) -> Trainer:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    source = checkpoint if checkpoint.exists() else start
    if source is None:
        histogram = chroma_histogram(pictures[:STATISTICS_PICTURES])
        bins = occupied_bins(histogram)
        return Trainer(recipe, bins, SoftEncoder(bins).class_shares(histogram), device)
    saved = load_checkpoint(source)
    trainer = Trainer(recipe, saved["bins"], saved["shares"], device)
    if source == checkpoint:
        trainer.resume(saved)
    else:
        trainer.start_from(saved)
    return trainer


def train(trainer: Trainer, crops: PhotoCrops, checkpoint: Path) -> None:
    names = ("step", "classes", "features", "consistency")
    with checkpoint.with_suffix(".csv").open("a", newline="") as log:
        writer = csv.DictWriter(log, names)
        if log.tell() == 0:
            writer.writeheader()
        progress = tqdm(initial=trainer.step, total=trainer.recipe.steps, unit="step")
        while trainer.step < trainer.recipe.steps:
            losses = trainer.train_step(crops.batch(trainer.step))
            progress.update()
            if trainer.step % LOG_EVERY == 0:
                writer.writerow({"step": trainer.step, **losses})
                log.flush()
                progress.set_postfix(losses)
            if trainer.step % CHECKPOINT_EVERY == 0:
                save_checkpoint(trainer, checkpoint)
    save_checkpoint(trainer, checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("shards", type=Path, nargs="+")
    parser.add_argument("--start", type=Path, help="checkpoint of the trunk to start from")
    parser.add_argument("--steps", type=int, help="instead of the recipe's number of steps")
    arguments = parser.parse_args()
    recipe = RECIPES[arguments.recipe]
    recipe = replace(recipe, steps=arguments.steps or recipe.steps)
    torch.manual_seed(recipe.seed)
    pictures = read_shards(arguments.shards)
    trainer = prepare_trainer(recipe, arguments.checkpoint, arguments.start, pictures)
    crops = PhotoCrops(
        pictures, recipe.side, recipe.batch_size, recipe.views, recipe.augmentation, recipe.seed
    )
    train(trainer, crops, arguments.checkpoint)


if __name__ == "__main__":
    main()
