"""Writing: results come back as they were, say how they were made, and are whole or not there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from PIL.ExifTags import GPS, Base

from colorizer.engine.color import luma_of
from colorizer.engine.errors import UnsupportedFormatError
from colorizer.engine.imageio.formats import SUFFIXES, SaveOptions, bits_of_result
from colorizer.engine.imageio.metadata import Metadata
from colorizer.engine.imageio.provenance import Provenance, xmp_packet
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.imageio.writing import write_picture
from colorizer.engine.imageio.xmp import NAMESPACES
from tests.pictures import GRADIENT, encoded

PROVENANCE = Provenance("Tintype", "1.2", "artistic", 'compact <&"> Ä', "ab" * 32, 20)
ROWS, COLUMNS = np.mgrid[0:120, 0:160]
PIXELS = np.stack([COLUMNS * 255 // 159, ROWS * 255 // 119, (ROWS + COLUMNS) * 255 // 278], -1)
PIXELS = PIXELS.astype(np.uint8)
ALPHA = (COLUMNS * 255 // 159).astype(np.uint8)
CARRIES_XMP = [suffix for suffix, known in SUFFIXES.items() if known.carries_xmp]
DESCRIPTION = f"{{{NAMESPACES['rdf']}}}Description"


def write(
    path: Path,
    pixels: NDArray[Any] = PIXELS,
    alpha: NDArray[Any] | None = None,
    metadata: Metadata | None = None,
    **options: Any,
) -> Path:
    saved = SaveOptions(**options)
    write_picture(pixels.copy(), alpha, path, saved, PROVENANCE, metadata or Metadata())
    return path


def xmp_properties(path: Path) -> dict[str, str]:
    packet = read_picture(path).metadata.xmp
    assert packet is not None
    found: dict[str, str] = {}
    for description in fromstring(packet).iter(DESCRIPTION):
        found |= description.attrib
        found |= {child.tag: child.text or "" for child in description}
    return found


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("alpha", [None, ALPHA], ids=["opaque", "alpha"])
def test_what_is_written_comes_back(
    tmp_path: Path, suffix: str, bits: int, alpha: NDArray[Any] | None
) -> None:
    known = SUFFIXES[suffix]
    wide = np.uint16(257) if bits == 16 else np.uint8(1)
    path = write(
        tmp_path / f"result{suffix}", PIXELS * wide, None if alpha is None else alpha * wide
    )
    picture = read_picture(path)
    full = np.iinfo(picture.pixels.dtype).max
    error = np.abs(picture.pixels / full - PIXELS / 255).mean() * 255
    assert picture.pixels.dtype == (np.uint16 if bits == 16 and known.has_16_bits else np.uint8)
    assert error <= (5 if known.is_lossy or known.name == "GIF" else 0)
    assert (picture.alpha is not None) == (alpha is not None and known.has_alpha)
    if picture.alpha is not None:
        assert np.abs(picture.alpha / full - ALPHA / 255).max() < 1.5 / 255


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_stay_exact(tmp_path: Path, suffix: str) -> None:
    wide = np.random.default_rng(1).integers(0, 65536, (30, 40, 3), dtype=np.uint16)
    assert np.array_equal(read_picture(write(tmp_path / f"wide{suffix}", wide)).pixels, wide)


def test_the_luma_of_sixteen_bit_gray_survives(tmp_path: Path) -> None:
    ramp = np.linspace(0, 65535, 100 * 40).astype(np.uint16).reshape(40, 100)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    luma = luma_of(read_picture(tmp_path / "ramp.png").pixels)
    result = write(tmp_path / "result.png", np.repeat(luma[..., None], 3, axis=2))
    written = luma_of(read_picture(result).pixels)
    assert np.abs(written.astype(int) - ramp).max() <= 1


@pytest.mark.parametrize(
    ("name", "bits", "source_bits", "expected"),
    [
        ("a.png", None, 16, 16),
        ("a.png", None, 8, 8),
        ("a.png", 16, 8, 16),
        ("a.png", 8, 16, 8),
        ("a.jpg", None, 16, 8),
    ],
)
def test_bits_of_the_result(name: str, bits: Any, source_bits: Any, expected: int) -> None:
    assert bits_of_result(Path(name), SaveOptions(bits=bits), source_bits) == expected


def test_bits_are_converted_when_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "wide.png", bits=16)
    assert np.array_equal(read_picture(path).pixels, PIXELS * np.uint16(257))


@pytest.mark.parametrize("suffix", CARRIES_XMP)
def test_results_say_how_they_were_made(tmp_path: Path, suffix: str) -> None:
    said = xmp_properties(write(tmp_path / f"result{suffix}"))
    tintype, iptc = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("tintype", "Iptc4xmpExt"))
    source_type = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
    assert said[f"{iptc}DigitalSourceType"] == source_type
    assert said[f"{{{NAMESPACES['xmp']}}}CreatorTool"] == "Tintype 1.2"
    assert said[f"{tintype}Variant"] == "artistic"
    assert said[f"{tintype}WeightsName"] == 'compact <&"> Ä'
    assert said[f"{tintype}WeightsSHA256"] == "ab" * 32
    assert said[f"{tintype}RenderFactor"] == "20"


@pytest.mark.parametrize("suffix", CARRIES_XMP)
def test_results_are_tagged_as_srgb(tmp_path: Path, suffix: str) -> None:
    content = write(tmp_path / f"result{suffix}").read_bytes()
    assert b"acsp" in content or b"iCCP" in content


ORIGINAL_XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Scanner"'
    b' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" dc:rights="Anna"/></rdf:RDF></x:xmpmeta>'
)


def personal_photograph(path: Path) -> Path:
    exif = Image.Exif()
    exif.update({Base.Orientation: 6, Base.Make: "Camera of Anna"})
    exif.get_ifd(Base.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    exif.get_ifd(Base.ExifOffset)[Base.DateTimeOriginal] = "1999:12:31 23:59:59"
    GRADIENT.convert("RGB").resize((60, 40)).save(path, exif=exif, xmp=ORIGINAL_XMP, dpi=(300, 150))
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_personal_is_carried_unless_asked(tmp_path: Path, suffix: str) -> None:
    metadata = read_picture(personal_photograph(tmp_path / "source.jpg")).metadata
    assert b"Anna" in (metadata.exif or b"")
    path = write(tmp_path / f"result{suffix}", metadata=metadata)
    assert b"Anna" not in path.read_bytes()
    exif = Image.Exif()
    exif.load(read_picture(path).metadata.exif or b"")
    assert Base.GPSInfo not in exif


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif", ".heic"])
def test_metadata_is_kept_on_request(tmp_path: Path, suffix: str) -> None:
    metadata = read_picture(personal_photograph(tmp_path / "source.jpg")).metadata
    path = write(tmp_path / f"result{suffix}", metadata=metadata, keep_metadata=True)
    kept = read_picture(path).metadata.exif
    exif = Image.Exif()
    exif.load(kept or b"")
    assert exif[Base.Make] == "Camera of Anna"
    assert exif.get(Base.Orientation, 1) == 1
    assert exif.get_ifd(Base.GPSInfo)[GPS.GPSLatitudeRef] == "N"
    assert exif.get_ifd(Base.ExifOffset)[Base.DateTimeOriginal] == "1999:12:31 23:59:59"
    assert read_picture(path).pixels.shape == PIXELS.shape


@pytest.mark.parametrize("suffix", CARRIES_XMP)
def test_kept_xmp_is_merged_with_ours(tmp_path: Path, suffix: str) -> None:
    path = write(
        tmp_path / f"result{suffix}", metadata=Metadata(xmp=ORIGINAL_XMP), keep_metadata=True
    )
    said = xmp_properties(path)
    assert said["{http://purl.org/dc/elements/1.1/}rights"] == "Anna"
    assert said[f"{{{NAMESPACES['xmp']}}}CreatorTool"] == "Tintype 1.2"
    assert f"{{{NAMESPACES['tiff']}}}Orientation" not in said


@pytest.mark.parametrize(
    "xmp",
    [b"<broken", b"<x" + b" " * 70_000, b"\xff\xfe", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
)
def test_useless_xmp_gives_way_to_ours(tmp_path: Path, xmp: bytes) -> None:
    path = write(tmp_path / "result.jpg", metadata=Metadata(xmp=xmp), keep_metadata=True)
    assert xmp_properties(path)[f"{{{NAMESPACES['tintype']}}}Variant"] == "artistic"


def test_iptc_is_kept_in_jpeg_on_request(tmp_path: Path) -> None:
    records = b"\x1c\x02\x05\x00\x05Title\x1c\x02\x50\x00\x04Anna"
    path = write(tmp_path / "a.jpg", metadata=Metadata(iptc=records), keep_metadata=True)
    assert read_picture(path).metadata.iptc == records


@pytest.mark.parametrize("keep", [False, True])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".bmp", ".webp", ".avif", ".heic"])
def test_resolution_is_carried(tmp_path: Path, suffix: str, *, keep: bool) -> None:
    metadata = Metadata(dpi=(300, 150))
    path = write(tmp_path / f"a{suffix}", metadata=metadata, keep_metadata=keep)
    assert read_picture(path).metadata.dpi == pytest.approx((300, 150), rel=0.01)


@pytest.mark.parametrize("suffix", [".webp", ".avif", ".heic"])
def test_an_unknown_resolution_stays_unknown(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", metadata=Metadata())
    assert read_picture(path).metadata.dpi is None


def test_quality_changes_the_size(tmp_path: Path) -> None:
    fine, coarse = (write(tmp_path / f"{q}.jpg", quality=q).stat().st_size for q in (95, 30))
    assert coarse < fine


@pytest.mark.parametrize("options", [{"quality": 0}, {"quality": 101}, {"bits": 12}])
def test_options_out_of_range_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="not"):
        SaveOptions(**options)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_the_corner_mark_is_in_the_corner_only(tmp_path: Path, dtype: Any) -> None:
    gray = np.full((300, 400, 3), np.iinfo(dtype).max // 3, dtype)
    marked = read_picture(write(tmp_path / "marked.png", gray, corner_mark=True)).pixels
    rows, columns = np.nonzero((marked != gray).any(axis=2))
    assert rows.min() > 270
    assert columns.min() > 370
    assert (rows.max(), columns.max()) < (300, 400)


def test_the_corner_mark_shows_on_clear_pixels(tmp_path: Path) -> None:
    clear = np.zeros(PIXELS.shape[:2], np.uint8)
    alpha = read_picture(write(tmp_path / "a.png", alpha=clear, corner_mark=True)).alpha
    assert alpha is not None
    assert alpha.max() > 200


@pytest.mark.parametrize(
    ("name", "pixels", "options", "reason"),
    [
        ("a.xyz", PIXELS, {}, r"\.xyz"),
        ("nothing", PIXELS, {}, "nothing"),
        ("a.jpg", PIXELS, {"bits": 16}, "PNG or TIFF"),
        ("a.webp", np.zeros((1, 16_384, 3), np.uint8), {}, "WebP holds at most 16,383"),
        ("a.jpg", np.zeros((65_501, 1, 3), np.uint8), {}, "JPEG holds at most 65,500"),
        (
            "a.webp",
            np.broadcast_to(np.uint8(0), (12_248, 12_248, 3)),
            {},
            "WebP holds at most 150,000,000 pixels, the result has 150,013,504",
        ),
    ],
)
def test_what_a_format_cannot_hold_is_named(
    tmp_path: Path, name: str, pixels: NDArray[Any], options: dict[str, Any], reason: str
) -> None:
    with pytest.raises(UnsupportedFormatError, match=reason):
        write(tmp_path / name, pixels, **options)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_sides_are_held(tmp_path: Path) -> None:
    for suffix in (".jpg", ".webp", ".avif", ".heic"):
        side = SUFFIXES[suffix].max_side
        path = write(tmp_path / f"a{suffix}", np.zeros((64, side, 3), np.uint8))
        assert read_picture(path).pixels.shape == (64, side, 3)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".heic", ".bmp"])
def test_a_full_disk_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    script = """
import resource, signal, sys
from pathlib import Path
from tests.colorizer.engine.test_imageio_written import write
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
write(Path(sys.argv[1]))
"""

    answer = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / f"a{suffix}")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "OSError" in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "missing" / "a.jpg")


def test_the_mode_is_what_the_umask_allows(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        mode = write(tmp_path / "a.jpg").stat().st_mode
    finally:
        os.umask(before)
    assert stat.S_IMODE(mode) == 0o640


def test_an_old_result_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(encoded(GRADIENT, "PNG"))
    assert read_picture(write(tmp_path / "a.png")).pixels.shape == PIXELS.shape
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    width=st.integers(1, 60),
    height=st.integers(1, 60),
    suffix=st.sampled_from([*SUFFIXES]),
    marked=st.booleans(),
)
def test_any_size_is_written_in_every_format(
    tmp_path: Path, width: int, height: int, suffix: str, marked: bool
) -> None:
    pixels = np.asarray(Image.fromarray(PIXELS).resize((width, height)))
    path = write(tmp_path / f"result{suffix}", pixels, corner_mark=marked)
    assert read_picture(path).pixels.shape[:2] == (height, width)


def test_xmp_nested_without_end_gives_way_to_ours() -> None:
    nested = b"<a>" * 9_000 + b"</a>" * 9_000
    head = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    head += b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description>'
    packet = head + nested + b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    assert xmp_packet(PROVENANCE, packet) == xmp_packet(PROVENANCE)


UNUSABLE_EXIF = {
    "nothing": b"Exif\0\0",
    "no TIFF": b"nonsense" * 100,
    "a count too many": b"Exif\0\0II*\0\x08\0\0\0\xff\xff",
    "a resolution in letters": b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x1a\0\x02\0\0\0\x01a" + bytes(7),
    "a directory in itself": (
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08" + bytes(4)
    ),
}


@pytest.mark.parametrize("exif", UNUSABLE_EXIF.values(), ids=UNUSABLE_EXIF.keys())
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".heic"])
def test_metadata_that_cannot_be_parsed_are_left_out(
    tmp_path: Path, suffix: str, exif: bytes
) -> None:
    metadata = Metadata(exif=exif, iptc=b"nonsense", xmp=b"<nonsense")
    path = write(tmp_path / f"result{suffix}", metadata=metadata, keep_metadata=True)
    assert read_picture(path).pixels.shape == PIXELS.shape
