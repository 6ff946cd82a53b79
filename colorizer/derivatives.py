"""Pictures for the screen: our own JPEG encodings in sRGB, without metadata."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from django.core.files.base import ContentFile
from PIL import Image, ImageCms

from colorizer.engine.color import eight_bit

DISPLAY_SIDE = 2048
THUMBNAIL_SIDE = 720
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def display(upright: Image.Image) -> ContentFile[bytes]:
    return _encoded(upright, DISPLAY_SIDE)


def thumbnail(upright: Image.Image) -> ContentFile[bytes]:
    return _encoded(upright, THUMBNAIL_SIDE)


def _encoded(upright: Image.Image, longest_side: int) -> ContentFile[bytes]:
    picture = _on_white(_in_srgb(_reduced(_with_smooth_mode(upright), longest_side)))
    picture.info.clear()  # Pillow would write the file's comment again
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=85, progressive=True)
    return ContentFile(encoded.getvalue(), name="derivative.jpg")


def _with_smooth_mode(picture: Image.Image) -> Image.Image:
    """A mode that can be resized by interpolation, with 8 bits a channel."""
    if picture.mode.startswith("I"):
        # Pillow would clip 16-bit gray at 255 instead of scaling it.
        return Image.fromarray(eight_bit(np.asarray(picture).clip(0, 65535).astype(np.uint16)))
    if picture.mode == "1":
        return picture.convert("L")
    if picture.mode in ("P", "PA"):
        return picture.convert("RGBA")
    return picture


def _reduced(picture: Image.Image, longest_side: int) -> Image.Image:
    scale = min(1.0, longest_side / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK", "L"):
        return picture
    try:
        converted = ImageCms.profileToProfile(picture, BytesIO(profile), SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return picture  # an unusable profile: the colours are read as if there was none
    return converted or picture


def _on_white(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture if picture.mode == "L" else picture.convert("RGB")
    opaque = Image.new("RGBA", picture.size, "white")
    opaque.alpha_composite(picture.convert("RGBA"))
    return opaque.convert("RGB")
