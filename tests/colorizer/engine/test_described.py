"""What people have written into picture files is read; what cameras and damage leave there is not."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.TiffImagePlugin import ImageFileDirectory_v2

from colorizer.engine.imageio.described import description_of
from colorizer.engine.imageio.description import Description
from colorizer.engine.imageio.metadata import Metadata, photoshop_from_iptc
from colorizer.engine.imageio.reading import read_picture
from tests.pictures import GRADIENT, encoded

PHOTO = GRADIENT.resize((40, 30))
EXIF, DATE_TAKEN, DATE_SCANNED, FILE_SOURCE = 0x8769, 0x9003, 0x9004, 0xA300
DESCRIPTION, MODEL, XP_TITLE, XP_KEYWORDS = 0x010E, 0x0110, 0x9C9B, 0x9C9E

Read = Callable[[bytes], Description]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes) -> Description:
        path = tmp_path / "picture"
        path.write_bytes(content)
        is_tiff = content[:2] in (b"II", b"MM")
        return description_of(read_picture(path).metadata, path if is_tiff else None)

    return read


def exif_of(tags: dict[int, Any], inner: dict[int, Any] | None = None) -> Image.Exif:
    exif = Image.Exif()
    exif.update(tags)
    exif.get_ifd(EXIF).update(inner or {})
    return exif


def xmp_of(properties: str) -> bytes:
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
      xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
      xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
      xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
      xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
      xmlns:MP="http://ns.microsoft.com/photo/1.2/"
      xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#"
      xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#">
      <rdf:Description rdf:about="">{properties}</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def bag(*items: str, kind: str = "Bag") -> str:
    return f"<rdf:{kind}>{''.join(f'<rdf:li>{item}</rdf:li>' for item in items)}</rdf:{kind}>"


def in_xmp(properties: str) -> Description:
    return description_of(Metadata(xmp=xmp_of(properties)))


def record(number: int, content: bytes, section: int = 2) -> bytes:
    return struct.pack(">BBBH", 0x1C, section, number, len(content)) + content


def jpeg_with_iptc(iptc: bytes) -> bytes:
    jpeg = encoded(PHOTO, "JPEG")
    segment = photoshop_from_iptc(iptc)
    return jpeg[:2] + b"\xff\xed" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


XMP = xmp_of(
    '<dc:title><rdf:Alt><rdf:li xml:lang="de">Oma</rdf:li>'
    '<rdf:li xml:lang="x-default">Grandmother</rdf:li></rdf:Alt></dc:title>'
    f"<dc:description>{bag('On the pier', kind='Alt')}</dc:description>"
    f"<dc:subject>{bag('sea', 'summer')}</dc:subject>"
    "<photoshop:DateCreated>1932-05</photoshop:DateCreated>"
    "<photoshop:City>Trieste</photoshop:City><photoshop:Country>Italy</photoshop:Country>"
    "<Iptc4xmpCore:Location>Molo Audace</Iptc4xmpCore:Location>"
    f"<Iptc4xmpExt:PersonInImage>{bag('Anna', 'Otto')}</Iptc4xmpExt:PersonInImage>"
)
WHOLE = Description(
    title="Grandmother",
    caption="On the pier",
    date="1932-05",
    place="Molo Audace, Trieste, Italy",
    people=("Anna", "Otto"),
    tags=("sea", "summer"),
)


@pytest.mark.parametrize("format_name", ["JPEG", "PNG", "TIFF", "WebP", "AVIF", "HEIF"])
def test_xmp_is_read_from_every_format_that_has_it(read: Read, format_name: str) -> None:
    options: dict[str, Any] = {"xmp": XMP}
    if format_name == "PNG":
        from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415

        options = {"pnginfo": PngInfo()}
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", XMP.decode())
    if format_name == "TIFF":
        options = {"tiffinfo": ImageFileDirectory_v2()}
        options["tiffinfo"][700] = XMP
        options["tiffinfo"].tagtype[700] = 1
    assert read(encoded(PHOTO.convert("RGB"), format_name, **options)) == WHOLE


def test_exif_is_read(read: Read) -> None:
    exif = exif_of(
        {
            DESCRIPTION: "On the pier",
            XP_TITLE: "Großmutter".encode("utf-16-le"),
            XP_KEYWORDS: "sea;summer".encode("utf-16-le"),
        },
        {DATE_TAKEN: "1932:05:12 00:00:00"},
    )
    found = read(encoded(PHOTO, "JPEG", exif=exif))
    assert found == Description(
        title="Großmutter", caption="On the pier", date="1932-05-12", tags=("sea", "summer")
    )


def test_entries_of_a_tiff_are_read(read: Read) -> None:
    tags = ImageFileDirectory_v2()
    tags[DESCRIPTION] = "On the pier"
    tags[33723] = record(5, b"Grandmother") + record(55, b"19320500")
    tags.tagtype[33723] = 7
    found = read(encoded(PHOTO, "TIFF", tiffinfo=tags))
    assert found == Description(title="Grandmother", caption="On the pier", date="1932-05")


def test_iptc_is_read(read: Read) -> None:
    records = [
        record(5, b"Grandmother"),
        record(120, b"On the pier"),
        record(55, b"19320512"),
        record(25, b"sea"),
        record(25, b"summer"),
        record(90, b"Trieste"),
        record(101, b"Italy"),
    ]
    assert read(jpeg_with_iptc(b"".join(records))) == Description(
        title="Grandmother",
        caption="On the pier",
        date="1932-05-12",
        place="Trieste, Italy",
        tags=("sea", "summer"),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_iptc_and_exif_in_either_encoding(read: Read, encoding: str) -> None:
    name = "Frühling in Köln, 3 €"
    assert read(jpeg_with_iptc(record(5, name.encode(encoding)))).title == name
    exif = exif_of({DESCRIPTION: name.encode(encoding)})
    assert read(encoded(PHOTO, "JPEG", exif=exif)).caption == name


def test_xmp_comes_before_iptc_and_exif() -> None:
    iptc = record(5, b"Older") + record(90, b"Trieste")
    found = description_of(Metadata(xmp=xmp_of("<dc:title>Newer</dc:title>"), iptc=iptc))
    assert (found.title, found.place) == ("Newer", "Trieste")


SCANS = {
    "a print scanner": ({}, {FILE_SOURCE: b"\x02"}),
    "a film scanner": ({}, {FILE_SOURCE: b"\x01"}),
    "its model": ({MODEL: "Perfection V600"}, {}),
}


@pytest.mark.parametrize(("tags", "inner"), SCANS.values(), ids=SCANS)
def test_when_it_was_scanned_is_not_when_it_was_taken(
    read: Read, tags: dict[int, Any], inner: dict[int, Any]
) -> None:
    exif = exif_of(tags, {DATE_TAKEN: "2024:05:12 10:00:00", **inner})
    assert read(encoded(PHOTO, "JPEG", exif=exif)).date == ""


def test_when_it_was_digitized_is_not_when_it_was_taken(read: Read) -> None:
    exif = exif_of({0x0132: "2024:05:12 10:00:00"}, {DATE_SCANNED: "2024:05:12 10:00:00"})
    assert read(encoded(PHOTO, "JPEG", exif=exif)).date == ""


@pytest.mark.parametrize(
    ("written", "known"),
    {
        "1932:05:12 00:00:00": "1932-05-12",
        "1932:05:00 00:00:00": "1932-05",
        "1932:00:00 00:00:00": "1932",
        "0000:00:00 00:00:00": "",
        "    :  :     :  :  ": "",
        "1932": "1932",
        "yesterday": "",
    }.items(),
)
def test_zeros_are_no_dates(read: Read, written: str, known: str) -> None:
    exif = exif_of({}, {DATE_TAKEN: written})
    assert read(encoded(PHOTO, "JPEG", exif=exif)).date == known


@pytest.mark.parametrize(
    "junk",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "SONY DSC",
        "SAMSUNG CAMERA PICTURES",
        "KONICA MINOLTA DIGITAL CAMERA",
        "Exif_JPEG_PICTURE",
        "Created with GIMP",
        "dav",
        "default",
        " ",
        "\0\0",
    ],
)
def test_what_cameras_write_is_no_caption(read: Read, junk: str) -> None:
    assert read(encoded(PHOTO, "JPEG", exif=exif_of({DESCRIPTION: junk}))) == Description()


def test_a_caption_may_speak_of_cameras(read: Read) -> None:
    caption = "Otto with his first digital camera"
    exif = exif_of({DESCRIPTION: caption})
    assert read(encoded(PHOTO, "JPEG", exif=exif)).caption == caption


def test_names_of_faces_are_people() -> None:
    group = (
        '<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag>'
        '<rdf:li><rdf:Description mwg-rs:Name="Anna" mwg-rs:Type="Face"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><mwg-rs:Name>Otto</mwg-rs:Name>'
        "<mwg-rs:Type>Face</mwg-rs:Type></rdf:li>"
        '<rdf:li><rdf:Description mwg-rs:Name="Bello" mwg-rs:Type="Pet"/></rdf:li>'
        "</rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    microsoft = (
        '<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag>'
        '<rdf:li MPReg:PersonDisplayName="Berta"/></rdf:Bag></MPRI:Regions></MP:RegionInfo>'
    )
    assert in_xmp(group).people == ("Anna", "Otto")
    assert in_xmp(microsoft).people == ("Berta",)


def test_a_location_in_parts_is_a_place() -> None:
    parts = "<Iptc4xmpExt:City>Trieste</Iptc4xmpExt:City><Iptc4xmpExt:CountryName>Italy</Iptc4xmpExt:CountryName>"
    item = f'<rdf:Bag><rdf:li rdf:parseType="Resource">{parts}</rdf:li></rdf:Bag>'
    shown = f"<Iptc4xmpExt:LocationShown>{item}</Iptc4xmpExt:LocationShown>"
    assert in_xmp(shown).place == "Trieste, Italy"


def test_texts_are_cleaned_and_cut() -> None:
    title = "  Grand\tmother\u202e\n x" + "y" * 500
    found = in_xmp(f"<dc:title>{title}</dc:title><dc:subject>{bag(*['a', ' a ', ''])}</dc:subject>")
    assert found.title.startswith("Grand mother x")
    assert len(found.title) == 200
    assert found.tags == ("a",)


def test_markup_stays_text() -> None:
    found = in_xmp("<dc:title>&lt;b&gt;bold&lt;/b&gt;</dc:title>")
    assert found.title == "<b>bold</b>"


@pytest.mark.parametrize(
    "inner", ["", "<rdf:li>x</rdf:li>", "<rdf:Bag><rdf:li>x</rdf:li></rdf:Bag>"]
)
def test_elements_in_elements_are_not_read_again_and_again(inner: str) -> None:
    number = 2000
    nested = f"<mwg-rs:Name>{inner}" * number + "</mwg-rs:Name>" * number
    started = time.process_time()
    description_of(Metadata(xmp=xmp_of(nested)))
    # A tenth of a second; read again and again, it would be ten.
    assert time.process_time() - started < 2


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0",
        b"<x",
        BOMB,
        b"<a>" * 5000,
        b"\xff\xfe<",
        b"<?xml version='1.0' encoding='none'?><x/>",
    ],
)
def test_damaged_xmp_says_nothing(packet: bytes) -> None:
    assert description_of(Metadata(xmp=packet)) == Description()


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(content: bytes) -> None:
    metadata = Metadata(exif=b"Exif\0\0" + content, iptc=b"\x1c" + content, xmp=content)
    assert isinstance(description_of(metadata), Description)
