"""The compact network before any training."""

from __future__ import annotations

import torch

from colorizer.engine.architectures.compact.network import CompactUNet

BINS = torch.cartesian_prod(*(torch.arange(-48.0, 49, 24),) * 2)


def network(*, listens: bool = False, takes_hints: bool = True) -> CompactUNet:
    """Untrained. What starts at zero, so that it changes nothing, is random where the network `listens`."""
    torch.manual_seed(1)
    built = CompactUNet(BINS, "lite0", takes_hints=takes_hints).eval()
    for parameter in built.parameters() if listens else ():
        if not parameter.any():
            torch.nn.init.normal_(parameter, std=0.3)
    if listens:
        built.head.weight.data.mul_(40)  # so that it is sure of something
    return built
