"""A training's networks as weights files, which the engine reads like any others."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from colorizer.engine.catalogue import Architecture
from colorizer.engine.files import finished_file
from colorizer.engine.networks.compact import CompactUNet
from colorizer.engine.weights import ENCODER

CLASS_WEIGHTS = "class_weights"


def write_weights(
    network: nn.Module,
    architecture: Architecture,
    destination: Path,
    *,
    variant: str = "",
    class_weights: Tensor | None = None,
) -> None:
    """Whole or not at all. `compact` is written in float16, DeOldify's networks in float32.

    Args:
        network: norms folded, as `Generator.folded` gives it.
        variant: that the colors are decoded for; empty where nobody has chosen yet.
        class_weights: K float, of `compact`, that the classes were trained with.
    """
    metadata = {"architecture": architecture, "variant": variant}
    if class_weights is not None:
        metadata[CLASS_WEIGHTS] = json.dumps(class_weights.tolist())
    if isinstance(network, CompactUNet):
        metadata[ENCODER] = network.encoder.name
    dtype = torch.float16 if architecture == "compact" else torch.float32
    tensors = {
        name: (tensor.to(dtype) if tensor.is_floating_point() else tensor).cpu().contiguous()
        for name, tensor in network.state_dict().items()
    }
    with finished_file(destination) as file:
        save_file(tensors, file.name, {key: value for key, value in metadata.items() if value})


def read_class_weights(path: Path, classes: int) -> Tensor:
    """K float: what a file's classes were trained with; ones where the file does not say."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
    if CLASS_WEIGHTS not in metadata:
        return torch.ones(classes)
    return torch.tensor(json.loads(metadata[CLASS_WEIGHTS]))
