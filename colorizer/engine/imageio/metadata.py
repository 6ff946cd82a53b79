"""What a picture file tells besides its pixels, as far as a result may carry it on."""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image
from PIL.ExifTags import Base

from colorizer.engine.imageio.vips import MILLIMETERS_PER_INCH, blob_of

INCH: Final = 2
CENTIMETER: Final = 3
"""Units of a resolution in EXIF."""
CENTIMETERS_PER_INCH: Final = 2.54
EXIF_HEADER: Final = b"Exif\0\0"
PHOTOSHOP_HEADER: Final = b"Photoshop 3.0\0"
IPTC_RESOURCE: Final = b"8BIM\x04\x04"
LEAST_DPI: Final = 1
LARGEST_DPI: Final = 100_000
UNKNOWN_RESOLUTION: Final = (1.0, 1.0)  # libvips' way of saying so
RESOURCE_HEAD: Final = struct.Struct(">6sHL")


@dataclass(frozen=True)
class Metadata:
    """All of it as bytes, save the resolution.

    Attributes:
        exif: with its "Exif\\0\\0" header.
        iptc: IIM records, without Photoshop's wrapping.
        xmp: an XMP packet.
        dpi: pixels an inch, horizontally and vertically, upright.
    """

    exif: bytes | None = None
    iptc: bytes | None = None
    xmp: bytes | None = None
    dpi: tuple[float, float] | None = None


def metadata_of(image: Any, *, is_turned: bool) -> Metadata:
    """What libvips found in a file. `is_turned`: width and height change places when upright."""
    iptc = blob_of(image, "iptc-data")
    if iptc and iptc.startswith(PHOTOSHOP_HEADER):
        iptc = iptc_from_photoshop(iptc)
    exif = blob_of(image, "exif-data")
    return Metadata(
        exif=exif,
        iptc=iptc,
        xmp=blob_of(image, "xmp-data"),
        dpi=_dpi(image, exif, is_turned=is_turned),
    )


def _dpi(image: Any, exif: bytes | None, *, is_turned: bool) -> tuple[float, float] | None:
    resolution = (image.xres, image.yres)
    if resolution == UNKNOWN_RESOLUTION:
        found = dpi_of_exif(exif) if exif else None
    else:
        found = (image.xres * MILLIMETERS_PER_INCH, image.yres * MILLIMETERS_PER_INCH)
    if found is None:
        return None
    x, y = found
    if not all(LEAST_DPI <= side <= LARGEST_DPI for side in (x, y)):
        return None  # zero, for example: nobody has measured it
    return (y, x) if is_turned else (x, y)


def upright_exif(exif: bytes) -> bytes | None:
    """EXIF for the pixels as they are written: neither an orientation nor an old thumbnail.

    None of such as cannot be parsed and written again: no picture fails for it.
    """
    entries = Image.Exif()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            entries.load(exif)
            for directory in (Base.ExifOffset, Base.GPSInfo):
                entries.get_ifd(directory)  # read now, else they would not be written
            entries.pop(Base.Orientation, None)
            return EXIF_HEADER + entries.tobytes().removeprefix(EXIF_HEADER)
    except Exception:  # noqa: BLE001  (there are as many errors as there are ways to be damaged)
        return None


def exif_of_dpi(dpi: tuple[float, float]) -> bytes:
    """EXIF that tells a resolution and nothing else; see `dpi_of_exif`."""
    entries = Image.Exif()
    entries[Base.XResolution], entries[Base.YResolution] = dpi
    entries[Base.ResolutionUnit] = INCH
    return EXIF_HEADER + entries.tobytes().removeprefix(EXIF_HEADER)


def dpi_of_exif(exif: bytes) -> tuple[float, float] | None:
    """Of formats that tell the resolution nowhere else: WebP, AVIF, HEIC."""
    entries = Image.Exif()
    try:
        entries.load(exif)
        x, y = (float(entries[tag]) for tag in (Base.XResolution, Base.YResolution))
    except Exception:  # noqa: BLE001  (see `upright_exif`)
        return None
    per_inch = CENTIMETERS_PER_INCH if entries.get(Base.ResolutionUnit) == CENTIMETER else 1
    return (x * per_inch, y * per_inch)


def iptc_from_photoshop(resources: bytes) -> bytes | None:
    """The IPTC records among Photoshop's image resources, as JPEG carries them in APP13."""
    start = resources.find(IPTC_RESOURCE)
    if start < 0 or len(resources) < start + RESOURCE_HEAD.size:
        return None
    _, name, size = RESOURCE_HEAD.unpack_from(resources, start)
    first = start + RESOURCE_HEAD.size
    return resources[first : first + size] if name == 0 else None


def photoshop_from_iptc(iptc: bytes) -> bytes:
    """IPTC records wrapped as JPEG carries them in APP13; see `iptc_from_photoshop`."""
    padding = b"\0" * (len(iptc) % 2)
    return PHOTOSHOP_HEADER + RESOURCE_HEAD.pack(IPTC_RESOURCE, 0, len(iptc)) + iptc + padding
