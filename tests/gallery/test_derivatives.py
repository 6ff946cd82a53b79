"""Display size and thumbnail: small, upright, sRGB, without anything that the original carries."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from colorizer import derivatives
from tests.pictures import GRADIENT, encoded


def opened(picture: Image.Image) -> Image.Image:
    return Image.open(derivatives.display(picture))


def test_long_side_is_bounded_and_aspect_ratio_kept() -> None:
    wide = GRADIENT.resize((4000, 1000))
    assert Image.open(derivatives.display(wide)).size == (2048, 512)
    assert Image.open(derivatives.thumbnail(wide)).size == (720, 180)


def test_small_pictures_are_not_enlarged() -> None:
    assert opened(GRADIENT.resize((100, 60))).size == (100, 60)


def test_no_metadata_is_carried_over() -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options: dict[str, Any] = {"exif": exif, "comment": b"private note", "icc_profile": profile}
    content = encoded(GRADIENT.convert("RGB"), "JPEG", **options)
    with Image.open(ContentFile(content)) as source:
        result = derivatives.display(source).read()
    assert b"private note" not in result
    assert b"taken at home" not in result
    assert set(Image.open(ContentFile(result)).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_16_bit_gray_keeps_its_tones() -> None:
    ramp = np.linspace(0, 65535, 256).astype(np.uint16)
    seen = np.asarray(opened(Image.fromarray(np.tile(ramp, (32, 1)))), dtype=int)
    assert np.abs(seen[16] - np.arange(256)).max() < 6


def test_transparency_becomes_white() -> None:
    clear = Image.new("RGBA", (32, 32), (255, 0, 0, 0))
    assert opened(clear).getpixel((16, 16)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I"])
def test_every_mode_becomes_a_plain_jpeg(mode: str) -> None:
    assert opened(Image.new(mode, (32, 32))).mode in ("L", "RGB")


def test_colours_are_converted_to_srgb() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = srgb.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")
    picture = Image.new("RGB", (32, 32), (255, 0, 0))
    picture.info["icc_profile"] = red_is_blue
    red, _green, blue = np.asarray(opened(picture))[16, 16]
    assert (red < 20, blue > 235) == (True, True)


def test_unusable_profile_is_ignored() -> None:
    picture = Image.new("RGB", (32, 32), (128, 128, 128))
    picture.info["icc_profile"] = b"not a profile"
    assert opened(picture).getpixel((16, 16)) == (128, 128, 128)
