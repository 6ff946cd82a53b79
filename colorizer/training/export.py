"""Make a variant of a trained `compact`: what its mean color is, folded into the head.

`rebalance` is the power of the training's class weights that stays in: 0 divides them out, 1 is as
trained, more is more vivid, less than 0 more restrained. `temperature` under 1 sharpens the distribution
(annealed mean, Zhang et al., ECCV 2016, section 2.3). `saturation` is what the mean chroma is multiplied
by. `average-with` takes the mean with other checkpoints of the same run, which generalizes better than
any of them (Wortsman et al., Model soups, ICML 2022, section 3).
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from colorizer.engine.architectures.compact import Compact
from colorizer.engine.architectures.compact.guidance import CHROMA_CHANNELS
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.errors import WeightsError
from colorizer.engine.variants import VARIANTS
from colorizer.engine.weights import load_weights, save_weights
from colorizer.training.chroma_bins import read_class_weights


@torch.no_grad()
def fold_decoding(
    network: CompactUNet, trained_with: Tensor, rebalance: float, temperature: float
) -> None:
    """Args: trained_with: K float, the class weights of the training."""
    network.head.bias -= (1 - rebalance) * trained_with.log()  # type: ignore[operator]
    network.head.weight /= temperature
    network.head.bias /= temperature


@torch.no_grad()
def reweight(network: CompactUNet, own: Tensor, wanted: Tensor) -> None:
    """As if it had been trained with other class weights. Args: own, wanted: K float."""
    network.head.bias += (wanted / own).log()  # type: ignore[operator]


@torch.no_grad()
def average_with(network: CompactUNet, others: Sequence[Path], trained_with: Tensor) -> None:
    """Put the mean of all into `network`; the heads of the others go over to its class weights.

    Raises:
        WeightsError: a file is damaged or of another architecture.
    """
    states = [network.state_dict()]
    for path in others:
        other = _compact(path)
        reweight(other, read_class_weights(path, len(trained_with)), trained_with)
        states.append(other.state_dict())
    for name, tensor in states[0].items():
        if tensor.is_floating_point():
            tensor.copy_(torch.stack([state[name] for state in states]).mean(dim=0))


def _compact(path: Path) -> CompactUNet:
    network = load_weights(path).network
    if not isinstance(network, CompactUNet):
        raise WeightsError(f"{path.name} has no classes of chroma: only compact can be exported.")
    return network


@torch.no_grad()
def saturate(network: CompactUNet, saturation: float) -> None:
    """Multiply the mean chroma; what a hint asks for is still what it gets."""
    network.chroma_bins *= saturation
    if network.hint_stem is not None:
        network.hint_stem.convs[0].get_parameter("weight")[:, :CHROMA_CHANNELS] /= saturation


def run(arguments: argparse.Namespace) -> None:
    network = _compact(arguments.weights)
    own = read_class_weights(arguments.weights, len(network.chroma_bins))
    trained_with = read_class_weights(
        arguments.class_weights_of or arguments.weights, len(network.chroma_bins)
    )
    reweight(network, own, trained_with)
    average_with(network, arguments.average_with, trained_with)
    fold_decoding(network, trained_with, arguments.rebalance, arguments.temperature)
    saturate(network, arguments.saturation)
    save_weights(network, Compact(), arguments.destination, {"variant": arguments.variant})


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="a checkpoint of a run")
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("destination", type=Path)
    parser.add_argument("--rebalance", type=_finite, default=1.0)
    parser.add_argument("--temperature", type=_above_zero, default=1.0)
    parser.add_argument("--saturation", type=_above_zero, default=1.0)
    parser.add_argument(
        "--class-weights-of",
        type=Path,
        metavar="WEIGHTS",
        help="what --rebalance is of, where the first checkpoint was trained with equal weights",
    )
    parser.add_argument("--average-with", type=Path, nargs="+", default=[], metavar="WEIGHTS")
    parser.set_defaults(run=run)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError("must be a finite number")
    return value


def _above_zero(text: str) -> float:
    """The network's parameters are divided by it."""
    value = _finite(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value
