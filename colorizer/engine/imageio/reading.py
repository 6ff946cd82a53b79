"""Picture files of any kind as upright sRGB pixels, read in strips."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.errors import UnsupportedPixelsError
from colorizer.engine.imageio.decoding import (
    DTYPES,
    FIRST_TURNED,
    PictureHeader,
    check_header,
    damage_named,
    open_picture,
    orientation_of,
)
from colorizer.engine.imageio.formats import HIGH_DEPTH
from colorizer.engine.imageio.metadata import Metadata, metadata_of
from colorizer.engine.imageio.vips import pyvips

STRIP_ROWS: Final = 16
GRAY: Final = ("b-w", "grey16")
COLOR: Final = ("srgb", "rgb", "rgb16")

# How the pixels of an upright picture lie in the file, by EXIF's orientation (2.32, 4.6.4).
STORED: Final[dict[int, Callable[[NDArray[Any]], NDArray[Any]]]] = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.swapaxes(0, 1),
    6: np.rot90,
    7: lambda upright: upright[::-1, ::-1].swapaxes(0, 1),
    8: lambda upright: np.rot90(upright, -1),
}


@dataclass(frozen=True)
class Picture:
    """An upright picture in sRGB.

    Attributes:
        pixels: H x W x 1 (gray) or H x W x 3 (sRGB), uint8 or uint16 (full range), C-contiguous.
        alpha: H x W, the dtype of `pixels`; None where the file has none.
        metadata: what a result may carry on.
    """

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None
    metadata: Metadata


def inspect_picture(source: Path) -> PictureHeader:
    """What a file says of its picture, from its header: cheap, whatever the size.

    Neither limits nor frames nor depth are judged: see `check_header`, which `read_picture` asks.

    Raises:
        UnknownFormatError: no picture, or in a format that is not read.
        UnreadablePictureError: damaged so far.
        OSError: the file cannot be opened.
    """
    with source.open("rb") as file:
        return open_picture(file).header


def read_picture(source: Path) -> Picture:
    """Read a picture file; its type is that of its content.

    Gray files come with one channel. EXIF's orientation is applied, a color profile converted to
    sRGB; a profile that cannot be used is ignored. The whole takes the memory of the pixels
    returned and what the decoder itself needs.

    Raises:
        UnknownFormatError, SeveralFramesError, PictureTooLargeError, UnsupportedPixelsError: see
            `check_header`; found in the header, before anything is decoded.
        UnreadablePictureError: damaged; the four above are of this kind, too.
        OSError: the file cannot be opened.
    """
    with source.open("rb") as file:
        opened = open_picture(file)
        check_header(opened.header)
        with damage_named():
            return _decoded(_in_full_range(opened.image()))


def _in_full_range(image: Any) -> Any:
    """10 and 12 bits of HEIC and AVIF come in the upper bits; white is to be 65535."""
    bits = image.get("bits-per-sample") if image.get_typeof("bits-per-sample") else HIGH_DEPTH
    return image | (image >> bits) if image.format == "ushort" and bits < HIGH_DEPTH else image


def _in_srgb(image: Any) -> Any:
    """Gray as one channel, everything else as sRGB's three; then alpha, where there is one."""
    is_gray = image.interpretation in GRAY
    converted = _by_profile(image)
    if converted.interpretation not in (*GRAY, *COLOR):
        raise UnsupportedPixelsError(
            f"The picture's colors ({image.interpretation}) are not known. Save it as RGB."
        )
    if is_gray and converted.interpretation in COLOR:
        # Of gray, the three are equal.
        gray = converted[1].bandjoin(converted[3]) if image.hasalpha() else converted[1]
        return gray.copy(interpretation=image.interpretation)
    return converted


def _by_profile(image: Any) -> Any:
    fallback = {"input_profile": "cmyk"} if image.interpretation == "cmyk" else {}
    if not fallback and not image.get_typeof("icc-profile-data"):
        return image
    try:
        return image.icc_transform(
            "srgb", embedded=True, depth=16 if image.format == "ushort" else 8, **fallback
        )
    except pyvips.Error:
        return image  # an unusable profile: the colors are read as if there was none


def _decoded(image: Any) -> Picture:
    orientation = orientation_of(image)
    is_turned = orientation >= FIRST_TURNED
    metadata = metadata_of(image, is_turned=is_turned)
    image = _in_srgb(image)
    size = (image.width, image.height) if is_turned else (image.height, image.width)
    colors = 1 if image.interpretation in GRAY else 3
    pixels = np.empty((*size, colors), DTYPES[image.format])
    alpha = np.empty(size, pixels.dtype) if image.bands > colors else None
    _decode(
        image, STORED[orientation](pixels), None if alpha is None else STORED[orientation](alpha)
    )
    return Picture(pixels, alpha, metadata)


def _decode(image: Any, pixels: NDArray[Any], alpha: NDArray[Any] | None) -> None:
    """Decode strip by strip into arrays that are laid out as the file is."""
    region = pyvips.Region.new(image)
    for top in range(0, image.height, STRIP_ROWS):
        rows = min(STRIP_ROWS, image.height - top)
        content = region.fetch(0, top, image.width, rows)
        strip = np.frombuffer(content, pixels.dtype).reshape(rows, image.width, image.bands)
        pixels[top : top + rows] = strip[..., : pixels.shape[2]]
        if alpha is not None:
            alpha[top : top + rows] = strip[..., pixels.shape[2]]
