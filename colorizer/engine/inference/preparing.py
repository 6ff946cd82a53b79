"""The fastest form of a network for the device that it will run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import nn

from colorizer.engine.catalogue import Architecture
from colorizer.engine.inference.batch_norm import fold_batch_norms

if TYPE_CHECKING:
    from colorizer.engine.networks.deoldify import DeOldifyUNet


def best_device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def prepared(network: nn.Module, architecture: Architecture, device: torch.device) -> nn.Module:
    """A network that computes the same, float32; the one given is taken apart."""
    fold_batch_norms(network)
    if device.type == "cpu" and architecture != "compact":
        # Here, since only DeOldify's networks need torchvision.
        from colorizer.engine.inference.deoldify import FastDeOldify  # noqa: PLC0415

        ready: nn.Module = FastDeOldify(cast("DeOldifyUNet", network))
    else:
        ready = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    return ready.requires_grad_(requires_grad=False)
