"""Files with pages: TIFF of several pages, and PDF. Each page becomes a picture file of its own."""

from __future__ import annotations

import struct
from pathlib import Path

from colorizer.engine.errors import (
    DamagedPictureError,
    TooManyPagesError,
    UnknownFormatError,
)
from colorizer.engine.imageio.decoding import damage_named
from colorizer.engine.imageio.formats import FORMATS, HEAD_BYTES, MAX_PAGES, PDF, format_of_content
from colorizer.engine.imageio.pdf_pages import opened_pdf, write_pdf_page
from colorizer.engine.imageio.tiff_directory import Directory
from colorizer.engine.imageio.tiff_pages import tiff_pages, write_tiff_page


def count_pages(source: Path) -> int | None:
    """How many pages a document has; None for what is a single picture, or nothing known.

    Raises:
        TooManyPagesError: more than MAX_PAGES.
        LockedDocumentError: a PDF with a password.
        DamagedPictureError: a PDF, or a TIFF of several pages, that is damaged so far.
        OSError: the file cannot be opened.
    """
    if is_pdf(source):
        with damage_named(), opened_pdf(source) as document:
            pages = len(document)
        if not pages:
            raise DamagedPictureError("a PDF without pages")
    elif (pages := len(_tiff_pages(source))) < 2:  # noqa: PLR2004
        return None
    if pages > MAX_PAGES:
        raise TooManyPagesError(
            "The file has more than %(number)d pages. Save it in parts of at most %(number)d.",
            number=MAX_PAGES,
        )
    return pages


def write_page(source: Path, number: int, target: Path, max_pixels: int) -> None:
    """Write a page, counted from 1, as a picture file: JPEG, PNG or TIFF.

    Raises:
        BlankPageError: a page of a PDF with nothing on it.
        UnreadablePictureError: it cannot be read.
        OSError: a file cannot be opened or written.
    """
    if is_pdf(source):
        with damage_named(), opened_pdf(source) as document:
            write_pdf_page(document, number - 1, target, max_pixels)
        return
    with source.open("rb", buffering=0) as file, damage_named():
        write_tiff_page(file, tiff_pages(file, MAX_PAGES)[number - 1], target)


def is_pdf(source: Path) -> bool:
    with source.open("rb") as file:
        return PDF.signature.match(file.read(HEAD_BYTES)) is not None


def _tiff_pages(source: Path) -> list[Directory]:
    with source.open("rb", buffering=0) as file:
        try:
            if format_of_content(file.read(HEAD_BYTES)) is FORMATS["TIFF"]:
                return tiff_pages(file, MAX_PAGES)
        except (UnknownFormatError, ValueError, KeyError, struct.error, OverflowError):
            pass  # whoever reads it as a picture says what is wrong
    return []
