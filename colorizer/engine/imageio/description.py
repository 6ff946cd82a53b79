"""What people have written about a picture into its file: as EXIF, IPTC and XMP have it, and as XMP.

Knows neither torch nor libvips.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from xml.etree.ElementTree import Element

from colorizer.engine.errors import ColorizerError
from colorizer.engine.imageio.provenance import DIGITAL_SOURCE_TYPE, SOURCE_TYPE
from colorizer.engine.imageio.xmp import (
    ABOUT,
    DESCRIPTION,
    MAX_PACKET_BYTES,
    add_list,
    descriptions_in,
    others_in,
    packet_of,
    qualified,
    values_of,
)

TITLE: Final = qualified("dc", "title")
CAPTION: Final = qualified("dc", "description")
KEYWORDS: Final = qualified("dc", "subject")
HEADLINE: Final = qualified("photoshop", "Headline")
DATE_CREATED: Final = qualified("photoshop", "DateCreated")
DATE_TAKEN: Final = qualified("tintype", "DateTaken")
PEOPLE: Final = qualified("Iptc4xmpExt", "PersonInImage")
# From the smallest to the largest.
PLACE_PARTS: Final = (
    qualified("Iptc4xmpCore", "Location"),
    qualified("photoshop", "City"),
    qualified("photoshop", "State"),
    qualified("photoshop", "Country"),
)
LOCATIONS: Final = tuple(
    qualified("Iptc4xmpExt", name) for name in ("LocationCreated", "LocationShown")
)
LOCATION_PARTS: Final = tuple(
    qualified("Iptc4xmpExt", name)
    for name in ("Sublocation", "City", "ProvinceState", "CountryName")
)
FACE_NAME: Final = qualified("mwg-rs", "Name")
FACE_TYPE: Final = qualified("mwg-rs", "Type")
MICROSOFT_FACE_NAME: Final = qualified("MPReg", "PersonDisplayName")
REPLACED: Final = {
    TITLE,
    CAPTION,
    KEYWORDS,
    DATE_CREATED,
    DATE_TAKEN,
    PEOPLE,
    *PLACE_PARTS,
    *LOCATIONS,
    SOURCE_TYPE,
    qualified("xmpNote", "HasExtendedXMP"),
}
# What XMP can say of a date; "about 1932" is none of it.
XMP_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
# What XML 1.0 cannot hold.
NOT_IN_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Description:
    """Empty where nothing is said.

    Attributes:
        date: when it was taken, in EDTF (ISO 8601-2): 1932-05-12, 1932-05, 1932, 1932~, 193X or
            1914/1918.
        place: in words, from the smallest to the largest.
    """

    title: str = ""
    caption: str = ""
    date: str = ""
    place: str = ""
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def completed_by(self, other: Description) -> Description:
        """What is missing here is taken from the other."""
        missing = {name: value for name, value in vars(other).items() if not getattr(self, name)}
        return replace(self, **missing)


class TooMuchToEmbedError(ColorizerError):
    """A description is longer than what a file can hold."""


def described_packet(description: Description, packet: bytes, *, is_colorized: bool) -> bytes:
    """An XMP packet that says it.

    Args:
        packet: of the file so far, or b"". What else is in it is kept, as long as there is room.
        is_colorized: say that the colors were made by a machine.

    Raises:
        TooMuchToEmbedError: even alone it is too long for a JPEG.
    """
    ours = _element_of(description, is_colorized=is_colorized)
    try:
        merged = packet_of([*_others(packet, is_colorized=is_colorized), ours])
    except RecursionError:  # elements nested deeper than anybody's
        merged = packet_of([ours])
    if len(merged) > MAX_PACKET_BYTES:
        merged = packet_of([ours])
    if len(merged) > MAX_PACKET_BYTES:
        raise TooMuchToEmbedError("The details are too long for the file.")
    return merged


def sidecar_packet(description: Description) -> bytes:
    """A packet for a file of its own, in which there is room for all of it."""
    return packet_of([_element_of(description, is_colorized=False)])


def _others(packet: bytes, *, is_colorized: bool) -> list[Element]:
    replaced = REPLACED if is_colorized else REPLACED - {SOURCE_TYPE}
    return others_in(packet, replaced.__contains__) if packet else []


def _element_of(description: Description, *, is_colorized: bool) -> Element:
    element = Element(DESCRIPTION, {ABOUT: ""})
    if is_colorized:
        element.set(SOURCE_TYPE, DIGITAL_SOURCE_TYPE)
    if description.date:
        element.set(DATE_TAKEN, description.date)
    if XMP_DATE.fullmatch(description.date):
        element.set(DATE_CREATED, description.date)
    if description.place:
        element.set(PLACE_PARTS[0], _for_xml(description.place))
    for name, kind, values in (
        (TITLE, "Alt", [description.title]),
        (CAPTION, "Alt", [description.caption]),
        (PEOPLE, "Bag", description.people),
        (KEYWORDS, "Bag", description.tags),
    ):
        if items := list(filter(None, map(_for_xml, values))):
            add_list(element, name, kind, items)
    return element


def _for_xml(text: str) -> str:
    return NOT_IN_XML.sub("", text)


def described_in_xmp(packet: bytes) -> Description:
    """What a packet says. Nothing of it is cleaned yet."""
    found = descriptions_in(packet)
    return Description(
        title=_first(found, TITLE, HEADLINE),
        caption=_first(found, CAPTION),
        date=_first(found, DATE_TAKEN, DATE_CREATED),
        place=_place(found),
        people=tuple(_all(found, PEOPLE) or _faces(found)),
        tags=tuple(_all(found, KEYWORDS)),
    )


def _all(descriptions: Iterable[Element], name: str) -> list[str]:
    return [value for each in descriptions for value in values_of(each, name)]


def _first(descriptions: list[Element], *names: str) -> str:
    values = (value for name in names for value in _all(descriptions, name))
    return next((value for value in values if value.strip()), "")


def _place(descriptions: list[Element]) -> str:
    if flat := joined(_first(descriptions, name) for name in PLACE_PARTS):
        return flat
    for name in LOCATIONS:
        inner = [
            part for each in descriptions for found in each.findall(name) for part in found.iter()
        ]
        if structured := joined(_first(inner, part) for part in LOCATION_PARTS):
            return structured
    return ""


def joined(parts: Iterable[str]) -> str:
    """The parts of a place in one line, none of them twice."""
    return ", ".join(dict.fromkeys(filter(None, (part.strip() for part in parts))))


def _faces(descriptions: list[Element]) -> list[str]:
    """Names of faces that programs have found: of the Metadata Working Group, and Microsoft's."""
    elements = [element for each in descriptions for element in each.iter()]
    marked = [each for each in elements if _is_face(each)]
    return [*_all(marked, FACE_NAME), *_all(elements, MICROSOFT_FACE_NAME)]


def _is_face(element: Element) -> bool:
    return all(kind == "Face" for kind in values_of(element, FACE_TYPE))
