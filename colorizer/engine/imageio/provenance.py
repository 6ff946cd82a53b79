"""What a result says of how it was made: an XMP packet (ISO 16684-1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

# "Algorithmically-altered media" in IPTC's Digital Source Type NewsCodes. The terms for trained
# models mean generated content; here every pixel keeps its luma.
DIGITAL_SOURCE_TYPE: Final = (
    "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
)

NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "tintype": "urn:tintype:provenance:1.0:",
}
PACKET_HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
PACKET_TAIL: Final = '\n<?xpacket end="w"?>'
# What one segment of a JPEG holds.
MAX_PACKET_BYTES: Final = 65_000


@dataclass(frozen=True)
class Provenance:
    """Who made a result, and with what.

    Attributes:
        program: and `version`: what made the result, for example "Tintype" and "0.1.0".
        variant: None where a weights file was used directly.
    """

    program: str
    version: str
    variant: str | None
    weights_name: str
    weights_sha256: str
    render_factor: int

    def properties(self) -> dict[str, str]:
        """XMP properties by qualified name."""
        named = {
            _name("Iptc4xmpExt", "DigitalSourceType"): DIGITAL_SOURCE_TYPE,
            _name("xmp", "CreatorTool"): f"{self.program} {self.version}",
            _name("tintype", "WeightsName"): self.weights_name,
            _name("tintype", "WeightsSHA256"): self.weights_sha256,
            _name("tintype", "RenderFactor"): str(self.render_factor),
        }
        if self.variant:
            named[_name("tintype", "Variant")] = self.variant
        return named


def xmp_packet(provenance: Provenance, original: bytes | None = None) -> bytes:
    """An XMP packet in UTF-8.

    Args:
        original: the source's packet, whose other properties are to be kept. One that is damaged,
            or too large for a JPEG together with ours, is left out.
    """
    try:
        merged = _packet(provenance, _descriptions(original) if original else [])
    except RecursionError:  # elements nested deeper than anybody's
        return _packet(provenance, [])
    return merged if len(merged) <= MAX_PACKET_BYTES else _packet(provenance, [])


def _packet(provenance: Provenance, others: list[Element]) -> bytes:
    for prefix, address in NAMESPACES.items():
        register_namespace(prefix, address)
    meta = Element(_name("x", "xmpmeta"))
    rdf = SubElement(meta, _name("rdf", "RDF"))
    rdf.extend(others)
    ours = {_name("rdf", "about"): "", **provenance.properties()}
    SubElement(rdf, _name("rdf", "Description"), ours)
    return (PACKET_HEAD + tostring(meta, encoding="unicode") + PACKET_TAIL).encode()


def _descriptions(packet: bytes) -> list[Element]:
    """The descriptions of a packet without what we say ourselves and what holds no longer."""
    try:
        rdf = fromstring(packet.strip(b"\0 \r\n\t")).find(_name("rdf", "RDF"))
    except (ParseError, DefusedXmlException, ValueError):
        return []
    descriptions = [] if rdf is None else rdf.findall(_name("rdf", "Description"))
    for description in descriptions:
        for name in filter(_is_replaced, list(description.attrib)):
            del description.attrib[name]
        for child in [child for child in description if _is_replaced(child.tag)]:
            description.remove(child)
    return descriptions


def _is_replaced(name: str) -> bool:
    return name in REPLACED or name.startswith(f"{{{NAMESPACES['tintype']}}}")


def _name(prefix: str, name: str) -> str:
    return f"{{{NAMESPACES[prefix]}}}{name}"


REPLACED: Final = {
    _name("Iptc4xmpExt", "DigitalSourceType"),
    _name("xmp", "CreatorTool"),
    _name("xmp", "Thumbnails"),
    _name("tiff", "Orientation"),
    _name("xmpNote", "HasExtendedXMP"),
}
