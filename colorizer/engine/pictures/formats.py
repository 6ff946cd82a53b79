"""The formats that results are written in, by suffix, and what each of them can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from colorizer.engine.errors import UnsupportedFormatError

Bits: TypeAlias = Literal[8, 16]
HIGH_DEPTH: Final = 16
FormatName: TypeAlias = Literal["JPEG", "PNG", "WebP", "TIFF", "AVIF", "HEIC", "BMP", "GIF"]


@dataclass(frozen=True)
class Format:
    name: FormatName
    max_side: int
    max_pixels: int | None = None
    has_alpha: bool = False
    has_16_bits: bool = False
    is_lossy: bool = False
    carries_xmp: bool = True
    carries_iptc: bool = False  # TIFF could, but libvips 8.18 cuts it to a quarter


JPEG = Format("JPEG", 65_500, is_lossy=True, carries_iptc=True)
PNG = Format("PNG", 2**31 - 1, has_alpha=True, has_16_bits=True)
# The part of a WebP that says how each block is coded holds half a megabyte: beyond 150 megapixels
# libwebp needs several passes to fit in what has much detail, and beyond 185 it may fail.
WEBP = Format("WebP", 16_383, 150_000_000, has_alpha=True, is_lossy=True)
TIFF = Format("TIFF", 2**31 - 1, has_alpha=True, has_16_bits=True)
AVIF = Format("AVIF", 16_384, has_alpha=True, is_lossy=True)
HEIC = Format("HEIC", 16_384, has_alpha=True, is_lossy=True)
BMP = Format("BMP", 2**31 - 1, carries_xmp=False)
GIF = Format("GIF", 65_535, carries_xmp=False)

FORMATS: Final[dict[str, Format]] = {
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".png": PNG,
    ".webp": WEBP,
    ".tif": TIFF,
    ".tiff": TIFF,
    ".avif": AVIF,
    ".heic": HEIC,
    ".heif": HEIC,
    ".bmp": BMP,
    ".gif": GIF,
}


@dataclass(frozen=True)
class SaveOptions:
    """How a result is written.

    Attributes:
        quality: of lossy formats, 1..100; the others ignore it.
        bits: a channel; None is 16 where the source has 16 and the format can hold them, else 8.
        corner_mark: draw the visible mark of a colorized picture.
        keep_metadata: carry the source's EXIF, IPTC and XMP, which may tell of persons and places.

    Raises:
        ValueError: quality or bits out of range.
    """

    quality: int = 92
    bits: Bits | None = None
    corner_mark: bool = False
    keep_metadata: bool = False

    def __post_init__(self) -> None:
        if self.quality not in range(1, 101):
            raise ValueError(f"The quality must be 1 to 100, not {self.quality}.")
        if self.bits not in (None, 8, 16):
            raise ValueError(f"A channel has 8 or 16 bits, not {self.bits}.")


def format_of(destination: Path) -> Format:
    """Raises UnsupportedFormatError when the suffix is not known."""
    try:
        return FORMATS[destination.suffix.lower()]
    except KeyError:
        raise UnsupportedFormatError(
            f"Results cannot be written as '{destination.suffix or destination.name}'. "
            f"Use {', '.join(FORMATS)}."
        ) from None


def check_destination(
    destination: Path, options: SaveOptions, size: tuple[int, int] | None = None
) -> None:
    """Say before any work is done that a result cannot be written.

    Args:
        size: width and height of the result, once they are known.

    Raises:
        UnsupportedFormatError: unknown suffix, 16 bits or a size that the format does not hold.
    """
    known = format_of(destination)
    if options.bits == HIGH_DEPTH and not known.has_16_bits:
        raise UnsupportedFormatError(f"{known.name} has no 16 bits a channel. Use PNG or TIFF.")
    if size and max(size) > known.max_side:
        raise UnsupportedFormatError(
            f"{known.name} holds at most {known.max_side:,} pixels a side, the result has "
            f"{size[0]:,} x {size[1]:,}. Use PNG or TIFF."
        )
    if size and known.max_pixels and size[0] * size[1] > known.max_pixels:
        raise UnsupportedFormatError(
            f"{known.name} holds at most {known.max_pixels:,} pixels, the result has "
            f"{size[0] * size[1]:,}. Use JPEG, PNG or TIFF."
        )


def bits_of_result(destination: Path, options: SaveOptions, source_bits: Bits) -> Bits:
    """Bits a channel that the result will have; what is joined in these needs no conversion."""
    if options.bits:
        return options.bits
    return source_bits if format_of(destination).has_16_bits else 8
