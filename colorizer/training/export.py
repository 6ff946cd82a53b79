"""Make a variant of a trained `compact`: what its mean colour is, folded into the head.

`rebalance` is the power of the training's class weights that stays in: 0 divides them out
(restrained), 1 is as trained, more is more vivid. `temperature` under 1 sharpens the distribution
(annealed mean, Zhang et al., ECCV 2016, section 2.3).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from colorizer.engine.networks.compact import CompactUNet
from colorizer.engine.variants import VARIANTS
from colorizer.engine.weights import load_weights
from colorizer.training.weights_files import read_class_weights, write_weights


@torch.no_grad()
def fold_decoding(
    network: CompactUNet, trained_with: Tensor, rebalance: float, temperature: float
) -> None:
    """Args: trained_with: K float, the class weights of the training."""
    network.head.bias -= (1 - rebalance) * trained_with.log()  # type: ignore[operator]
    network.head.weight /= temperature
    network.head.bias /= temperature


def run(arguments: argparse.Namespace) -> None:
    loaded = load_weights(arguments.weights)
    if isinstance(loaded.network, CompactUNet):
        trained_with = read_class_weights(arguments.weights, len(loaded.network.chroma_bins))
        fold_decoding(loaded.network, trained_with, arguments.rebalance, arguments.temperature)
    elif (arguments.rebalance, arguments.temperature) != (1, 1):
        raise ValueError(f"{arguments.weights.name} has no classes: it can only be copied.")
    write_weights(
        loaded.network, loaded.architecture, arguments.destination, variant=arguments.variant
    )


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="a point of a run")
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("destination", type=Path)
    parser.add_argument("--rebalance", type=float, default=1.0)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.set_defaults(run=run)
