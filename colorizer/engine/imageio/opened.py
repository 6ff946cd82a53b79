"""What opening a picture file gives, and what the openers of all formats share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import PictureFormat
from colorizer.engine.imageio.joined_file import JoinedFile
from colorizer.engine.imageio.orientation import FIRST_TURNED, named_orientation
from colorizer.engine.imageio.vips import MILLIMETERS_PER_INCH, blob_of, pyvips

STRIP_ROWS: Final = 256
BITS: Final = {"uchar": 8, "ushort": 16}
WIDEST: Final = 32
METADATA_NAMES: Final = {
    "exif": "exif-data",
    "xmp": "xmp-data",
    "icc_profile": "icc-profile-data",
}


@dataclass(frozen=True)
class PictureHeader:
    """What a file says of its picture before a pixel is decoded.

    Attributes:
        format: by content, whatever the file is called.
        width, height: pixels, upright.
        bits: a channel, as it is decoded: 8 or 16, or 32 for whatever has more, which is not read.
        is_float: the pixels are floating-point numbers, which are not read.
        has_several_frames: an animation, a sequence or several pages, which are not read.
        orientation: how the pixels lie in the file, EXIF's 1..8; see `orientation`.
    """

    format: PictureFormat
    width: int
    height: int
    bits: int = 8
    is_float: bool = False
    has_several_frames: bool = False
    orientation: int = 1


@dataclass(frozen=True)
class OpenedPicture:
    """A header, and how to get at the pixels while the file is open.

    Attributes:
        image: makes a pyvips image as it is stored: not upright, in its own colors, mostly yet to
            be decoded. What it raises is to be named by `damage_named`.
        check: raises what the decoder has to say after the last of the pixels.
        flaw: what is wrong with the file when its picture is decoded like this.
        again: another way to decode it, after the decoder has failed with the words that are given.
    """

    header: PictureHeader
    image: Callable[[], Any]
    check: Callable[[], None] = lambda: None
    flaw: Flaw | None = None
    again: Callable[[str], OpenedPicture | None] = lambda _: None


Opener: TypeAlias = Callable[[BinaryIO, PictureFormat], OpenedPicture]


def opened(
    known: PictureFormat,
    stored_size: tuple[int, int],
    image: Callable[[], Any],
    orientation: int = 1,
    **facts: Any,
) -> OpenedPicture:
    """A picture whose pixels lie in the file by an orientation."""
    width, height = stored_size[::-1] if orientation >= FIRST_TURNED else stored_size
    header = PictureHeader(known, width, height, orientation=orientation, **facts)
    return OpenedPicture(header, image)


def opened_by_vips(image: Any, known: PictureFormat, **facts: Any) -> OpenedPicture:
    """What libvips has opened, with the orientation that its metadata name."""
    orientation = named_orientation(blob_of(image, "exif-data"), blob_of(image, "xmp-data"))
    facts = {
        "orientation": orientation,
        "bits": BITS.get(image.format, WIDEST),
        "has_several_frames": bool(image.get_typeof("n-pages")) and image.get("n-pages") > 1,
        **facts,
    }
    return opened(known, (image.width, image.height), lambda: image, **facts)


def load(loader: str, file: BinaryIO, fail_on: str = "error") -> Any:
    """An image that libvips decodes strip by strip, from the top to the bottom."""
    file.seek(0)
    source = pyvips.Source.new_from_descriptor(file.fileno())
    return pyvips.Operation.call(loader, source, access="sequential", fail_on=fail_on)


def load_joined(file: JoinedFile, fail_on: str = "error") -> Any:
    """The same, of a file that is none on the disk."""
    source = pyvips.SourceCustom()
    source.on_read(file.read)
    source.on_seek(file.seek)
    # Unlike the loaders themselves this keeps the source as long as the image.
    return pyvips.Image.new_from_source(source, "", access="sequential", fail_on=fail_on)


def vips_opener(loader: str) -> Opener:
    def open_by_vips(file: BinaryIO, known: PictureFormat) -> OpenedPicture:
        return opened_by_vips(load(loader, file), known)

    return open_by_vips


def decoded_by_pillow(picture: Image.Image) -> Any:
    is_plain = picture.mode in ("L", "RGB", "RGBA")
    plain = picture if is_plain else picture.convert("RGB")
    pixels = np.empty((plain.height, plain.width, len(plain.getbands())), np.uint8)
    for top in range(0, plain.height, STRIP_ROWS):  # in one piece Pillow would copy it twice
        strip = plain.crop((0, top, plain.width, min(top + STRIP_ROWS, plain.height)))
        pixels[top : top + STRIP_ROWS] = np.asarray(strip).reshape(strip.height, strip.width, -1)
    return in_memory(pixels, plain.info)


def in_memory(pixels: NDArray[Any], info: dict[Any, Any]) -> Any:
    """Decoded pixels with what Pillow knows of the file, under libvips' names."""
    is_wide = pixels.dtype == np.uint16
    content = np.ascontiguousarray(pixels).reshape(*pixels.shape[:2], -1)
    height, width, bands = content.shape
    depth = "ushort" if is_wide else "uchar"
    gray, color = ("grey16", "rgb16") if is_wide else ("b-w", "srgb")
    image = pyvips.Image.new_from_memory(content, width, height, bands, depth)
    image = image.copy(interpretation=gray if bands <= 2 else color)  # noqa: PLR2004
    if "dpi" in info:
        x, y = (float(dots) / MILLIMETERS_PER_INCH for dots in info["dpi"])
        image = image.copy(xres=x, yres=y)
    for ours, theirs in METADATA_NAMES.items():
        if info.get(ours):
            image.set_type(pyvips.GValue.blob_type, theirs, info[ours])
    return image


def unassociated(image: Any) -> Any:
    """Colors that were multiplied by alpha, as they were before."""
    full = 2 ** BITS[image.format] - 1
    return image.unpremultiply(max_alpha=full).rint().cast(image.format)
