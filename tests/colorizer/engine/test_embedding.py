"""Details go into copies of picture files; pixels and all else stay as they are."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from colorizer.engine.imageio.described import description_of
from colorizer.engine.imageio.description import (
    Description,
    TooMuchToEmbedError,
    described_packet,
)
from colorizer.engine.imageio.embedding import NotEmbeddableError, embed_xmp
from colorizer.engine.imageio.provenance import DIGITAL_SOURCE_TYPE
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.imageio.vips import pyvips
from tests.pictures import GRADIENT, encoded

DETAILS = Description(
    title="Grandmother & <Otto>",
    caption="On the pier\nin Trieste",
    date="1932-05",
    place="Trieste, Italy",
    people=("Anna", "奥托"),
    tags=("sea", "summer"),
)
GRAY, COLOR = GRADIENT.resize((61, 47)), GRADIENT.resize((61, 47)).convert("RGB")
TRANSPARENT = Image.merge("RGBA", [*COLOR.split(), GRAY])
OLD = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:rights="Anna Berger"'
    b' xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:City="Vienna">'
    b"<dc:title>Old title</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)


def png_text(packet: bytes, **options: Any) -> PngInfo:
    text = PngInfo()
    text.add_itxt("XML:com.adobe.xmp", packet.decode(), **options)
    return text


EXIF = Image.Exif()
EXIF[0x010E] = "kept"
FILES = {
    "gray.jpg": encoded(GRAY, "JPEG"),
    "described.jpg": encoded(COLOR, "JPEG", xmp=OLD, exif=EXIF, dpi=(300, 300)),
    "progressive.jpg": encoded(COLOR, "JPEG", progressive=True, comment=b"kept"),
    "gray.png": encoded(GRAY, "PNG"),
    "described.png": encoded(TRANSPARENT, "PNG", pnginfo=png_text(OLD)),
    "compressed.png": encoded(COLOR, "PNG", pnginfo=png_text(OLD, zip=True)),
    "lossy.webp": encoded(COLOR, "WebP"),
    "lossless.webp": encoded(COLOR, "WebP", lossless=True),
    "transparent.webp": encoded(TRANSPARENT, "WebP", lossless=True),
    "lossy-transparent.webp": encoded(TRANSPARENT, "WebP"),
    "described.webp": encoded(COLOR, "WebP", xmp=OLD, exif=EXIF),
    "gray.tif": encoded(GRAY, "TIFF"),
    "color.tif": encoded(COLOR, "TIFF", compression="tiff_lzw"),
    "big.tif": encoded(COLOR, "TIFF", big_tiff=True),
}
DESCRIBED = [name for name in FILES if name.startswith(("described", "compressed"))]


def embed(folder: Path, content: bytes, *, is_colorized: bool = False) -> Path:
    source, target = folder / "source", folder / "target"
    source.write_bytes(content)
    rewrite = partial(described_packet, DETAILS, is_colorized=is_colorized)
    embed_xmp(source, target, rewrite)
    return target


def said_by(path: Path) -> Description:
    is_tiff = path.read_bytes()[:2] in (b"II", b"MM")
    return description_of(read_picture(path).metadata, path if is_tiff else None)


@pytest.mark.parametrize("name", FILES)
def test_they_are_read_again_and_no_pixel_is_changed(tmp_path: Path, name: str) -> None:
    target = embed(tmp_path, FILES[name])
    assert said_by(target) == DETAILS
    with Image.open(tmp_path / "source") as before, Image.open(target) as after:
        assert np.array_equal(np.asarray(before), np.asarray(after))
        assert after.getxmp()["xmpmeta"]["RDF"]["Description"]
    pixels = [
        pyvips.Image.new_from_file(str(path)).numpy() for path in (tmp_path / "source", target)
    ]
    assert np.array_equal(*pixels)


@pytest.mark.parametrize("name", DESCRIBED)
def test_what_a_file_said_besides_is_kept(tmp_path: Path, name: str) -> None:
    content = embed(tmp_path, FILES[name]).read_bytes()
    assert b"Anna Berger" in content
    assert b"Old title" not in content
    assert b"Vienna" not in content
    if not name.endswith("png"):
        assert b"kept" in content


@pytest.mark.parametrize("name", FILES)
def test_written_twice_they_stand_there_once(tmp_path: Path, name: str) -> None:
    once = embed(tmp_path, FILES[name]).read_bytes()
    twice = embed(tmp_path, once).read_bytes()
    if "tif" not in name:  # a TIFF keeps the old directory as bytes that nothing refers to
        assert twice == once
    assert said_by(tmp_path / "target") == DETAILS


def test_a_packet_behind_the_pixels_is_replaced(tmp_path: Path) -> None:
    png = FILES["described.png"]
    start = png.index(b"iTXt") - 4
    size = int.from_bytes(png[start : start + 4], "big") + 12
    end = png.index(b"IEND") - 4
    moved = png[:start] + png[start + size : end] + png[start : start + size] + png[end:]
    content = embed(tmp_path, moved).read_bytes()
    assert b"Old title" not in content
    assert said_by(tmp_path / "target") == DETAILS


def test_of_a_result_is_said_that_its_colors_were_made(tmp_path: Path) -> None:
    of_result = embed(tmp_path, FILES["gray.jpg"], is_colorized=True).read_bytes()
    assert DIGITAL_SOURCE_TYPE.encode() in of_result
    assert DIGITAL_SOURCE_TYPE.encode() not in embed(tmp_path, FILES["gray.jpg"]).read_bytes()


def test_a_date_that_xmp_cannot_say_is_not_made_exact() -> None:
    packet = described_packet(Description(date="1932~"), b"", is_colorized=False)
    assert b"DateCreated" not in packet
    assert description_of_packet(packet).date == "1932~"


def description_of_packet(packet: bytes) -> Description:
    from colorizer.engine.imageio.metadata import Metadata  # noqa: PLC0415

    return description_of(Metadata(xmp=packet))


def test_what_xml_cannot_hold_is_left_out() -> None:
    packet = described_packet(Description(title="a\x01b\ufffe"), b"", is_colorized=False)
    assert description_of_packet(packet).title == "ab"


def test_a_damaged_packet_is_replaced(tmp_path: Path) -> None:
    content = embed(tmp_path, encoded(COLOR, "JPEG", xmp=b"<x:xmp")).read_bytes()
    assert b"<x:xmp<" not in content
    assert said_by(tmp_path / "target") == DETAILS


def test_more_than_a_file_holds_is_refused() -> None:
    long = Description(tags=tuple(f"{number:0100}" for number in range(1000)))
    with pytest.raises(TooMuchToEmbedError):
        described_packet(long, b"", is_colorized=False)


@pytest.mark.parametrize("format_name", ["GIF", "BMP", "AVIF", "HEIF"])
def test_other_formats_are_refused(tmp_path: Path, format_name: str) -> None:
    with pytest.raises(NotEmbeddableError):
        embed(tmp_path, encoded(COLOR, format_name))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("size", [20, 60])
def test_a_file_without_its_end_is_no_trouble(tmp_path: Path, name: str, size: int) -> None:
    with suppress(NotEmbeddableError):
        embed(tmp_path, FILES[name][:size])
