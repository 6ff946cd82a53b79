"""Picture files: read upright as luma, joined with chroma, written whole or not at all."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from colorizer.engine.errors import (
    DECODER_ERRORS,
    UnreadablePictureError,
    UnsupportedFormatError,
)

if TYPE_CHECKING:
    from torch import Tensor

STRIP_PIXELS = 2_000_000

SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    ".jpg": {"format": "JPEG", "quality": 92},
    ".jpeg": {"format": "JPEG", "quality": 92},
    ".png": {"format": "PNG"},
    ".webp": {"format": "WEBP", "quality": 92},
    ".tif": {"format": "TIFF", "compression": "tiff_lzw"},
    ".tiff": {"format": "TIFF", "compression": "tiff_lzw"},
    ".bmp": {"format": "BMP"},
    ".gif": {"format": "GIF"},
}
WITHOUT_ALPHA = {"JPEG", "BMP", "GIF"}


@dataclass(frozen=True)
class GrayPicture:
    """Upright luma and, where the file has it, alpha; both of mode "L" and the same size."""

    luma: Image.Image
    alpha: Image.Image | None


def _luma_of(image: Image.Image) -> Image.Image:
    """ITU-R BT.601 luma, 8 bit; 16-bit gray is scaled down instead of clipped."""
    if image.mode.startswith("I"):
        wide = np.asarray(image).astype(np.float32)
        return Image.fromarray((wide / 257 + 0.5).clip(0, 255).astype(np.uint8))
    if image.mode == "F":
        raise UnreadablePictureError("Floating-point pictures have no known white. Save as 16 bit.")
    rgb = image if image.mode in ("L", "RGB", "YCbCr") else image.convert("RGB")
    return rgb.convert("L")


def read_gray(source: Path) -> GrayPicture:
    """Read a picture of any kind as upright luma.

    Raises:
        UnreadablePictureError: not a picture, damaged, animated or over Pillow's limit of pixels.
    """
    try:
        with warnings.catch_warnings(), Image.open(source) as opened:
            warnings.simplefilter("ignore")  # what can be read in spite of it, is read
            _check_single_frame(opened)
            upright = ImageOps.exif_transpose(opened)
            alpha = (
                upright.convert("RGBA").getchannel("A") if upright.has_transparency_data else None
            )
            return GrayPicture(_luma_of(upright), alpha)
    except UnidentifiedImageError:
        raise UnreadablePictureError("This is not a picture that can be read.") from None
    except Image.DecompressionBombError as error:
        raise UnreadablePictureError(f"The picture has too many pixels: {error}") from error
    except DECODER_ERRORS as error:
        raise UnreadablePictureError(f"The picture is damaged: {error}") from error


def _check_single_frame(image: Image.Image) -> None:
    # MPO: a JPEG of a phone or camera, with a second picture inside.
    if getattr(image, "n_frames", 1) > 1 and image.format != "MPO":
        raise UnreadablePictureError("The picture has several frames. Save the one you want.")


def join_chroma(luma: Image.Image, chroma: Tensor) -> Image.Image:
    """Join low-resolution chroma to full-resolution luma, strip by strip to bound the memory.

    JPEG's YCbCr (ITU-T T.871): the luma of the result is the luma given, as far as RGB can hold it.

    Args:
        luma: mode "L", any size.
        chroma: 2 x h x w, float, Cb and Cr in 8-bit units around 0, of the whole picture.

    Returns:
        Mode "RGB", the size of `luma`.
    """
    channels = [Image.fromarray(channel) for channel in chroma.float().cpu().numpy() + 128]
    low_width, low_height = channels[0].size
    joined = Image.new("RGB", luma.size)
    rows = max(1, STRIP_PIXELS // luma.width)
    for top in range(0, luma.height, rows):
        bottom = min(top + rows, luma.height)
        box = (0, top * low_height / luma.height, low_width, bottom * low_height / luma.height)
        cb, cr = (_upsampled(channel, (luma.width, bottom - top), box) for channel in channels)
        strip = Image.merge("YCbCr", [luma.crop((0, top, luma.width, bottom)), cb, cr])
        joined.paste(strip.convert("RGB"), (0, top))
    return joined


def _upsampled(
    channel: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Image.Image:
    wide = np.asarray(channel.resize(size, Image.Resampling.BICUBIC, box=box))
    return Image.fromarray((wide + 0.5).clip(0, 255).astype(np.uint8))


def check_destination(destination: Path) -> None:
    """Raises UnsupportedFormatError, before any work is done."""
    if destination.suffix.lower() not in SAVE_OPTIONS:
        known = ", ".join(SAVE_OPTIONS)
        raise UnsupportedFormatError(
            f"Results cannot be written as '{destination.suffix or destination.name}'. Use {known}."
        )


def write_picture(image: Image.Image, alpha: Image.Image | None, destination: Path) -> None:
    """Write in the format of the destination's suffix; alpha is kept where the format has it.

    The file appears under its name only when it is complete.

    Raises:
        UnsupportedFormatError: unknown suffix, or a size that the format does not hold.
        OSError: no space, no right, no folder.
    """
    check_destination(destination)
    options = SAVE_OPTIONS[destination.suffix.lower()]
    if alpha is not None and options["format"] not in WITHOUT_ALPHA:
        image.putalpha(alpha)
    with NamedTemporaryFile(dir=destination.parent, prefix=".unfinished-", delete=False) as file:
        unfinished = Path(file.name)
    try:
        image.save(unfinished, **options)
        unfinished.chmod(0o644)
        unfinished.replace(destination)
    except ValueError as error:
        raise UnsupportedFormatError(
            f"The result cannot be written as {options['format']}: {error}"
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
