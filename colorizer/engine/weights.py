"""Weights files: how one becomes a network, and how a published one becomes ours."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from colorizer.engine.catalogue import Architecture
from colorizer.engine.errors import WeightsError
from colorizer.engine.files import finished_file
from colorizer.engine.networks.compact import CompactUNet
from colorizer.engine.networks.efficientnet_lite import ENCODERS, EncoderName
from colorizer.engine.variants import Variant

ENCODER: Final = "encoder"
"""In the metadata of `compact`: see CompactUNet. A file that names none has Lite0."""


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
        path: safetensors of any architecture, or a `.pth` as DeOldify publishes it.

    Raises:
        WeightsError: missing or damaged file, unknown architecture, tensors that do not fit.
    """
    variant = None
    if path.suffix.lower() == ".safetensors":
        architecture, variant, network = _read_safetensors(path)
    else:
        architecture, network = _read_published(path)
    if not all(tensor.isfinite().all() for tensor in network.state_dict().values()):
        raise WeightsError(f"The weights {path.name} hold values that are no numbers.")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return LoadedWeights(network, architecture, variant, sha256, name=path.stem)


def convert(source: Path, destination: Path, variant: Variant) -> None:
    """Write a published `.pth` as safetensors: norms folded, float32. All of it or nothing.

    Raises:
        WeightsError: the source cannot be read or does not fit; its keys are named.
        OSError: the destination cannot be written.
    """
    loaded = load_weights(source)
    architecture, network = loaded.architecture, loaded.network
    tensors = {key: tensor.contiguous() for key, tensor in network.state_dict().items()}
    with finished_file(destination) as file:
        save_file(tensors, file.name, {"architecture": architecture, "variant": variant})


def _read_published(path: Path) -> tuple[Architecture, nn.Module]:
    # Here, since only DeOldify's networks need torchvision.
    from colorizer.engine.published import read_published  # noqa: PLC0415

    return read_published(path)


def _read_safetensors(path: Path) -> tuple[Architecture, str | None, nn.Module]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            keys = list(file.keys())
        tensors = {key: _tensor(path, key) for key in keys}
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path.name} cannot be read: {error}") from error
    architecture, variant = metadata.get("architecture"), metadata.get("variant")
    if architecture == "compact":
        return architecture, variant, _compact(tensors, metadata, path.name).eval()
    if architecture in ("deoldify-deep", "deoldify-wide"):
        return architecture, variant, _folded(architecture, tensors, path.name).eval()
    raise WeightsError(f"The weights {path.name} are of no known architecture: {architecture}.")


def _tensor(path: Path, key: str) -> Tensor:
    # Opened for each: what has been read counts as memory for as long as the file is mapped.
    with safe_open(path, framework="pt") as file:
        tensor: Tensor = file.get_tensor(key).clone()
        return tensor


def _folded(architecture: Architecture, tensors: Mapping[str, Tensor], file_name: str) -> nn.Module:
    from colorizer.engine.published import build_folded  # noqa: PLC0415  (as above)

    return build_folded(architecture, tensors, file_name)


def _compact(
    tensors: Mapping[str, Tensor], metadata: Mapping[str, str], file_name: str
) -> nn.Module:
    encoder = metadata.get(ENCODER, "lite0")
    if encoder not in ENCODERS:
        raise WeightsError(f"The weights {file_name} have an unknown encoder: {encoder}.")
    try:
        network = CompactUNet(tensors["chroma_bins"].float(), cast("EncoderName", encoder))
        network.load_state_dict({key: tensor.float() for key, tensor in tensors.items()})
    except (KeyError, RuntimeError) as error:
        raise WeightsError(f"The weights {file_name} do not fit the network: {error}") from error
    return network
