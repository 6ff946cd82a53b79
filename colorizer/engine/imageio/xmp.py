"""XMP packets (ISO 16684-1): what is in them, and new ones. Whoever wrote a file is not trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final
from xml.etree.ElementTree import Element, ParseError, SubElement, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACES: Final = {
    "x": "adobe:ns:meta/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "tintype": "urn:tintype:provenance:1.0:",
}
LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
DEFAULT_LANGUAGE: Final = "x-default"
PACKET_HEAD: Final = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
PACKET_TAIL: Final = '\n<?xpacket end="w"?>'
# What one segment of a JPEG holds.
MAX_PACKET_BYTES: Final = 65_000


def qualified(prefix: str, name: str) -> str:
    """A name as ElementTree has it."""
    return f"{{{NAMESPACES[prefix]}}}{name}"


ABOUT: Final = qualified("rdf", "about")
RDF: Final = qualified("rdf", "RDF")
DESCRIPTION: Final = qualified("rdf", "Description")
ITEM: Final = qualified("rdf", "li")


def descriptions_in(packet: bytes) -> list[Element]:
    """The descriptions of a packet; none of one that is damaged."""
    try:
        root = fromstring(packet.strip(b"\0 \r\n\t"))
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return []
    rdf = root if root.tag == RDF else root.find(RDF)
    return [] if rdf is None else rdf.findall(DESCRIPTION)


def others_in(packet: bytes, is_replaced: Callable[[str], bool]) -> list[Element]:
    """The descriptions of a packet without the properties that are written anew."""
    descriptions = descriptions_in(packet)
    for description in descriptions:
        for name in filter(is_replaced, list(description.attrib)):
            del description.attrib[name]
        for child in [child for child in description if is_replaced(child.tag)]:
            description.remove(child)
    return [each for each in descriptions if len(each) or set(each.attrib) - {ABOUT}]


def packet_of(descriptions: Iterable[Element]) -> bytes:
    """A packet in UTF-8."""
    for prefix, address in NAMESPACES.items():
        register_namespace(prefix, address)
    meta = Element(qualified("x", "xmpmeta"))
    SubElement(meta, RDF).extend(descriptions)
    return (PACKET_HEAD + tostring(meta, encoding="unicode") + PACKET_TAIL).encode()


def simple(properties: dict[str, str]) -> Element:
    """A description of properties that are texts."""
    return Element(DESCRIPTION, {ABOUT: "", **properties})


def add_list(description: Element, name: str, kind: str, items: Iterable[str]) -> None:
    """Add a property that is a list. Args: kind: Bag, Seq, or Alt for one text in languages."""
    holder = SubElement(SubElement(description, name), qualified("rdf", kind))
    attributes = {LANGUAGE: DEFAULT_LANGUAGE} if kind == "Alt" else {}
    for item in items:
        SubElement(holder, ITEM, attributes).text = item


def values_of(description: Element, name: str) -> list[str]:
    """The texts of a property: an attribute, an element or a list; the default language first."""
    if name in description.attrib:
        return [description.attrib[name]]
    found: list[str] = []
    for child in description.findall(name):
        # Not whatever is in it: elements in elements would be read again and again.
        items = [item for holder in child for item in holder.findall(ITEM)]
        items.sort(key=lambda item: item.get(LANGUAGE) != DEFAULT_LANGUAGE)
        found += [item.text or "" for item in items] if items else [child.text or ""]
    return found
