"""DeOldify's published weight files: read safely, recognized by their keys, fitted whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from colorizer.engine.catalogue import Architecture
from colorizer.engine.errors import WeightsError
from colorizer.engine.networks.deoldify import DEEP, WIDE, DeOldifyUNet, fold_norms

LAYOUTS: Final = {"deoldify-deep": DEEP, "deoldify-wide": WIDE}
KEY_OF_BOTTLENECKS = "layers.0.4.0.conv3.weight"
"""Of all ResNets only those with bottlenecks, such as ResNet101, have it."""
KEY_OF_DEOLDIFY = "layers.0.0.weight"
NAMED_KEYS = 5


def read_published(path: Path) -> tuple[Architecture, DeOldifyUNet]:
    """Build the generator of a `.pth` as DeOldify saves it, norms folded, float32, inference mode.

    The file holds a state dict, bare or under the key `model`; nothing in it is executed.

    Raises:
        WeightsError: unreadable, not DeOldify's, or keys or shapes that do not fit; they are named.
    """
    tensors = _state_dict(path)
    if KEY_OF_DEOLDIFY not in tensors:
        raise WeightsError(f"{path.name} does not hold the weights of a DeOldify generator.")
    architecture = _architecture_of(tensors)
    network = _empty_network(architecture)
    _fit(network, tensors, path.name, architecture)
    fold_norms(network)
    return architecture, network.eval()


def build_folded(
    architecture: Architecture, tensors: Mapping[str, Tensor], file_name: str
) -> DeOldifyUNet:
    """Build a generator from tensors whose norms were folded when they were saved.

    Raises:
        WeightsError: keys or shapes that do not fit; they are named.
    """
    network = _empty_network(architecture)
    fold_norms(network)
    _fit(network, tensors, file_name, architecture)
    return network


def _empty_network(architecture: Architecture) -> DeOldifyUNet:
    """In the published layout, without memory for its values: they are assigned."""
    with torch.device("meta"):
        return DeOldifyUNet(LAYOUTS[architecture])


def _architecture_of(tensors: Mapping[str, Tensor]) -> Architecture:
    return "deoldify-wide" if KEY_OF_BOTTLENECKS in tensors else "deoldify-deep"


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


def _fit(
    network: torch.nn.Module, tensors: Mapping[str, Tensor], file_name: str, architecture: str
) -> None:
    """Assign every tensor to its place in the network.

    Raises:
        WeightsError: missing or surplus keys, or other shapes or types, each named.
    """
    expected = network.state_dict()
    problems = [
        _listed("missing", expected.keys() - tensors.keys()),
        _listed("unknown", tensors.keys() - expected.keys()),
        _listed(
            "of another shape or type",
            {
                key
                for key in expected.keys() & tensors.keys()
                if (tensors[key].shape, tensors[key].dtype)
                != (expected[key].shape, expected[key].dtype)
            },
        ),
    ]
    if found := "; ".join(filter(None, problems)):
        raise WeightsError(f"{file_name} does not fit {architecture}: {found}.")
    network.load_state_dict(tensors, assign=True)


def _listed(problem: str, keys: set[str]) -> str:
    if not keys:
        return ""
    named = ", ".join(sorted(keys)[:NAMED_KEYS])
    more = f" and {len(keys) - NAMED_KEYS} more" if len(keys) > NAMED_KEYS else ""
    return f"{len(keys)} {problem}: {named}{more}"
