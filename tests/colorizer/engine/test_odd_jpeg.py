"""JPEGs that were cut or damaged: what is all there is read, and said to be flawed; else refused."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from colorizer.engine.errors import (
    DamagedPictureError,
    UnreadablePictureError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.reading import Picture
from tests import ROOT
from tests.colorizer.engine.conftest import Read
from tests.pictures import GRADIENT, encoded

with Image.open(ROOT / "tests" / "odd_pictures" / "thumb_ifd.tif") as photo:
    PHOTO = photo.convert("L")
PIXELS = np.asarray(PHOTO).astype(int)
END = b"\xff\xd9"
WHOLE = encoded(PHOTO, "JPEG", quality=90)
PROGRESSIVE = encoded(PHOTO, "JPEG", quality=90, progressive=True)
RESTARTED = encoded(PHOTO, "JPEG", quality=90, restart_marker_rows=2)
RESTARTS = [found.start() for found in re.finditer(rb"\xff[\xd0-\xd7]", RESTARTED)][-14:]


def difference(picture: Picture) -> float:
    return float(np.abs(picture.pixels[..., 0].astype(int) - PIXELS).mean())


@pytest.mark.parametrize("content", [WHOLE, PROGRESSIVE, RESTARTED])
def test_a_whole_file_has_no_flaw(read: Read, content: bytes) -> None:
    picture = read(content)
    assert picture.flaw is None
    assert difference(picture) < 2


@pytest.mark.parametrize("content", [WHOLE, PROGRESSIVE, RESTARTED])
@pytest.mark.parametrize("rest", [b"", b"\xff"])
def test_only_the_end_marker_may_be_missing(read: Read, content: bytes, rest: bytes) -> None:
    picture = read(content.removesuffix(END) + rest)
    assert picture.flaw is Flaw.NO_END
    assert np.array_equal(picture.pixels, read(content).pixels)


@pytest.mark.parametrize("content", [WHOLE, PROGRESSIVE, RESTARTED])
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9, 0.97])
@pytest.mark.parametrize("end", [b"", END])
def test_missing_pixels_are_damage(read: Read, content: bytes, share: float, end: bytes) -> None:
    with pytest.raises(UnreadablePictureError, match="damaged"):
        read(content[: int(len(content) * share)] + end)


def test_a_missing_scan_is_damage_when_the_end_is_missing(read: Read) -> None:
    scans = [found.start() for found in re.finditer(rb"\xff\xc4", PROGRESSIVE)]
    for start in scans[2:]:
        with pytest.raises(DamagedPictureError):
            read(PROGRESSIVE[:start])


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_restart_marker_may_be_another(read: Read, step: int) -> None:
    broken = bytearray(RESTARTED)
    place = RESTARTS[3] + 1
    broken[place] = 0xD0 + (broken[place] - 0xD0 + step) % 8
    picture = read(bytes(broken))
    assert picture.flaw is Flaw.DAMAGED
    assert difference(picture) < 25


def test_an_end_in_the_midst_is_damage(read: Read) -> None:
    broken = bytearray(RESTARTED)
    broken[RESTARTS[3] + 1] = END[1]
    with pytest.raises(DamagedPictureError):
        read(bytes(broken))


def test_a_restart_marker_may_be_overwritten(read: Read) -> None:
    broken = bytearray(RESTARTED)
    broken[RESTARTS[3] : RESTARTS[3] + 2] = b"\x12\x34"
    picture = read(bytes(broken))
    assert picture.flaw is Flaw.DAMAGED
    assert difference(picture) < 25


def test_twelve_bits_are_refused_in_plain_words(read: Read) -> None:
    precision = WHOLE.index(b"\xff\xc0") + 4
    with pytest.raises(UnsupportedPixelsError, match="Save it again as JPEG or PNG"):
        read(WHOLE[:precision] + b"\x0c" + WHOLE[precision + 1 :])


def test_what_comes_behind_the_picture_is_no_flaw(read: Read) -> None:
    assert read(WHOLE + b"appended by a scanner" * 100).flaw is None
    assert read(encoded(PHOTO, "MPO", save_all=True, append_images=[GRADIENT])).flaw is None


@pytest.mark.parametrize("version", [b"\x02\x00", b"\x01\x7f"])
def test_a_header_that_is_merely_odd_is_no_flaw(read: Read, version: bytes) -> None:
    picture = read(WHOLE.replace(b"JFIF\0\x01\x01", b"JFIF\0" + version))
    assert picture.flaw is None
    assert difference(picture) < 2


# Colors


def test_the_black_of_cmyk_without_a_profile_is_black(read: Read) -> None:
    """Photoshop writes CMYK inverted, and Pillow does as Photoshop."""
    ink = Image.merge("CMYK", [Image.new("L", PHOTO.size)] * 3 + [PHOTO.point(lambda v: 255 - v)])
    pixels = read(encoded(ink, "JPEG", quality=95)).pixels
    assert pixels.min() <= 10
    assert pixels.max() >= 250
    assert np.abs(pixels.mean(axis=2) - PIXELS).mean() < 12


PROFILES = {
    "sRGB": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
}


def test_srgb_is_left_as_it_is(read: Read) -> None:
    color = PHOTO.convert("RGB")
    plain = read(encoded(color, "JPEG", quality=95)).pixels
    profiled = read(encoded(color, "JPEG", quality=95, icc_profile=PROFILES["sRGB"])).pixels
    assert np.abs(plain.astype(int) - profiled).max() <= 1


# Metadata


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize(
    "xmp",
    [
        b'<rdf:Description tiff:Orientation="6"/>',
        b"<rdf:Description tiff:Orientation='6'/>",
        b"<tiff:Orientation>6</tiff:Orientation>",
        b"<tiff:Orientation> 6 </tiff:Orientation>",
    ],
)
def test_an_orientation_in_xmp_counts(
    read: Read,
    xmp: bytes,
    format: str,  # noqa: A002
) -> None:
    stored = PHOTO.transpose(Image.Transpose.ROTATE_90)
    options: dict[str, Any] = {"xmp": xmp}
    if format == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_itxt("XML:com.adobe.xmp", xmp.decode())
    assert difference(read(encoded(stored, format, **options))) < 4


def test_an_orientation_in_exif_comes_before_that_in_xmp(read: Read) -> None:
    exif = Image.Exif()
    exif[0x0112] = 1
    xmp = b"<tiff:Orientation>6</tiff:Orientation>"
    assert difference(read(encoded(PHOTO, "JPEG", exif=exif, xmp=xmp))) < 3


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_there_is_not_is_none(read: Read, value: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = value
    assert difference(read(encoded(PHOTO, "JPEG", exif=exif))) < 3


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0nonsense", b"Exif\0\0II*\0"]
)
def test_exif_that_means_nothing_harms_nothing(read: Read, exif: bytes) -> None:
    assert difference(read(encoded(PHOTO, "JPEG", exif=exif))) < 3
