"""Color profiles: black stays black, and gray is managed alike in every depth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from colorizer.engine.color import eight_bit, luma_of
from colorizer.engine.imageio.vips import pyvips
from tests.colorizer.engine.conftest import Read
from tests.colorizer.engine.test_imageio import SRGB, gray_profile, tiff
from tests.pictures import GRADIENT, encoded

GRAY = GRADIENT.resize((64, 256))
LEVELS = np.asarray(GRAY)
LINEAR = gray_profile(gamma=1.0)
ICC_PROFILE = 34675
PRINTER = bytes(pyvips.Operation.call("profile_load", "cmyk"))


def with_profile(pixels: Any, profile: bytes, **options: Any) -> bytes:
    tags = [(ICC_PROFILE, 7, len(profile), profile, True)]
    return tiff(pixels, extratags=tags, **options)


def linear_in_srgb(levels: Any) -> Any:
    light = levels / 255
    curve = np.where(light > 0.0031308, 1.055 * light ** (1 / 2.4) - 0.055, 12.92 * light)
    return curve * 255


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("has_alpha", [False, True])
def test_a_gray_profile_counts_in_every_depth(
    read: Read, depth: type[np.integer[Any]], has_alpha: bool
) -> None:
    full = int(np.iinfo(depth).max)
    gray = (LEVELS.astype(np.uint32) * full // 255).astype(depth)
    pixels = np.dstack([gray, np.full_like(gray, full)]) if has_alpha else gray
    options = {"extrasamples": ["unassalpha"]} if has_alpha else {}
    picture = read(with_profile(pixels, LINEAR, photometric="minisblack", **options))
    assert picture.pixels.shape == (256, 64, 1)
    assert picture.pixels.dtype == depth
    difference = np.abs(eight_bit(picture.pixels[..., 0]) - linear_in_srgb(LEVELS))
    assert difference[16:].max() <= 2  # lcms is coarse below
    assert picture.pixels[0].max() == 0
    assert (picture.alpha is not None) == has_alpha
    assert picture.alpha is None or picture.alpha.min() == full


@pytest.mark.parametrize("profile", [None, PRINTER], ids=["without", "printer"])
@pytest.mark.parametrize("format", ["TIFF", "JPEG"])
def test_full_black_ink_is_black_and_paper_is_white(
    read: Read,
    format: str,  # noqa: A002
    profile: bytes | None,
) -> None:
    nothing = Image.new("L", GRAY.size)
    ink = Image.merge("CMYK", [nothing, nothing, nothing, GRAY.point(lambda level: 255 - level)])
    options = {"icc_profile": profile} if profile else {}
    pixels = read(encoded(ink, format, **options)).pixels
    luma = luma_of(pixels).astype(int)
    assert luma[0].max() <= 10
    assert luma[-1].min() >= 250
    assert np.diff(luma[:, 0]).min() >= -2  # no step back between them


@pytest.mark.parametrize(
    ("profile", "mode"),
    [(SRGB, "L"), (PRINTER, "L"), (LINEAR, "RGB"), (PRINTER, "RGB")],
    ids=["RGB for gray", "CMYK for gray", "gray for RGB", "CMYK for RGB"],
)
def test_a_profile_for_other_colors_is_ignored(read: Read, profile: bytes, mode: str) -> None:
    picture = GRAY.convert(mode)
    pixels = read(encoded(picture, "PNG", icc_profile=profile)).pixels
    assert np.array_equal(pixels, np.asarray(picture).reshape(pixels.shape))
