"""What the samples of a TIFF mean, where libvips does not say so or takes them for something else."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.imageio.opened import in_memory, load_joined, unassociated
from colorizer.engine.imageio.tiff_directory import Directory, Tag, pixels_of
from colorizer.engine.ycbcr import LUMA_OF_RGB

WHITE_IS_ZERO: Final = 0
BLACK_IS_ZERO: Final = 1
RGB: Final = 2
PALETTE: Final = 3
CMYK: Final = 5
YCBCR: Final = 6
LAB: Final = 8
ICC_LAB: Final = 9
SAMPLES_OF_COLORS: Final = {
    WHITE_IS_ZERO: 1,
    BLACK_IS_ZERO: 1,
    RGB: 3,
    PALETTE: 1,
    CMYK: 4,
    YCBCR: 3,
    LAB: 3,
    ICC_LAB: 3,
}
JPEG: Final = 7
SEPARATE_PLANES: Final = 2
ASSOCIATED: Final = 1  # colors are multiplied by alpha
UNASSOCIATED: Final = 2
WIDE: Final = 16
NARROW: Final = 8
BY_LIBVIPS: Final = (1, 2, 4, NARROW, WIDE)
FULL_RANGE: Final = (0.0, 255.0, 128.0, 255.0, 128.0, 255.0)
UNPACKED_ROWS: Final = 64


def colors_of(directory: Directory) -> int:
    """How the colors are coded; a directory that does not say so is gray or RGB."""
    samples = directory.number(Tag.SAMPLES, 1)
    return directory.number(Tag.PHOTOMETRIC, RGB if samples >= SAMPLES_OF_COLORS[RGB] else 1)


def is_packed(directory: Directory) -> bool:
    """Samples that are no whole bytes, in a way that libvips does not decode."""
    bits = directory.number(Tag.BITS, 1)
    is_alone = directory.number(Tag.SAMPLES, 1) == 1
    return bits < WIDE and bits != NARROW and not (is_alone and bits in BY_LIBVIPS)


def subsampling_of(directory: Directory) -> tuple[int, int]:
    """How many points along and down share their chroma. What is decoded by libvips is (1, 1)."""
    if colors_of(directory) != YCBCR or directory.number(Tag.COMPRESSION, 1) == JPEG:
        return 1, 1
    across, down, *_ = (*directory.numbers(Tag.YCBCR_SUBSAMPLING, 2, 2), 1)
    whole = 3 * directory.number(Tag.WIDTH) * directory.number(Tag.HEIGHT)
    is_whole = directory.number(Tag.COMPRESSION, 1) == 1 and (
        sum(directory.numbers(Tag.STRIP_BYTES)) >= whole
    )
    is_named = Tag.YCBCR_SUBSAMPLING in directory.entries
    return (1, 1) if is_whole and not is_named else (across, down)


def stored_samples(directory: Directory, file: BinaryIO) -> Any:
    """All samples as they are stored, in one image of 8 or 16 bits."""
    samples = directory.number(Tag.SAMPLES, 1)
    if directory.number(Tag.PLANAR, 1) == SEPARATE_PLANES and samples > 1:
        planes = [stored_samples(directory.plane(i, samples), file) for i in range(samples)]
        return planes[0].bandjoin(planes[1:])
    if subsampling_of(directory) != (1, 1):
        return _subsampled(directory, file)
    if is_packed(directory):
        return _unpacked(directory, file)
    colors = colors_of(directory)
    if colors in (WHITE_IS_ZERO, BLACK_IS_ZERO):
        shown = BLACK_IS_ZERO
    elif colors in (LAB, ICC_LAB) or (colors == YCBCR and not _is_jpeg(directory)):
        shown = RGB
    else:
        shown = colors
    # Told of alpha, libvips would divide colors by it, and sometimes only.
    others = (0,) * (samples - SAMPLES_OF_COLORS[colors])
    plain = directory.changed(PHOTOMETRIC=shown, EXTRA_SAMPLES=others)
    return load_joined(pixels_of(plain, file))


def _is_jpeg(directory: Directory) -> bool:
    return directory.number(Tag.COMPRESSION, 1) == JPEG


def with_meaning(samples: Any, directory: Directory) -> Any:
    """Gray, RGB or CMYK, and then alpha, if one of the other samples is said to be that."""
    colors = colors_of(directory)
    others = directory.number(Tag.SAMPLES, 1) - SAMPLES_OF_COLORS[colors]
    count = samples.bands - others
    image = _in_known_colors(samples.extract_band(0, n=count) if others else samples, directory)
    kinds = (*directory.numbers(Tag.EXTRA_SAMPLES), *[0] * others)[:others]
    alphas = [index for index, kind in enumerate(kinds) if kind in (ASSOCIATED, UNASSOCIATED)]
    if not alphas:
        return image
    image = image.bandjoin(samples[count + alphas[0]])
    if kinds[alphas[0]] == UNASSOCIATED:
        return image
    return unassociated(image)


def _in_known_colors(image: Any, directory: Directory) -> Any:
    colors = colors_of(directory)
    is_wide = image.format == "ushort"
    if colors == WHITE_IS_ZERO:
        image = image.invert()
    elif colors == YCBCR and (
        not _is_jpeg(directory) or directory.number(Tag.PLANAR, 1) == SEPARATE_PLANES
    ):
        image = _from_ycbcr(image, directory)
    elif colors in (LAB, ICC_LAB):
        return _from_lab(image, is_icc=colors == ICC_LAB)
    if colors == CMYK:
        return image.copy(interpretation="cmyk")
    gray, color = ("grey16", "rgb16") if is_wide else ("b-w", "srgb")
    return image.copy(interpretation=gray if image.bands == 1 else color)


def _from_ycbcr(image: Any, directory: Directory) -> Any:
    """TIFF 6.0, section 21, with the weights and the range that the file names."""
    red, green, blue = directory.fractions(Tag.YCBCR_WEIGHTS, LUMA_OF_RGB)
    levels = directory.fractions(Tag.BLACK_AND_WHITE, FULL_RANGE)
    spans = [white - black for black, white in zip(levels[::2], levels[1::2], strict=True)]
    if not green or not all(spans):
        raise ValueError("a TIFF with unusable weights or levels of YCbCr")
    scales = [255 / spans[0], 127 / spans[1], 127 / spans[2]]
    offsets = [-black * scale for black, scale in zip(levels[::2], scales, strict=True)]
    of_cr, of_cb = 2 - 2 * red, 2 - 2 * blue
    matrix = [
        [1, 0, of_cr],
        [1, -blue * of_cb / green, -red * of_cr / green],
        [1, of_cb, 0],
    ]
    return image.linear(scales, offsets).recomb(matrix).rint().cast("uchar")


def _from_lab(image: Any, *, is_icc: bool) -> Any:
    """CIELAB of TIFF 6.0, section 23 (a and b with a sign), or of ICC (a and b around the middle)."""
    is_wide = image.format == "ushort"
    middle, unit = (2**15, 256) if is_wide else (2**7, 1)
    full = (255 * 256 if is_icc else 2**16 - 1) if is_wide else 255
    light = image[0] * (100 / full)
    a, b = ((band if is_icc else band ^ middle) for band in (image[1], image[2]))
    lab = light.bandjoin([(a - middle) / unit, (b - middle) / unit]).copy(interpretation="lab")
    return lab.Lab2XYZ().XYZ2scRGB().scRGB2sRGB(depth=WIDE if is_wide else NARROW)


def _byte_rows(
    directory: Directory, file: BinaryIO, row_bytes: Callable[[int], int], together: int = 1
) -> NDArray[np.uint8]:
    """What strips or tiles hold when their compression is undone.

    Args:
        row_bytes: of so many points in a row.
        together: how many rows of points make one row of bytes.

    Returns:
        Rows x strips or tiles along a row x bytes.
    """
    width, height = directory.number(Tag.WIDTH), directory.number(Tag.HEIGHT)
    rows, across, points = math.ceil(height / together), 1, width
    plain = directory.changed(PHOTOMETRIC=1, EXTRA_SAMPLES=(), YCBCR_SUBSAMPLING=(), PLANAR=1)
    if directory.is_tiled:
        points, tile_rows = directory.number(Tag.TILE_WIDTH), directory.number(Tag.TILE_HEIGHT)
        tile_rows, across = tile_rows // together, math.ceil(width / points)
        down = math.ceil(rows / tile_rows)
        plain = _tiles_as_strips(plain).changed(STRIP_ROWS=tile_rows)
        plain = plain.changed(HEIGHT=down * across * tile_rows)
    else:
        strip_rows = min(directory.number(Tag.STRIP_ROWS, height), height)
        plain = plain.changed(STRIP_ROWS=math.ceil(strip_rows / together), HEIGHT=rows)
    size = row_bytes(points)
    image = load_joined(pixels_of(plain.changed(WIDTH=size, BITS=8, SAMPLES=1), file))
    content: NDArray[np.uint8] = image.numpy()
    if not directory.is_tiled:
        return content.reshape(rows, 1, size)
    tiles = content.reshape(down, across, tile_rows, size).swapaxes(1, 2)
    return tiles.reshape(-1, across, size)[:rows]


def _tiles_as_strips(directory: Directory) -> Directory:
    """One below the other."""
    return directory.changed(
        STRIP_OFFSETS=directory.numbers(Tag.TILE_OFFSETS),
        STRIP_BYTES=directory.numbers(Tag.TILE_BYTES),
        TILE_OFFSETS=(),
        TILE_BYTES=(),
        TILE_WIDTH=(),
        TILE_HEIGHT=(),
    )


def _unpacked(directory: Directory, file: BinaryIO) -> Any:
    """Up to 15 bits a sample, stretched to the full range of 8 or 16 bits."""
    bits, samples = directory.number(Tag.BITS, 1), directory.number(Tag.SAMPLES, 1)
    rows = _byte_rows(directory, file, lambda points: math.ceil(points * samples * bits / 8))
    height, width = rows.shape[0], directory.number(Tag.WIDTH)
    points = directory.number(Tag.TILE_WIDTH) if directory.is_tiled else width
    depth = np.uint8 if bits < NARROW else np.uint16
    pixels = np.empty((height, width, samples), depth)
    for top in range(0, height, UNPACKED_ROWS):
        numbers = _numbers(rows[top : top + UNPACKED_ROWS], bits, points * samples)
        numbers = numbers.astype(np.uint32) * np.iinfo(depth).max // (2**bits - 1)
        strip = numbers.reshape(len(numbers), -1, samples)[:, :width]
        pixels[top : top + UNPACKED_ROWS] = strip
    return in_memory(pixels, {})


def _numbers(rows: NDArray[np.uint8], bits: int, count: int) -> NDArray[np.uint16]:
    """... x bytes to ... x count, the highest bit first."""
    single = np.unpackbits(rows, axis=-1, count=count * bits).reshape(*rows.shape[:-1], count, bits)
    wide = np.zeros((*single.shape[:-1], WIDE), np.uint8)
    wide[..., WIDE - bits :] = single
    return np.packbits(wide, axis=-1).view(">u2")[..., 0]


def _subsampled(directory: Directory, file: BinaryIO) -> Any:
    """YCbCr in blocks: the luma of each point, then the Cb and Cr that they share."""
    across, down = subsampling_of(directory)
    block = across * down + 2
    rows = _byte_rows(directory, file, lambda points: math.ceil(points / across) * block, down)
    blocks = rows.reshape(len(rows), -1, block)
    width, height = directory.number(Tag.WIDTH), directory.number(Tag.HEIGHT)
    luma = blocks[..., :-2].reshape(*blocks.shape[:2], down, across).swapaxes(1, 2)
    luma = luma.reshape(len(rows) * down, -1)[:height, :width]
    chroma = blocks[..., -2:].repeat(down, axis=0).repeat(across, axis=1)[:height, :width]
    return in_memory(np.dstack([luma, chroma]), {})
