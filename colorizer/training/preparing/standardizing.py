"""One picture file made into a training photograph, or the reason why not."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from PIL import Image, ImageCms, ImageOps

from colorizer.engine.errors import DECODER_ERRORS
from colorizer.training.preparing.duplicates import PerceptualHash, perceptual_hash
from colorizer.training.preparing.sources import Candidate

SMALLEST_SIDE: Final = 160
LONGEST_TO_SHORT: Final = 352 / 224
JPEG_QUALITY: Final = 82
GRAY_BELOW: Final = 5.0
TINTED_BELOW: Final = 3.0
LUMA_STEPS: Final = 16
STATISTICS_SHRINK: Final = 4
DRAFT_SCALE: Final = 2
SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


class Reason(StrEnum):
    """Why a picture is left out."""

    LICENSE = "by license"
    DUPLICATE = "exact or near duplicates"
    GRAY = "nearly gray"
    TINTED = "of a single tint"
    SMALL = f"shorter side under {SMALLEST_SIDE} pixels"
    BROKEN = "broken"


class Rejected(NamedTuple):
    source: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Photograph:
    """Ready for a shard.

    digest: SHA-256 of the source file, hexadecimal: the same whatever else is prepared with it.
    jpeg: baseline, 4:4:4, without metadata.
    """

    source: str
    digest: str
    hash: PerceptualHash
    width: int
    height: int
    jpeg: bytes


def standardized(candidate: Candidate, side: int) -> Photograph | Rejected:
    """Upright, sRGB, shorter side at most `side` pixels, longer side cropped around the center."""
    try:
        content = candidate.content
        content = content.read_bytes() if isinstance(content, Path) else content
        with Image.open(io.BytesIO(content)) as opened:
            if min(opened.size) < SMALLEST_SIDE:
                return Rejected(candidate.source, Reason.SMALL)
            picture = _cropped(_reduced(_in_srgb(_drafted(opened, side)), side), side)
    except (*DECODER_ERRORS, Image.DecompressionBombError) as error:
        return Rejected(candidate.source, Reason.BROKEN, str(error) or type(error).__name__)
    if reason := _lack_of_color(picture):
        return Rejected(candidate.source, reason)
    digest = hashlib.sha256(content).hexdigest()
    return Photograph(
        candidate.source, digest, perceptual_hash(picture), *picture.size, _encoded(picture)
    )


def _drafted(opened: Image.Image, side: int) -> Image.Image:
    """JPEGs much larger than needed are decoded at 1/2, 1/4 or 1/8 of their size."""
    shrink = DRAFT_SCALE * side / min(opened.size)
    opened.draft(None, (round(opened.width * shrink), round(opened.height * shrink)))
    return ImageOps.exif_transpose(opened)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Of what has alpha or a palette, the profile is that of its RGB."""
    profile = picture.info.get("icc_profile")
    plain = picture if picture.mode in {"RGB", "CMYK"} else picture.convert("RGB")
    if not profile:
        return plain.convert("RGB")
    try:
        converted = ImageCms.profileToProfile(plain, io.BytesIO(profile), SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError):
        return plain.convert("RGB")  # an unusable profile: read as if there was none
    return converted or plain.convert("RGB")


def _reduced(picture: Image.Image, side: int) -> Image.Image:
    scale = min(1.0, side / min(picture.size))
    size = (round(picture.width * scale), round(picture.height * scale))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _cropped(picture: Image.Image, side: int) -> Image.Image:
    longest = round(side * LONGEST_TO_SHORT)
    size = (min(picture.width, longest), min(picture.height, longest))
    left, top = (picture.width - size[0]) // 2, (picture.height - size[1]) // 2
    return picture.crop((left, top, left + size[0], top + size[1]))


def _lack_of_color(picture: Image.Image) -> Reason | None:
    """Toned prints have one chroma for each luma: what is left besides it tells them from photos.

    Both figures are root mean squares of chroma, in 8-bit units.
    """
    pixels = np.asarray(picture.reduce(STATISTICS_SHRINK).convert("YCbCr"), dtype=np.float32)
    luma, chroma = np.split(pixels.reshape(-1, 3), [1], axis=1)
    chroma -= 128
    if np.sqrt((chroma**2).sum(axis=1).mean()) < GRAY_BELOW:
        return Reason.GRAY
    steps = np.array_split(chroma[luma[:, 0].argsort(kind="stable")], LUMA_STEPS)
    if np.sqrt(np.mean([step.var(axis=0).sum() for step in steps])) < TINTED_BELOW:
        return Reason.TINTED
    return None


def _encoded(picture: Image.Image) -> bytes:
    picture.info.clear()  # Pillow would write the file's comment and profile again
    encoded = io.BytesIO()
    picture.save(encoded, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return encoded.getvalue()
