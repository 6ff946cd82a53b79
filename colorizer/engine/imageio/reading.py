"""Picture files of any kind as upright sRGB pixels, read in strips."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.errors import DamagedPictureError, UnsupportedPixelsError
from colorizer.engine.imageio.decoding import check_header, damage_named, open_picture
from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import HIGH_DEPTH
from colorizer.engine.imageio.metadata import Metadata, metadata_of
from colorizer.engine.imageio.opened import OpenedPicture, PictureHeader
from colorizer.engine.imageio.orientation import FIRST_TURNED, STORED
from colorizer.engine.imageio.vips import pyvips

DTYPES: Final[dict[str, Any]] = {"uchar": np.dtype(np.uint8), "ushort": np.dtype(np.uint16)}
STRIP_ROWS: Final = 16
GRAY: Final = ("b-w", "grey16")
COLOR: Final = ("srgb", "rgb", "rgb16")


@dataclass(frozen=True)
class Picture:
    """An upright picture in sRGB.

    Attributes:
        pixels: H x W x 1 (gray) or H x W x 3 (sRGB), uint8 or uint16 (full range), C-contiguous.
        alpha: H x W, the dtype of `pixels`; None where the file has none.
        metadata: what a result may carry on.
        flaw: what is wrong with the file, although all of the picture could be read.
    """

    pixels: NDArray[Any]
    alpha: NDArray[Any] | None
    metadata: Metadata
    flaw: Flaw | None = None


def inspect_picture(source: Path) -> PictureHeader:
    """What a file says of its picture, from its header: cheap, whatever the size.

    Neither limits nor frames nor depth are judged: see `check_header`, which `read_picture` asks.

    Raises:
        UnknownFormatError: no picture, or in a format that is not read.
        UnreadablePictureError: damaged so far.
        OSError: the file cannot be opened.
    """
    with _opened(source) as file:
        return open_picture(file).header


def read_picture(source: Path) -> Picture:
    """Read a picture file; its type is that of its content.

    Gray files come with one channel. The orientation is applied (see `orientation`), a color profile
    converted to sRGB; a profile that cannot be used is ignored, and so is alpha that would hide
    everything. The whole takes the memory of the pixels returned and what the decoder itself needs.

    Raises:
        UnknownFormatError, SeveralFramesError, PictureTooLargeError, UnsupportedPixelsError: see
            `check_header`; found in the header, before anything is decoded.
        UnreadablePictureError: damaged; the four above are of this kind, too.
        OSError: the file cannot be opened.
    """
    with _opened(source) as file:
        opened = open_picture(file)
        check_header(opened.header)
        try:
            return _read(opened)
        except DamagedPictureError as error:
            with damage_named():
                other = opened.again(error.cause)
            if other is None:
                raise
            return _read(other)


def _opened(source: Path) -> BinaryIO:
    """Without a buffer: libvips reads the same descriptor, and moves its position."""
    return cast("BinaryIO", source.open("rb", buffering=0))


def _read(opened: OpenedPicture) -> Picture:
    with damage_named():
        picture = _decoded(opened.image(), opened.header.orientation)
        opened.check()
        return replace(picture, flaw=opened.flaw)


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
            "The picture's colors (%(colors)s) are not known. Save it as RGB.",
            colors=str(image.interpretation),
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
            "srgb",
            embedded=True,
            intent="relative",
            black_point_compensation=True,  # else the black of a print becomes gray
            depth=16 if image.format == "ushort" else 8,
            **fallback,
        )
    except pyvips.Error:
        return image  # an unusable profile: the colors are read as if there was none


def _decoded(stored: Any, orientation: int) -> Picture:
    is_turned = orientation >= FIRST_TURNED
    image = _in_srgb(_in_full_range(stored))
    size = (image.width, image.height) if is_turned else (image.height, image.width)
    colors = 1 if image.interpretation in GRAY else 3
    pixels = np.empty((*size, colors), DTYPES[image.format])
    alpha = np.empty(size, pixels.dtype) if image.bands > colors else None
    _decode(
        image, STORED[orientation](pixels), None if alpha is None else STORED[orientation](alpha)
    )
    return Picture(pixels, _usable(alpha, pixels), metadata_of(stored, is_turned=is_turned))


def _usable(alpha: NDArray[Any] | None, pixels: NDArray[Any]) -> NDArray[Any] | None:
    """Alpha that hides everything says nothing of the picture below it, if there is one."""
    if alpha is None or alpha.any():
        return alpha
    if (pixels == pixels[0, 0]).all():
        raise UnsupportedPixelsError("The picture is empty: it is transparent all over.")
    return None


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
