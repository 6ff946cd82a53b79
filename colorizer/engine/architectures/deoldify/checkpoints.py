"""DeOldify's tensors fitted into its networks, whole: from its own checkpoints and from our files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import torch
from torch import Tensor

from colorizer.engine.architectures.deoldify.network import DEEP, WIDE, DeOldifyUNet, fold_norms
from colorizer.engine.errors import WeightsError

LAYOUTS: Final = {"deoldify-deep": DEEP, "deoldify-wide": WIDE}
NAMED_KEYS: Final = 5


def build_from_checkpoint(
    architecture: str, tensors: Mapping[str, Tensor], file_name: str
) -> DeOldifyUNet:
    """The generator of a checkpoint as DeOldify saves it: norms folded, float32, inference mode.

    Raises:
        WeightsError: keys or shapes that do not fit; they are named.
    """
    network = _empty_network(architecture)
    _fit(network, tensors, file_name, architecture)
    fold_norms(network)
    return network.eval()


def build_folded(architecture: str, tensors: Mapping[str, Tensor], file_name: str) -> DeOldifyUNet:
    """The generator of tensors whose norms were folded when they were saved, in inference mode.

    Raises:
        WeightsError: keys or shapes that do not fit; they are named.
    """
    network = _empty_network(architecture)
    fold_norms(network)
    _fit(network, tensors, file_name, architecture)
    return network.eval()


def _empty_network(architecture: str) -> DeOldifyUNet:
    """In the layout of the checkpoints, without memory for its values: they are assigned."""
    with torch.device("meta"):
        return DeOldifyUNet(LAYOUTS[architecture])


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
