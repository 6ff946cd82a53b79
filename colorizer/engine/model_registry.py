"""The weights that are known by name: those inside the engine, and DeOldify's checkpoints.

Data only, so that a process without torch may read it. DeOldify's addresses are those of its README
at commit 5f86c28; it states neither sizes nor checksums, so they are None here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from colorizer.engine.variants import Variant

BUNDLED_FOLDER: Final = Path(__file__).parent / "weights"


@dataclass(frozen=True)
class ModelEntry:
    """One weights file.

    Attributes:
        name: what it is called on the command line and in the record of a picture.
        architecture: see architectures/registry.py.
        bytes: size of the file as it is released; None where nobody states it.
        sha256: of that file, 64 hexadecimal digits; None where nobody states it.
        addresses: where it can be fetched, the best first; empty for bundled weights.
    """

    name: str
    variant: Variant
    architecture: str
    file_name: str
    bytes: int | None
    sha256: str | None
    license: str
    addresses: tuple[str, ...] = ()


def _compact(variant: Variant, sha256: str) -> ModelEntry:
    name = f"compact-{variant}"
    return ModelEntry(
        name, variant, "compact", f"{name}.safetensors", 17_281_194, sha256, license="MIT"
    )


def _deoldify(variant: Variant, architecture: str, address: str) -> ModelEntry:
    return ModelEntry(
        name=f"deoldify-{variant}",
        variant=variant,
        architecture=architecture,
        file_name=f"Colorize{variant.title()}_gen.pth",
        bytes=None,
        sha256=None,
        license="MIT",
        addresses=(address,),
    )


BUNDLED: Final = (
    _compact("artistic", "01f7a2bd26cace8d57f4ac143183463252f3968fd04e909382097d9065fd0d53"),
    _compact("stable", "0bae45d3129c8dde0056baa523ba369b6a06b205a5f6e4e090ac2ad0ea3ad47c"),
    _compact("video", "efd97c386bc8dba3d796f301ac535479ba694f91f66224e7d1e2464b45edfe37"),
)
BUNDLED_ARCHITECTURES: Final = frozenset(entry.architecture for entry in BUNDLED)
DEOLDIFY_CHECKPOINTS: Final = (
    _deoldify(
        "artistic",
        "deoldify-deep",
        "https://data.deepai.org/deoldify/ColorizeArtistic_gen.pth",
    ),
    _deoldify(
        "stable",
        "deoldify-wide",
        # dl=1: the file itself; with the dl=0 of the README a browser gets a page about it.
        "https://www.dropbox.com/s/axsd2g85uyixaho/ColorizeStable_gen.pth?dl=1",
    ),
    _deoldify(
        "video",
        "deoldify-wide",
        "https://data.deepai.org/deoldify/ColorizeVideo_gen.pth",
    ),
)


def bundled_weights(variant: Variant) -> Path:
    """The file of a variant's bundled weights."""
    return BUNDLED_FOLDER / f"compact-{variant}.safetensors"
