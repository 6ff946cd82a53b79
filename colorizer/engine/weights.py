"""Weights files: how one becomes a network, how a network becomes one, and what foreign ones hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.architectures.registry import ARCHITECTURES, recognized
from colorizer.engine.errors import WeightsError
from colorizer.engine.files import finished_file, sha256_of_file
from colorizer.engine.variants import Variant

MAPPED_BYTES: Final = 32 * 2**20


@dataclass(frozen=True)
class LoadedWeights:
    """A network in float32 and inference mode, and what its file is.

    Attributes:
        variant: that they were made for; None where the file does not say.
        sha256: of the file, 64 hexadecimal digits.
        name: of the file, without its suffix.
    """

    network: nn.Module
    architecture: Architecture
    variant: str | None
    sha256: str
    name: str


def load_weights(path: Path) -> LoadedWeights:
    """Build the network of a weights file.

    Args:
        path: safetensors of any architecture, or a checkpoint (`.pth`) that one of them knows.

    Raises:
        WeightsError: missing or damaged file, unknown architecture, tensors that do not fit.
    """
    if path.suffix.lower() == ".safetensors":
        architecture, variant, network = _read_safetensors(path)
    else:
        variant = None
        architecture, network = _read_checkpoint(path)
    if not all(map(_is_finite, network.state_dict().values())):
        raise WeightsError(f"The weights {path.name} hold values that are no numbers.")
    return LoadedWeights(network, architecture, variant, sha256_of_file(path), name=path.stem)


def _is_finite(tensor: Tensor) -> bool:
    """Its smallest and its largest value tell: one pass, where a mask takes several and memory."""
    return bool(torch.stack(tensor.aminmax()).isfinite().all())


def convert(source: Path, destination: Path, variant: Variant) -> None:
    """Write a checkpoint (`.pth`) as safetensors: norms folded. All of it or nothing.

    Raises:
        WeightsError: the source cannot be read or does not fit; its keys are named.
        OSError: the destination cannot be written.
    """
    loaded = load_weights(source)
    save_weights(loaded.network, loaded.architecture, destination, {"variant": variant})


def save_weights(
    network: nn.Module, architecture: Architecture, destination: Path, metadata: Mapping[str, str]
) -> None:
    """Write a network as safetensors that `load_weights` reads. All of it or nothing.

    Args:
        network: as `Architecture.build` gives it; floating-point tensors are written in the
            architecture's `stored_dtype`.
        metadata: such as the variant; empty values are left out. Name and `metadata_of` are added.

    Raises:
        OSError: the destination cannot be written.
    """
    tensors = {
        key: _stored(tensor, architecture.stored_dtype)
        for key, tensor in network.state_dict().items()
    }
    described = {"architecture": architecture.name, **metadata, **architecture.metadata_of(network)}
    with finished_file(destination) as file:
        save_file(tensors, file.name, {key: value for key, value in described.items() if value})


def _stored(tensor: Tensor, dtype: torch.dtype) -> Tensor:
    return (tensor.to(dtype) if tensor.is_floating_point() else tensor).cpu().contiguous()


def _read_safetensors(path: Path) -> tuple[Architecture, str | None, nn.Module]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            keys = list(file.keys())
        tensors = _tensors(path, keys)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path.name} cannot be read: {error}") from error
    name = metadata.get("architecture")
    if name not in ARCHITECTURES:
        raise WeightsError(f"The weights {path.name} are of no known architecture: {name}.")
    architecture = ARCHITECTURES[name]
    return architecture, metadata.get("variant"), architecture.build(tensors, metadata, path.name)


def _tensors(path: Path, keys: Sequence[str]) -> dict[str, Tensor]:
    """Opened anew after MAPPED_BYTES: what has been read counts as memory for as long as the file is mapped."""
    tensors: dict[str, Tensor] = {}
    left = iter(keys)
    while len(tensors) < len(keys):
        mapped = 0
        with safe_open(path, framework="pt") as file:
            for key in left:
                tensors[key] = file.get_tensor(key).clone()
                mapped += tensors[key].nbytes
                if mapped >= MAPPED_BYTES:
                    break
    return tensors


def _read_checkpoint(path: Path) -> tuple[Architecture, nn.Module]:
    """Of a state dict, bare or under the key `model`; nothing in the file is executed."""
    tensors = _state_dict(path)
    architecture = recognized(tensors.keys())
    if architecture is None:
        raise WeightsError(f"{path.name} does not hold the weights of any known architecture.")
    return architecture, architecture.build_from_checkpoint(tensors, path.name)


def _state_dict(path: Path) -> Mapping[str, Tensor]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise WeightsError(f"The weights {path.name} cannot be read: {error}") from error
    except Exception as error:
        # Torch's unpickler raises whatever a damaged or hostile file leads it to.
        raise WeightsError(
            f"{path.name} cannot be read as a PyTorch weights file: nothing was loaded."
        ) from error
    state = content.get("model", content) if isinstance(content, dict) else None
    if not isinstance(state, dict) or not all(
        isinstance(key, str) and isinstance(value, Tensor) for key, value in state.items()
    ):
        raise WeightsError(f"{path.name} does not hold a state dict.")
    return state
