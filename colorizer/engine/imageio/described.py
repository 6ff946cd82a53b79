"""Reads what people have written about a picture into its file: XMP first, then IPTC and EXIF.

No picture is refused for what stands in its metadata: what cannot be read is not there.
"""

from __future__ import annotations

import re
import struct
import warnings
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

from PIL import Image
from PIL.ExifTags import IFD, Base

from colorizer.engine.imageio.description import Description, described_in_xmp
from colorizer.engine.imageio.iptc import as_text, described_in_iptc
from colorizer.engine.imageio.metadata import Metadata, iptc_from_photoshop

Found = TypeVar("Found")

MAX_PACKET_BYTES: Final = 2**18
MAX_TEXT: Final = 5000
MAX_LINE: Final = 200
MAX_NAME: Final = 100
MAX_NAMES: Final = 100
MAX_READ_NAMES: Final = 1000
TIFF_XMP: Final = 700
TIFF_IPTC: Final = 33723
TIFF_PHOTOSHOP: Final = 34377
FILE_SOURCE: Final = 41728
SCANNED: Final = (b"\x01", b"\x02", 1, 2)
"""EXIF's FileSource: a film scanner, a reflection print scanner."""
SCANNER: Final = re.compile(
    r"scan|perfection|expression \d|plustek|opticfilm|silverfast|vuescan|epson v\d|xp-\d|imageclass",
    re.IGNORECASE,
)
# What cameras and programs write where nobody has written anything.
JUNK: Final = re.compile(
    r"(?:olympus|konica minolta|minolta|samsung|kodak|sony|ricoh|casio|panasonic|fujifilm|nikon)?\s*"
    r"(?:digital (?:still )?camera(?: pictures)?|dsc|camera pictures|picture)"
    r"|default|untitled|image|exif[_ ]jpeg[_ ]picture|jpeg|dcim.*|screenshot|ascii|binary comment"
    r"|created with .*|processed (?:with|by) .*|edited with .*|file written by .*|charset=.*"
    r"|(?:oznor|dav|hdr|nor|cof|sdr|rbt|bty|ptr|edf|btf|soc|mde|vtr)(?:_\w+)?"
    r"|<?(?:digimax|kenox) .*|img_\d+.*|_?dscn?\w*\d+.*",
    re.IGNORECASE,
)
ANY_DATE: Final = re.compile(r"(\d{4})(?:[-:/. ]?(\d\d)(?:[-:/. ]?(\d\d))?)?(?!\d)")
EDTF: Final = re.compile(r"\d{4}~|\d{3}X|\d{4}/\d{4}")
NO_YEAR: Final = "0000"
JOINERS: Final = "\u200c\u200d"
"""Of letters and emoji."""


def description_of(metadata: Metadata, source: Path | None = None) -> Description:
    """What is written about a picture.

    Args:
        metadata: of any file but a TIFF.
        source: of a TIFF, whose entries are EXIF's, the path.
    """
    exif = _attempt(partial(_loaded_exif, metadata.exif)) if metadata.exif else None
    iptc, xmp = metadata.iptc, metadata.xmp
    if source:
        exif = _attempt(partial(_tiff_exif, source))
        xmp = _bytes(exif, TIFF_XMP) if exif else b""
        iptc = _iptc_of_tiff(exif) if exif else b""
    found = Description()
    for content, read in ((xmp, _from_xmp), (iptc, described_in_iptc), (exif, _from_exif)):
        if content:
            found = found.completed_by(_described(read, content))
    return found


def _described(read: Callable[[Any], Description], content: Any) -> Description:
    return _attempt(lambda: _cleaned(read(content))) or Description()


def _attempt(read: Callable[[], Found]) -> Found | None:
    """None of what is damaged."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except Exception:  # noqa: BLE001  (there are as many errors as there are ways to be damaged)
        return None


def _from_xmp(packet: bytes) -> Description:
    return described_in_xmp(packet) if len(packet) <= MAX_PACKET_BYTES else Description()


# EXIF


def _loaded_exif(content: bytes) -> Image.Exif:
    entries = Image.Exif()
    entries.load(content)
    return entries


def _tiff_exif(source: Path) -> Image.Exif:
    with Image.open(source, formats=["TIFF"]) as picture:
        entries = picture.getexif()
        entries.get_ifd(IFD.Exif)  # read now, while the file is open
        return entries


def _iptc_of_tiff(exif: Image.Exif) -> bytes:
    records = _bytes(exif, TIFF_IPTC)
    return records or iptc_from_photoshop(_bytes(exif, TIFF_PHOTOSHOP)) or b""


def _bytes(exif: Image.Exif, tag: int) -> bytes:
    """An entry of bytes, also where a program has said that they are numbers of four."""
    value = exif.get(tag)
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        return struct.pack(f"{exif.endian or '<'}{len(value)}I", *value)
    return value if isinstance(value, bytes) else b""


def _from_exif(exif: Image.Exif) -> Description:
    details = exif.get_ifd(IFD.Exif)
    return Description(
        title=_windows(exif.get(Base.XPTitle)),
        caption=_exif_text(exif.get(Base.ImageDescription)) or _windows(exif.get(Base.XPComment)),
        date="" if _is_scan(exif, details) else _exif_text(details.get(Base.DateTimeOriginal)),
        tags=tuple(re.split("[;,]", _windows(exif.get(Base.XPKeywords)))),
    )


def _exif_text(value: Any) -> str:
    """Pillow takes it for Latin-1."""
    if isinstance(value, bytes):
        return as_text(value)
    return as_text(value.encode("latin-1", "replace")) if isinstance(value, str) else ""


def _windows(value: Any) -> str:
    if isinstance(value, tuple):
        value = bytes(value)
    return value.decode("utf-16-le", "replace") if isinstance(value, bytes) else ""


def _is_scan(exif: Image.Exif, details: dict[int, Any]) -> bool:
    """Scanners write when they scanned: nobody took a photo then."""
    maker = " ".join(_exif_text(exif.get(tag)) for tag in (Base.Make, Base.Model, Base.Software))
    return details.get(FILE_SOURCE) in SCANNED or bool(SCANNER.search(maker))


# Cleaning


def _cleaned(found: Description) -> Description:
    return Description(
        title=_written(_line(found.title, MAX_LINE)),
        caption=_written(_text(found.caption)),
        date=_date(found.date),
        place=_line(found.place, MAX_LINE),
        people=_names(found.people),
        tags=_names(found.tags),
    )


def _written(text: str) -> str:
    return "" if JUNK.fullmatch(text) else text


def _line(text: str, length: int) -> str:
    return _shortened(" ".join(_printable(text).split()), length)


def _text(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _shortened(_printable(plain, "\n").strip(), MAX_TEXT)


def _printable(text: str, kept: str = "") -> str:
    kept += JOINERS
    before_nul = text.partition("\0")[0]
    return "".join(each if each.isprintable() or each in kept else " " for each in before_nul)


def _shortened(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def _names(names: Iterable[str]) -> tuple[str, ...]:
    lines = (_line(name, MAX_NAME) for name in islice(names, MAX_READ_NAMES))
    return tuple(dict.fromkeys(filter(None, lines)))[:MAX_NAMES]


def _date(text: str) -> str:
    """As much of it as is known: zeros stand for what is not."""
    plain = text.strip("\0 ")
    if EDTF.fullmatch(plain):
        return plain
    found = ANY_DATE.match(plain)
    if not found or found[1] == NO_YEAR:
        return ""
    known = found[1]
    for part in found.groups()[1:]:
        if part is None or part == "00":
            break
        known += f"-{part}"
    return known
