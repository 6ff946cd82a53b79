"""TIFF files of rare makes: how their samples lie in the file, and what they mean."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import eight_bit, luma_of
from colorizer.engine.errors import (
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.tiff_directory import Tag
from tests.colorizer.engine.conftest import Read
from tests.pictures import GRADIENT
from tests.tiff import tiff_of

ROWS, COLUMNS = np.mgrid[0:50, 0:70]
GRAY = (ROWS * 2 + COLUMNS * 2).astype(np.uint8)
TWELVE_BITS = np.rint(GRAY / 255 * 4095).astype(np.uint32)
RGB = np.stack([GRAY, GRAY[::-1], GRAY[:, ::-1]], -1)
ZEROS = np.zeros_like(GRAY)
INFRARED = np.full_like(GRAY, 60)


def tiff(pixels: NDArray[Any], **options: Any) -> bytes:
    content = BytesIO()
    tifffile.imwrite(content, pixels, **options)
    return content.getvalue()


def gray_tags(**others: Any) -> dict[int, Any]:
    """Of GRAY in one strip."""
    height, width = GRAY.shape
    tags: dict[int, Any] = {Tag.WIDTH: width, Tag.HEIGHT: height, Tag.BITS: 8, Tag.PHOTOMETRIC: 1}
    return tags | {Tag[name]: value for name, value in others.items()}


def packed(pixels: NDArray[Any], bits: int) -> list[bytes]:
    """Rows of numbers of so many bits, the highest bit first."""
    numbers = pixels.astype(np.uint16) << (16 - bits)
    single = np.unpackbits(numbers.astype(">u2").view(np.uint8).reshape(*numbers.shape, 2), axis=-1)
    rows = np.packbits(single[..., :bits].reshape(len(pixels), -1), axis=-1)
    return [row.tobytes() for row in rows]


# Samples beside the colors


@pytest.mark.parametrize("kinds", [["unspecified"], [0, 2], [2, 0]], ids=str)
@pytest.mark.parametrize("planes", ["contig", "separate"])
def test_only_what_is_said_to_be_alpha_is_alpha(read: Read, kinds: list[Any], planes: str) -> None:
    others = [INFRARED if kind in ("unspecified", 0) else ROWS.astype(np.uint8) for kind in kinds]
    pixels = np.stack([GRAY, GRAY, GRAY, *others], -1)
    stored = pixels if planes == "contig" else np.moveaxis(pixels, -1, 0)
    picture = read(tiff(stored, photometric="rgb", extrasamples=kinds, planarconfig=planes))
    assert np.array_equal(picture.pixels[..., 0], GRAY)
    if 2 in kinds:
        assert picture.alpha is not None
        assert np.array_equal(picture.alpha, ROWS)
    else:
        assert picture.alpha is None


def test_a_fourth_sample_that_nothing_is_said_of_is_no_alpha(read: Read) -> None:
    pixels = np.dstack([RGB, INFRARED])
    tags = gray_tags(PHOTOMETRIC=2, SAMPLES=4, BITS=[8] * 4)
    picture = read(tiff_of(tags, [pixels.tobytes()]))
    assert picture.alpha is None
    assert np.array_equal(picture.pixels, RGB)


@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_colors_are_divided_by_associated_alpha(
    read: Read, depth: type[np.integer[Any]], planes: str
) -> None:
    full = int(np.iinfo(depth).max)
    pixels = (RGB.astype(np.float64) / 255 * full).astype(depth)
    alpha = np.full(GRAY.shape, full // 2, depth)
    stored = np.dstack([(pixels * 0.5).round().astype(depth), alpha])
    if planes == "separate":
        stored = np.moveaxis(stored, -1, 0)
    picture = read(
        tiff(stored, photometric="rgb", extrasamples=["assocalpha"], planarconfig=planes)
    )
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, alpha)
    assert np.abs(eight_bit(picture.pixels).astype(int) - RGB).max() <= 3


def test_alpha_that_would_hide_everything_is_ignored(read: Read) -> None:
    picture = read(tiff(np.dstack([RGB, ZEROS]), photometric="rgb", extrasamples=[2]))
    assert picture.alpha is None
    assert np.array_equal(picture.pixels, RGB)


def test_a_picture_of_nothing_is_refused(read: Read) -> None:
    empty = np.dstack([ZEROS, ZEROS, ZEROS, ZEROS])
    with pytest.raises(UnsupportedPixelsError, match="transparent all over"):
        read(tiff(empty, photometric="rgb", extrasamples=["assocalpha"]))


def test_white_may_be_zero_beside_alpha(read: Read) -> None:
    stored = np.dstack([255 - GRAY, ROWS.astype(np.uint8)])
    picture = read(tiff(stored, photometric="miniswhite", extrasamples=[2]))
    assert np.array_equal(picture.pixels[..., 0], GRAY)
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, ROWS)


# How the samples lie in the file


@pytest.mark.parametrize("tile", [None, (16, 32)])
@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_separate_planes_are_one_picture(
    read: Read,
    tile: tuple[int, int] | None,
    compression: str | None,
    depth: type[np.integer[Any]],
    byte_order: Any,
) -> None:
    pixels = RGB.astype(depth) * depth(257 if depth is np.uint16 else 1)
    content = tiff(
        np.moveaxis(pixels, -1, 0),
        photometric="rgb",
        planarconfig="separate",
        tile=tile,
        compression=compression,
        predictor=compression is not None,
        byteorder=byte_order,
        bigtiff=byte_order == ">",
    )
    picture = read(content)
    assert picture.pixels.dtype == depth
    assert np.array_equal(picture.pixels, pixels)


@pytest.mark.parametrize("bits", [3, 5, 6, 7, 9, 10, 12, 14, 15])
@pytest.mark.parametrize("is_compressed", [False, True])
def test_packed_gray_has_the_full_range(read: Read, bits: int, is_compressed: bool) -> None:
    largest = 2**bits - 1
    pixels = GRAY.astype(np.uint32) * largest // int(GRAY.max())
    strips = packed(pixels, bits)
    tags = gray_tags(BITS=bits, STRIP_ROWS=1, COMPRESSION=8 if is_compressed else 1)
    picture = read(tiff_of(tags, [zlib.compress(s) if is_compressed else s for s in strips]))
    full = np.iinfo(picture.pixels.dtype).max
    assert picture.pixels.dtype == (np.uint8 if bits < 8 else np.uint16)
    assert np.array_equal(picture.pixels[..., 0], pixels.astype(np.uint64) * full // largest)


@pytest.mark.parametrize("bits", [4, 10, 12])
@pytest.mark.parametrize("byte_order", ["<", ">"])
def test_packed_colors_are_read(read: Read, bits: int, byte_order: str) -> None:
    pixels = RGB.astype(np.uint32) * (2**bits - 1) // 255
    rows = packed(pixels.reshape(len(pixels), -1), bits)
    tags = gray_tags(BITS=[bits] * 3, SAMPLES=3, PHOTOMETRIC=2, STRIP_ROWS=1)
    picture = read(tiff_of(tags, rows, byte_order=byte_order))
    assert np.abs(eight_bit(picture.pixels).astype(int) - RGB).max() <= 255 // (2**bits - 1)


def test_packed_tiles_are_read(read: Read) -> None:
    pixels = np.zeros((64, 96), np.uint32)
    pixels[:50, :70] = TWELVE_BITS
    tiles = [
        b"".join(packed(pixels[top : top + 32, left : left + 48], 12))
        for top in (0, 32)
        for left in (0, 48)
    ]
    tags = gray_tags(BITS=12, TILE_WIDTH=48, TILE_HEIGHT=32)
    picture = read(tiff_of(tags, tiles))
    assert np.array_equal(eight_bit(picture.pixels[..., 0]), GRAY)


def test_white_may_be_zero_in_packed_gray(read: Read) -> None:
    tags = gray_tags(BITS=12, PHOTOMETRIC=0, STRIP_ROWS=1)
    picture = read(tiff_of(tags, packed(4095 - TWELVE_BITS, 12)))
    assert np.array_equal(eight_bit(picture.pixels[..., 0]), GRAY)


def test_the_lowest_bit_may_come_first(read: Read) -> None:
    reverse = np.packbits(np.unpackbits(GRAY[..., None], axis=-1)[..., ::-1], axis=-1)
    assert np.array_equal(
        read(tiff_of(gray_tags(FILL_ORDER=2), [reverse.tobytes()])).pixels, GRAY[..., None]
    )


# Colors


def ycbcr_blocks(picture: Image.Image, across: int, down: int) -> bytes:
    """As TIFF 6.0 has it: the luma of a block, then its Cb and Cr."""
    luma, cb, cr = (np.asarray(band) for band in picture.convert("YCbCr").split())
    height, width = luma.shape
    blocks = luma.reshape(height // down, down, width // across, across).swapaxes(1, 2)
    parts = [blocks.reshape(height // down, width // across, -1)]
    parts += [band[::down, ::across, None] for band in (cb, cr)]
    return np.concatenate(parts, axis=-1).tobytes()


RAMP = GRADIENT.resize((64, 32))
COLORS = Image.merge("RGB", [RAMP, Image.new("L", RAMP.size, 90), RAMP.rotate(180)])


@pytest.mark.parametrize("subsampling", [(1, 1), (2, 1), (2, 2), (4, 2), (1, 2)])
@pytest.mark.parametrize("is_compressed", [False, True])
def test_ycbcr_may_be_subsampled(
    read: Read, subsampling: tuple[int, int], is_compressed: bool
) -> None:
    content = ycbcr_blocks(COLORS, *subsampling)
    tags: dict[int, Any] = {
        Tag.WIDTH: 64,
        Tag.HEIGHT: 32,
        Tag.BITS: [8] * 3,
        Tag.SAMPLES: 3,
        Tag.PHOTOMETRIC: 6,
    }
    tags |= {Tag.YCBCR_SUBSAMPLING: list(subsampling), Tag.COMPRESSION: 8 if is_compressed else 1}
    picture = read(tiff_of(tags, [zlib.compress(content) if is_compressed else content]))
    luma = luma_of(picture.pixels).astype(int)
    assert np.abs(luma - np.asarray(COLORS.convert("L"), int)).mean() < 2
    assert np.abs(picture.pixels.astype(int) - np.asarray(COLORS, int)).mean() < 6


def test_levels_of_ycbcr_are_those_that_the_file_names(read: Read) -> None:
    stored = np.dstack([16 + GRAY.astype(int) * 219 / 255, *[np.full(GRAY.shape, 128)] * 2])
    tags = gray_tags(BITS=[8] * 3, SAMPLES=3, PHOTOMETRIC=6, YCBCR_SUBSAMPLING=[1, 1])
    levels = [(16, 1), (235, 1), (128, 1), (240, 1), (128, 1), (240, 1)]
    tags[Tag.BLACK_AND_WHITE] = levels
    picture = read(tiff_of(tags, [stored.round().astype(np.uint8).tobytes()]))
    assert np.abs(picture.pixels[..., 1].astype(int) - GRAY).max() <= 1


@pytest.mark.parametrize(("kind", "middle"), [("cielab", 0), ("icclab", 128)])
@pytest.mark.parametrize("depth", [8, 16])
def test_lightness_of_lab_is_that_of_the_picture(
    read: Read, kind: str, middle: int, depth: int
) -> None:
    light = np.tile(np.linspace(0, 100, 64), (20, 1))
    if depth == 8:
        stored = np.dstack([light * 2.55, *[np.full(light.shape, middle)] * 2]).astype(np.uint8)
    else:
        scale = 652.8 if kind == "icclab" else 655.35
        stored = np.dstack([light * scale, *[np.full(light.shape, middle * 256)] * 2]).astype(
            np.uint16
        )
    pixels = eight_bit(read(tiff(stored, photometric=kind)).pixels).astype(int)
    assert np.ptp(pixels, axis=2).max() <= 2  # gray
    linear = (((light + 16) / 116) ** 3).clip(0)
    linear = np.where(light > 8, linear, light / 903.3)
    expected = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    assert np.abs(pixels[..., 1] - expected * 255).max() <= 3


def test_a_color_map_may_have_eight_bits(read: Read) -> None:
    tags = gray_tags(PHOTOMETRIC=3, COLOR_MAP=[*range(255, -1, -1)] * 3)
    picture = read(tiff_of(tags, [(255 - GRAY).tobytes()]))
    assert np.array_equal(luma_of(picture.pixels), GRAY)


@pytest.mark.parametrize("extra", [None, "unassalpha", "unspecified"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_black_ink_is_black_in_every_layout(
    read: Read, depth: type[np.integer[Any]], planes: str, extra: str | None
) -> None:
    full = int(np.iinfo(depth).max)
    ink = np.zeros((20, 30, 5 if extra else 4), depth)
    ink[:, 15:, 3] = full
    ink[..., 4:] = full
    stored = ink if planes == "contig" else np.moveaxis(ink, -1, 0)
    options = {"extrasamples": [extra]} if extra else {}
    picture = read(tiff(stored, photometric="separated", planarconfig=planes, **options))
    luma = eight_bit(luma_of(picture.pixels))
    assert (luma[:, :15].min(), luma[:, 15:].max()) == (255, pytest.approx(6, abs=4))
    assert (picture.alpha is not None) == (extra == "unassalpha")


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_palettes_of_every_depth_are_read(read: Read, bits: int) -> None:
    indices = (COLUMNS + ROWS) % 2**bits
    colors = np.random.default_rng(bits).integers(0, 256, (3, 2**bits))
    single = np.unpackbits(indices.astype(np.uint8)[..., None], axis=-1)[..., 8 - bits :]
    rows = np.packbits(single.reshape(len(indices), -1), axis=-1)
    tags = gray_tags(BITS=bits, PHOTOMETRIC=3, COLOR_MAP=(colors * 257).ravel().tolist())
    picture = read(tiff_of(tags, [rows.tobytes()]))
    assert np.array_equal(picture.pixels, np.moveaxis(colors[:, indices], 0, -1))


@pytest.mark.parametrize("kind", [0, 2])
def test_a_palette_may_have_an_extra_sample(read: Read, kind: int) -> None:
    levels = [level * 257 for level in range(256)]
    tags = gray_tags(
        BITS=[8, 8], SAMPLES=2, PHOTOMETRIC=3, COLOR_MAP=levels * 3, EXTRA_SAMPLES=kind
    )
    picture = read(tiff_of(tags, [np.dstack([GRAY, INFRARED]).tobytes()]))
    assert np.array_equal(picture.pixels[..., 0], GRAY)
    assert (picture.alpha is not None) == (kind == 2)
