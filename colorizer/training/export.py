"""Make a weights file from a checkpoint:

python -m colorizer.training.export CHECKPOINT VARIANT OUT.safetensors [--rebalance R] [--temperature T]

The moving average of the weights is taken, spectral norm is folded into plain weights, and the
decoding is folded into the head, so that the network's plain mean is the variant's colour:
`rebalance` is the power of the recipe's class weights that stays in: 0 divides them out (restrained),
1 is as trained, more is more vivid;
`temperature` under 1 sharpens the distribution (annealed mean, Zhang et al. 2016, section 2.3).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations

from colorizer.engine.networks.compact import CompactUNet
from colorizer.engine.variants import VARIANTS
from colorizer.training.chroma_bins import rebalancing_weights
from colorizer.training.train import apply_spectral_norm, load_checkpoint

POWER_ITERATIONS = 100


def averaged_network(checkpoint: dict[str, Any]) -> CompactUNet:
    """The checkpoint's averaged network, spectral norm folded into plain weights."""
    network = CompactUNet(checkpoint["bins"])
    apply_spectral_norm(network)
    network.load_state_dict(checkpoint["average"])
    for module in network.modules():
        if is_parametrized(module, "weight"):
            converge_power_iteration(module)
            module.eval()
            remove_parametrizations(module, "weight")
    return network.eval()


def converge_power_iteration(module: nn.Module) -> None:
    """Singular vectors do not average: the averaged weight needs its own.

    A parametrized weight runs one power iteration each time it is read in training mode.
    """
    module.train()
    for _ in range(POWER_ITERATIONS):
        _ = module.weight


@torch.no_grad()
def fold_decoding(
    network: CompactUNet, checkpoint: dict[str, Any], rebalance: float, temperature: float
) -> None:
    trained_with = rebalancing_weights(checkpoint["shares"], checkpoint["recipe"]["uniform"])
    network.head.bias -= (1 - rebalance) * trained_with.log()  # type: ignore[operator]
    network.head.weight /= temperature
    network.head.bias /= temperature


def write_weights(network: CompactUNet, variant: str, destination: Path) -> None:
    tensors = {
        name: (tensor.half() if tensor.is_floating_point() else tensor).contiguous()
        for name, tensor in network.state_dict().items()
    }
    save_file(tensors, destination, metadata={"architecture": "compact", "variant": variant})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("variant", choices=VARIANTS)
    parser.add_argument("destination", type=Path)
    parser.add_argument("--rebalance", type=float, default=1.0)
    parser.add_argument("--temperature", type=float, default=1.0)
    arguments = parser.parse_args()
    checkpoint = load_checkpoint(arguments.checkpoint)
    network = averaged_network(checkpoint)
    fold_decoding(network, checkpoint, arguments.rebalance, arguments.temperature)
    write_weights(network, arguments.variant, arguments.destination)


if __name__ == "__main__":
    main()
