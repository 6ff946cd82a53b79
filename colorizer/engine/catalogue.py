"""The weights that are known by name: those in the repository, and DeOldify's published files.

Data only, so that a process without torch may read it. DeOldify's addresses are those of its README
at commit 5f86c28; it states neither sizes nor checksums, so they are None here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from colorizer.engine.variants import Variant

Architecture: TypeAlias = Literal["compact", "deoldify-deep", "deoldify-wide"]

BUNDLED_FOLDER: Final = Path(__file__).parent.parent / "weights"


@dataclass(frozen=True)
class CatalogueEntry:
    """One weights file.

    Attributes:
        name: what it is called on the command line and in the record of a picture.
        bytes: size of the file as published; None where nobody states it.
        sha256: of the file as published, 64 hexadecimal digits; None where nobody states it.
        addresses: where it can be fetched, the best first; empty for bundled weights.
    """

    name: str
    variant: Variant
    architecture: Architecture
    file_name: str
    bytes: int | None
    sha256: str | None
    licence: str
    addresses: tuple[str, ...] = ()


def _compact(variant: Variant, sha256: str) -> CatalogueEntry:
    name = f"compact-{variant}"
    return CatalogueEntry(
        name, variant, "compact", f"{name}.safetensors", 9_587_858, sha256, licence="MIT"
    )


def _deoldify(variant: Variant, architecture: Architecture, address: str) -> CatalogueEntry:
    return CatalogueEntry(
        name=f"deoldify-{variant}",
        variant=variant,
        architecture=architecture,
        file_name=f"Colorize{variant.title()}_gen.pth",
        bytes=None,
        sha256=None,
        licence="MIT",
        addresses=(address,),
    )


BUNDLED: Final = (
    _compact("artistic", "58900ca849c578d18f20d7d01fbb91e47f7c295b891abc819cb4bcb884263980"),
    _compact("stable", "bfb2c5bd1e1a5b7b6fb456d47076908d577eef44e1c55c4273e33fa52ced70ac"),
    _compact("video", "56c09769ea079cc806a0da6585f091fd939b005457cc1bcc62fb2331b5ce7674"),
)
PUBLISHED: Final = (
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
    return BUNDLED_FOLDER / f"compact-{variant}.safetensors"
