"""The table of picture formats: one entry each, read by validation, serving, the engine and the docs.

Knows neither torch nor libvips. A new format needs an entry here, an opener in `decoding` and an
encoder in `writing`. Documents, whose pages become pictures, have entries of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypeAlias

from colorizer.engine.errors import N_, UnknownFormatError, UnsupportedFormatError

Bits: TypeAlias = Literal[8, 16]
FormatName: TypeAlias = Literal["JPEG", "PNG", "TIFF", "WebP", "AVIF", "HEIC", "BMP", "GIF"]

HIGH_DEPTH: Final = 16
UNLIMITED: Final = 2**31 - 1
HEAD_BYTES: Final = 128
MAX_PAGES: Final = 200
"""As many bytes from the start of a file tell its format."""


@dataclass(frozen=True)
class PictureFormat:
    """One format. All of them are read and written, gray or in color, with 8 bits a channel.

    Attributes:
        name: as it is shown to people and recorded.
        suffixes: of file names, lower case with their dots; results get the first.
        content_types: the first is the one to serve; browsers send any of them.
        result_name: the format of a result on the site. Photos should not be kept in BMP or GIF;
            HEIC and AVIF take a minute to encode and do not open everywhere.
        signature: what the content begins with; None where `brands` tell (ISO/IEC 23008-12).
        brands: of an ISO base media file, four bytes each.
        has_alpha: transparency is written; it is read from every format that has it.
        has_16_bits: 16 bits a channel are written; they are read from every format that has them.
        may_have_frames: a file can hold several frames or pages. They are not read as one picture.
        has_pages: `documents` takes several of them apart.
        is_lossy: `SaveOptions.quality` counts.
        max_side: pixels that can be written along one side.
        max_pixels: that can be written in all; None is without a limit beside the sides'.
        carries_xmp: a result says in the file how it was made.
        carries_iptc: TIFF could, but libvips 8.18 cuts it to a quarter.
    """

    name: FormatName
    suffixes: tuple[str, ...]
    content_types: tuple[str, ...]
    result_name: FormatName
    signature: re.Pattern[bytes] | None = None
    brands: frozenset[bytes] = frozenset()
    has_alpha: bool = False
    has_16_bits: bool = False
    may_have_frames: bool = True
    has_pages: bool = False
    is_lossy: bool = False
    max_side: int = UNLIMITED
    max_pixels: int | None = None
    carries_xmp: bool = True
    carries_iptc: bool = False

    @property
    def suffix(self) -> str:
        """The usual one, ".jpg" for example."""
        return self.suffixes[0]

    @property
    def content_type(self) -> str:
        """What it is served as, "image/jpeg" for example."""
        return self.content_types[0]

    @property
    def result(self) -> PictureFormat:
        """The format that the site gives the result of a picture in this one."""
        return FORMATS[self.result_name]


@dataclass(frozen=True)
class DocumentFormat:
    """A format that is no picture, with pages that become pictures (see `documents`)."""

    name: str
    suffixes: tuple[str, ...]
    content_types: tuple[str, ...]
    signature: re.Pattern[bytes]


PDF: Final = DocumentFormat(
    "PDF",
    (".pdf",),
    ("application/pdf",),
    re.compile(rb"(?:\xef\xbb\xbf)?[\0\t\n\f\r ]*%PDF-"),
)

_TABLE: Final = (
    PictureFormat(
        "JPEG",
        (".jpg", ".jpeg", ".jpe", ".jif", ".jfif", ".mpo"),
        ("image/jpeg",),
        "JPEG",
        re.compile(rb"\xff\xd8\xff"),
        may_have_frames=False,  # a second picture inside (MPO) is not a frame
        is_lossy=True,
        max_side=65_500,
        carries_iptc=True,
    ),
    PictureFormat(
        "PNG",
        (".png",),
        ("image/png",),
        "PNG",
        re.compile(rb"\x89PNG\r\n\x1a\n"),
        has_alpha=True,
        has_16_bits=True,
    ),
    PictureFormat(
        "TIFF",
        (".tif", ".tiff"),
        ("image/tiff",),
        "TIFF",
        re.compile(rb"II\*\0|MM\0\*|II\+\0|MM\0\+"),
        has_alpha=True,
        has_16_bits=True,
        has_pages=True,
    ),
    PictureFormat(
        "WebP",
        (".webp",),
        ("image/webp",),
        "WebP",
        re.compile(rb"RIFF....WEBP", re.DOTALL),
        has_alpha=True,
        is_lossy=True,
        max_side=16_383,
        # The part of a WebP that says how each block is coded holds half a megabyte: beyond 150
        # megapixels libwebp needs several passes to fit in much detail; beyond 185 it may fail.
        max_pixels=150_000_000,
    ),
    PictureFormat(
        "AVIF",
        (".avif",),
        ("image/avif",),
        "JPEG",
        brands=frozenset({b"avif", b"avis"}),
        has_alpha=True,
        is_lossy=True,
        max_side=16_384,
    ),
    PictureFormat(
        "HEIC",
        (".heic", ".heif", ".hif"),
        ("image/heic", "image/heif"),
        "JPEG",
        brands=frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}),
        has_alpha=True,
        is_lossy=True,
        max_side=16_384,
    ),
    PictureFormat(
        "BMP",
        (".bmp", ".dib"),
        ("image/bmp",),
        "PNG",
        re.compile(rb"BM"),
        may_have_frames=False,
        carries_xmp=False,
    ),
    PictureFormat(
        "GIF",
        (".gif",),
        ("image/gif",),
        "PNG",
        re.compile(rb"GIF8[79]a"),
        max_side=65_535,
        carries_xmp=False,
    ),
)

FORMATS: Final[dict[FormatName, PictureFormat]] = {known.name: known for known in _TABLE}
SUFFIXES: Final[dict[str, PictureFormat]] = {
    suffix: known for known in _TABLE for suffix in known.suffixes
}
SCREEN_FORMAT: Final = FORMATS["JPEG"]
LIST_FORMAT: Final = FORMATS["WebP"]
"""What `derivatives` writes: for a page of its own, and for lists."""
DISPLAY_SIDE: Final = 2048
THUMBNAIL_SIDE: Final = 720
SMALL_SIDE: Final = 360
"""The longest side of each in lists, in pixels."""
ACCEPTED_CONTENT_TYPES: Final = ",".join(
    content_type for known in (*_TABLE, PDF) for content_type in known.content_types
)
"""For the `accept` attribute of a file field."""
NO_PICTURE: Final = N_(
    "This is not a picture that can be read. Use JPEG, PNG, TIFF, WebP, AVIF, HEIC, BMP or GIF."
)


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


def suffixes_of(*names: FormatName) -> tuple[str, ...]:
    """The suffixes of some formats, for `str.endswith`."""
    return tuple(suffix for name in names for suffix in FORMATS[name].suffixes)


def format_of_content(head: bytes) -> PictureFormat:
    """The format of a file by its first HEAD_BYTES.

    Raises:
        UnknownFormatError: empty, or none of the table.
    """
    if head[4:8] == b"ftyp":
        return _format_of_brands(head)
    for known in FORMATS.values():
        if known.signature and known.signature.match(head):
            return known
    if PDF.signature.match(head):
        raise UnknownFormatError("This is a PDF, not a picture. Save its pages as pictures.")
    if not head:
        raise UnknownFormatError("The file is empty.")
    raise UnknownFormatError(NO_PICTURE)


def _format_of_brands(head: bytes) -> PictureFormat:
    """ISO base media files (ISO/IEC 23008-12) name the brands that they are compatible with."""
    size = min(int.from_bytes(head[:4]), HEAD_BYTES)
    brands = {head[start : start + 4] for start in range(8, size, 4)}
    for known in FORMATS.values():
        if brands & known.brands:
            return known
    raise UnknownFormatError(NO_PICTURE)


def format_of(destination: Path) -> PictureFormat:
    """The format of a result by the suffix of its name.

    Raises:
        UnsupportedFormatError: the suffix is not in the table.
    """
    try:
        return SUFFIXES[destination.suffix.lower()]
    except KeyError:
        raise UnsupportedFormatError(
            "Results cannot be written as '%(suffix)s'. Use %(known)s.",
            suffix=destination.suffix or destination.name,
            known=", ".join(SUFFIXES),
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
        raise UnsupportedFormatError(
            "%(format)s has no 16 bits a channel. Use PNG or TIFF.", format=known.name
        )
    if size and max(size) > known.max_side:
        raise UnsupportedFormatError(
            "%(format)s holds at most %(most)s pixels a side, the result has "
            "%(width)s x %(height)s. Use PNG or TIFF.",
            format=known.name,
            most=f"{known.max_side:,}",
            width=f"{size[0]:,}",
            height=f"{size[1]:,}",
        )
    if size and known.max_pixels and size[0] * size[1] > known.max_pixels:
        raise UnsupportedFormatError(
            "%(format)s holds at most %(most)s pixels, the result has "
            "%(pixels)s. Use JPEG, PNG or TIFF.",
            format=known.name,
            most=f"{known.max_pixels:,}",
            pixels=f"{size[0] * size[1]:,}",
        )


def bits_of_result(destination: Path, options: SaveOptions, source_bits: Bits) -> Bits:
    """Bits a channel that the result will have; what is combined in these needs no conversion."""
    if options.bits:
        return options.bits
    return source_bits if format_of(destination).has_16_bits else 8
