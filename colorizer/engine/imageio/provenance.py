"""What a result says of how it was made, in XMP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from colorizer.engine.imageio.xmp import (
    MAX_PACKET_BYTES,
    NAMESPACES,
    others_in,
    packet_of,
    qualified,
    simple,
)

PROGRAM: Final = "Tintype"

# "Algorithmically-altered media" in IPTC's Digital Source Type NewsCodes. The terms for trained
# models mean generated content; here every pixel keeps its luma.
DIGITAL_SOURCE_TYPE: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
)
SOURCE_TYPE: Final = qualified("Iptc4xmpExt", "DigitalSourceType")


@dataclass(frozen=True)
class Provenance:
    """Who made a result, and with what.

    Attributes:
        program: and `version`: what made the result, for example "Tintype" and "0.1.0".
        variant: None where a weights file was used directly.
        hints: how many a person gave.
        has_reference: whether it has the colors of another photo.
    """

    program: str
    version: str
    variant: str | None
    weights_name: str
    weights_sha256: str
    render_factor: int
    hints: int = 0
    has_reference: bool = False

    def properties(self) -> dict[str, str]:
        """XMP properties by qualified name."""
        named = {
            SOURCE_TYPE: DIGITAL_SOURCE_TYPE,
            qualified("xmp", "CreatorTool"): f"{self.program} {self.version}",
            qualified("tintype", "WeightsName"): self.weights_name,
            qualified("tintype", "WeightsSHA256"): self.weights_sha256,
            qualified("tintype", "RenderFactor"): str(self.render_factor),
        }
        if self.variant:
            named[qualified("tintype", "Variant")] = self.variant
        if self.hints:
            named[qualified("tintype", "Hints")] = str(self.hints)
        if self.has_reference:
            named[qualified("tintype", "HasReference")] = "True"
        return named


def xmp_packet(provenance: Provenance, original: bytes | None = None) -> bytes:
    """An XMP packet in UTF-8.

    Args:
        original: the source's packet, whose other properties are to be kept. One that is damaged,
            or too large for a JPEG together with ours, is left out.
    """
    ours = simple(provenance.properties())
    try:
        others = others_in(original, _is_replaced) if original else []
        merged = packet_of([*others, ours])
    except RecursionError:  # elements nested deeper than anybody's
        return packet_of([ours])
    return merged if len(merged) <= MAX_PACKET_BYTES else packet_of([ours])


def _is_replaced(name: str) -> bool:
    return name in REPLACED or name.startswith(f"{{{NAMESPACES['tintype']}}}")


REPLACED: Final = {
    SOURCE_TYPE,
    qualified("xmp", "CreatorTool"),
    qualified("xmp", "Thumbnails"),
    qualified("tiff", "Orientation"),
    qualified("xmpNote", "HasExtendedXMP"),
}
