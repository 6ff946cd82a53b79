"""Weights files: which ones come bundled, and how one becomes a network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open

from colorizer.engine.errors import WeightsError
from colorizer.engine.networks.compact import CompactUNet


@dataclass(frozen=True)
class LoadedWeights:
    network: CompactUNet
    sha256: str
    name: str


def load_weights(path: Path) -> LoadedWeights:
    """Build the network that a safetensors file describes, in float32 and inference mode.

    Raises:
        WeightsError: missing or damaged file, another architecture, tensors that do not fit.
    """
    try:
        with safe_open(path, framework="pt") as file:
            architecture = (file.metadata() or {}).get("architecture")
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path.name} cannot be read: {error}") from error
    if architecture != "compact":
        raise WeightsError(f"The weights {path.name} are of no known architecture: {architecture}.")
    try:
        network = CompactUNet(tensors["chroma_bins"])
        network.load_state_dict(tensors)
    except (KeyError, RuntimeError) as error:
        raise WeightsError(f"The weights {path.name} do not fit the network: {error}") from error
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return LoadedWeights(network.eval(), sha256, name=path.stem)
