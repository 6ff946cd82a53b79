"""A file that is to be installed: what it is called, for which variant, and whether it is a known one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.utils.text import slugify
from safetensors import SafetensorError, safe_open

from colorizer.engine.errors import ColorizerError, WeightsError
from colorizer.engine.model_registry import BUNDLED, DEOLDIFY_CHECKPOINTS, ModelEntry
from colorizer.engine.variants import VARIANTS, Variant

LONGEST_NAME = 80


class InstallError(ColorizerError):
    """The weights folder cannot be changed as asked; the message says why and what to do."""


class ChecksumError(InstallError):
    """The file is not the one that is known under this name."""


@dataclass(frozen=True)
class Source:
    """A file to install.

    Attributes:
        origin: the address or the name of the file, for the record.
        entry: the weights of the model registry that it claims to be.
    """

    path: Path
    name: str
    variant: Variant
    origin: str
    entry: ModelEntry | None = None

    @property
    def is_checkpoint(self) -> bool:
        """Rather than one that was converted, here or elsewhere."""
        return self.entry is not None and self.path.name == self.entry.file_name

    @property
    def known_sha256(self) -> str | None:
        return self.entry.sha256 if self.entry else None


def describe(path: Path, variant: Variant | None = None) -> Source:
    """Take name and variant from the model registry, the command line or the file itself, in this order.

    Raises:
        WeightsError: there is no such file.
        InstallError: no variant can be told, or the name is taken by other weights.
    """
    if not path.is_file():
        raise WeightsError(f"There is no file {path}.")
    for entry in DEOLDIFY_CHECKPOINTS:
        if path.name == entry.file_name or path.stem == entry.name:
            return _claimed(path, variant, entry)
    return Source(path, _name(path), variant or _variant_inside(path), path.name)


def _claimed(path: Path, variant: Variant | None, entry: ModelEntry) -> Source:
    if variant not in (None, entry.variant):
        raise InstallError(
            f"{path.name} is the name of weights for the variant {entry.variant}. "
            f"To use it for {variant}, give the file another name."
        )
    return Source(path, entry.name, entry.variant, path.name, entry)


def _name(path: Path) -> str:
    name = slugify(path.stem)[:LONGEST_NAME]
    if not name:
        raise InstallError(f"{path.name} makes no name. Use letters and digits.")
    if name in {entry.name for entry in (*BUNDLED, *DEOLDIFY_CHECKPOINTS)}:
        raise InstallError(f"{name} is the name of other weights. Give the file another name.")
    return name


def _variant_inside(path: Path) -> Variant:
    variant = _metadata(path).get("variant")
    if variant not in VARIANTS:
        raise InstallError(
            f"{path.name} does not say for which variant it is. "
            f"Add --variant and one of {', '.join(VARIANTS)}."
        )
    return variant


def is_safetensors(path: Path) -> bool:
    return path.suffix.lower() == ".safetensors"


def _metadata(path: Path) -> dict[str, str]:
    if not is_safetensors(path):
        return {}
    try:
        with safe_open(path, framework="np") as file:
            return file.metadata() or {}
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path.name} cannot be read: {error}") from error
