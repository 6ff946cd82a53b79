"""Reduced pictures for the screen: sRGB, upright, on white, without any metadata.

JPEG for a page of its own; WebP for lists, in two sizes, since pages show a hundred at a time.

They are made of the pixels that `read_picture` returns, so that what is shown of a picture is what
the engine colorizes.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import eight_bit
from colorizer.engine.imageio.formats import DISPLAY_SIDE, SMALL_SIDE, THUMBNAIL_SIDE
from colorizer.engine.imageio.reading import Picture
from colorizer.engine.imageio.vips import pyvips

QUALITY: Final = 85
WEBP_QUALITY: Final = 80
WEBP_EFFORT: Final = 2
"""Bytes as with the usual 4, within 5 %, in half the time."""
WHITE: Final = 255


def display_jpeg(picture: Picture) -> bytes:
    """The picture for a page of its own: see `reduced_jpeg`, DISPLAY_SIDE pixels at most."""
    return reduced_jpeg(picture, DISPLAY_SIDE)


def thumbnail_webp(picture: Picture) -> bytes:
    """The picture in a list: see `reduced_webp`, THUMBNAIL_SIDE pixels at most."""
    return reduced_webp(picture, THUMBNAIL_SIDE)


def small_webp(picture: Picture) -> bytes:
    """The picture in a list on a small or coarse screen: see `reduced_webp`, SMALL_SIDE pixels at most."""
    return reduced_webp(picture, SMALL_SIDE)


def reduced_jpeg(picture: Picture, longest_side: int) -> bytes:
    """A progressive JPEG, 8 bits a channel, gray or sRGB, nothing in it but pixels.

    Args:
        picture: of any depth, with or without alpha, which is put on white. It is not changed.
        longest_side: in pixels; what is smaller is not enlarged.
    """
    content: bytes = _reduced(picture, longest_side).jpegsave_buffer(
        Q=QUALITY, interlace=True, optimize_coding=True, keep="none"
    )
    return content


def reduced_webp(picture: Picture, longest_side: int) -> bytes:
    """A WebP without alpha; otherwise as `reduced_jpeg`."""
    content: bytes = _reduced(picture, longest_side).webpsave_buffer(
        Q=WEBP_QUALITY, effort=WEBP_EFFORT, keep="none"
    )
    return content


def on_white(picture: Picture, longest_side: int) -> NDArray[np.uint8]:
    """The pixels alone, H x W x 1 or H x W x 3; otherwise as `reduced_jpeg`."""
    reduced = _reduced(picture, longest_side)
    content = np.frombuffer(reduced.write_to_memory(), np.uint8)
    return content.reshape(reduced.height, reduced.width, reduced.bands)


def pillow_image(pixels: NDArray[Any]) -> Image.Image:
    """
    Args:
        pixels: H x W x 1 or H x W x 3, uint8.
    """
    return Image.fromarray(pixels.squeeze(axis=2) if pixels.shape[2] == 1 else pixels)


def _reduced(picture: Picture, longest_side: int) -> Any:
    reduced = image_of(picture).thumbnail_image(longest_side, height=longest_side, size="down")
    return reduced.flatten(background=[WHITE]) if picture.alpha is not None else reduced


def image_of(picture: Picture) -> Any:
    colors = _in_memory(picture.pixels)
    colors = colors.copy(interpretation="b-w" if colors.bands == 1 else "srgb")
    return colors if picture.alpha is None else colors.bandjoin(_in_memory(picture.alpha))


def _in_memory(pixels: NDArray[Any]) -> Any:
    content = np.ascontiguousarray(eight_bit(pixels))
    height, width, *bands = content.shape
    return pyvips.Image.new_from_memory(content, width, height, *(bands or [1]), "uchar")
