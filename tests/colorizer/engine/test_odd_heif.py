"""HEIC and AVIF files: cropped, turned, in tiles, several pictures, and gray of the limited range."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import eight_bit
from colorizer.engine.errors import SeveralFramesError, UnreadablePictureError
from colorizer.engine.imageio.reading import Picture
from tests.colorizer.engine.conftest import Read
from tests.heif import avif_of, coded, cropped, grid, turned
from tests.pictures import GRADIENT, animated, encoded

GRAY = GRADIENT.resize((128, 96))
COLOR = Image.merge(
    "RGB", [GRAY, GRAY.transpose(Image.Transpose.ROTATE_180), Image.new("L", GRAY.size, 90)]
)
PIXELS = np.asarray(COLOR).astype(int)


def difference(picture: Picture, expected: NDArray[Any]) -> float:
    return float(np.abs(eight_bit(picture.pixels).astype(int) - expected).mean())


# What the container does with the picture


def test_a_cropped_picture_is_what_is_left(read: Read) -> None:
    picture = read(avif_of([cropped(coded(COLOR), 100, 60, right=-4, down=8)]))
    assert picture.pixels.shape == (60, 100, 3)
    assert difference(picture, PIXELS[22:82, 12:112]) < 2


def test_a_turned_picture_is_upright(read: Read) -> None:
    picture = read(avif_of([turned(coded(COLOR), 1)]))
    assert difference(picture, np.rot90(PIXELS)) < 2


def test_the_orientation_of_the_container_alone_counts(read: Read) -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    content = BytesIO()
    pillow_heif.from_pillow(COLOR).save(content, quality=95, chroma=444, exif=exif.tobytes())
    plain = content.getvalue()
    expected = read(plain).pixels
    xmp = b"<tiff:Orientation>6</tiff:Orientation>"
    content = BytesIO()
    pillow_heif.from_pillow(COLOR).save(
        content, quality=95, chroma=444, exif=exif.tobytes(), xmp=xmp
    )
    assert np.array_equal(read(content.getvalue()).pixels, expected)


def test_tiles_of_a_grid_are_one_picture(read: Read) -> None:
    tiles = [COLOR.crop((left, top, left + 64, top + 64)) for top in (0, 64) for left in (0, 64)]
    items = [coded(tile) for tile in tiles]
    whole = grid(2, 2, 128, 96, [2, 3, 4, 5], of=items[0])
    picture = read(avif_of([whole, *items]))
    assert picture.pixels.shape == (96, 128, 3)
    assert difference(picture, PIXELS) < 2


@pytest.mark.parametrize("primary", [1, 2])
def test_of_several_pictures_the_primary_one_is_read(read: Read, primary: int) -> None:
    pictures = [COLOR, COLOR.transpose(Image.Transpose.FLIP_TOP_BOTTOM).resize((64, 48))]
    picture = read(avif_of([coded(one) for one in pictures], primary))
    assert difference(picture, np.asarray(pictures[primary - 1]).astype(int)) < 4


def test_of_several_heics_the_primary_one_is_read(read: Read) -> None:
    file = pillow_heif.from_pillow(COLOR)
    file.add_from_pillow(COLOR.transpose(Image.Transpose.ROTATE_180))
    for primary in (0, 1):
        content = BytesIO()
        file.save(content, quality=95, chroma=444, primary_index=primary)
        picture = read(content.getvalue())
        assert difference(picture, PIXELS if primary == 0 else PIXELS[::-1, ::-1]) < 3


def test_a_sequence_is_refused(read: Read) -> None:
    with pytest.raises(SeveralFramesError):
        read(animated("AVIF"))


# The limited range


@pytest.mark.parametrize("subsampling", ["4:0:0", "4:2:0", "4:4:4"])
@pytest.mark.parametrize("range", ["full", "limited"])
def test_avif_of_every_range_reaches_black_and_white(
    read: Read,
    subsampling: str,
    range: str,  # noqa: A002
) -> None:
    gray = GRAY if subsampling == "4:0:0" else GRAY.convert("RGB")
    options: dict[str, Any] = {"subsampling": subsampling, "range": range, "quality": 95}
    picture = read(encoded(gray, "AVIF", **options))
    assert difference(picture, np.asarray(GRAY)[..., None]) < 1.5
    assert picture.pixels.min() <= 4
    assert picture.pixels.max() >= 251


def test_alpha_has_the_full_range_beside_limited_gray(read: Read) -> None:
    picture = Image.merge("LA", [GRAY, GRAY.transpose(Image.Transpose.ROTATE_180)])
    options: dict[str, Any] = {"subsampling": "4:0:0", "range": "limited", "quality": 100}
    found = read(encoded(picture, "AVIF", **options))
    assert difference(found, np.asarray(GRAY)[..., None]) < 1.5
    assert found.alpha is not None
    assert np.abs(found.alpha.astype(int) - np.asarray(GRAY)[::-1, ::-1]).mean() < 1.5


def test_associated_alpha_is_taken_out_of_the_colors(read: Read) -> None:
    half = np.full((*GRAY.size[::-1], 1), 128, np.uint8)
    associated = np.concatenate([(PIXELS // 2).astype(np.uint8), half], axis=2)
    content = BytesIO()
    heic = pillow_heif.from_bytes("RGBa", GRAY.size, associated.tobytes())
    heic.save(content, quality=100, chroma=444)
    picture = read(content.getvalue())
    assert difference(picture, PIXELS) < 3
    assert picture.alpha is not None


@pytest.mark.parametrize("bits", [8, 10, 12])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_heic_of_the_limited_range_reaches_black_and_white(
    read: Read, bits: int, mode: str
) -> None:
    """Coded as numbers of the limited range, and then said to be that."""
    limited = 16 + np.asarray(GRAY.convert(mode)) / 255 * 219
    wide = np.rint(limited * 257).astype(np.uint16)
    pixels, name = (limited.round().astype(np.uint8), mode) if bits == 8 else (wide, f"{mode};16")
    file = pillow_heif.from_bytes(name.replace("L;", "I;"), GRAY.size, pixels.tobytes())
    content = BytesIO()
    file.save(
        content,
        quality=-1,
        chroma=444,
        bit_depth=bits,
        matrix_coefficients=6,
        color_primaries=1,
        transfer_characteristics=13,
        full_range_flag=1,
    )
    full = content.getvalue()
    place = full.index(b"colrnclx") + 14
    picture = read(full[:place] + b"\0" + full[place + 1 :])
    assert difference(picture, np.asarray(GRAY)[..., None]) < 1.5
    assert eight_bit(picture.pixels).min() <= 4
    assert eight_bit(picture.pixels).max() >= 251


# Damage


def test_flipped_bytes_of_the_container_are_read_or_refused(read: Read) -> None:
    whole = avif_of([cropped(coded(COLOR), 100, 60, right=-4, down=8)])
    for position in range(0, 500, 3):
        broken = bytearray(whole)
        broken[position] ^= 0xFF
        try:
            assert read(bytes(broken)).pixels.size > 0
        except UnreadablePictureError:
            continue
