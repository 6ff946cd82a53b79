"""PDF files: each page becomes a picture file.

A page that is one image, as scanners make them, becomes that image without loss: a JPEG as it is,
whatever else as PNG. Other pages are drawn. PDFium does the work (pypdfium2).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from colorizer.engine.errors import (
    BlankPageError,
    DamagedPictureError,
    LockedDocumentError,
    PictureTooLargeError,
    UnreadablePictureError,
)
from colorizer.engine.imageio.jpeg_orientation import with_orientation
from colorizer.engine.imageio.opened import in_memory
from colorizer.engine.imageio.orientation import FIRST_TURNED, STORED
from colorizer.engine.imageio.reading import inspect_picture
from colorizer.engine.imageio.vips import pyvips

POINTS_PER_INCH: Final = 72
DRAWN_DPI: Final = 300
MAX_DRAWN_PIXELS: Final = 40_000_000
"""A sheet of A2; larger ones have fewer dots an inch."""
LOCKED: Final = (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
ENCRYPTED: Final = b"/Encrypt"
JPEG_FILTER: Final = "DCTDecode"
MAX_DEPTH: Final = 3
COVERED: Final = 0.02
"""How far the edges of an image may be from those of its page, as a part of the page."""
COMPARED_SIDE: Final = 64
ALIKE: Final = 16
"""How much an image may differ from its drawn page, of 255, on average."""
SLANT: Final = 0.01
# Where the right and the upper edge of an image point to on the page, by the orientation that EXIF
# would have for it.
ORIENTATIONS: Final = {
    ((1, 0), (0, 1)): 1,
    ((-1, 0), (0, 1)): 2,
    ((-1, 0), (0, -1)): 3,
    ((1, 0), (0, -1)): 4,
    ((0, -1), (-1, 0)): 5,
    ((0, -1), (1, 0)): 6,
    ((0, 1), (1, 0)): 7,
    ((0, 1), (-1, 0)): 8,
}


@contextmanager
def opened_pdf(source: Path) -> Iterator[pdfium.PdfDocument]:
    """
    Raises:
        LockedDocumentError: it asks for a password.
        DamagedPictureError: PDFium cannot read it.
    """
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        # PDFium tells the last error of the process, which may be that of another file.
        if error.err_code in LOCKED and ENCRYPTED in source.read_bytes():
            raise LockedDocumentError(
                "This PDF is locked by a password. Save it without one."
            ) from error
        raise DamagedPictureError(str(error)) from error
    try:
        yield document
    except pdfium.PdfiumError as error:
        raise DamagedPictureError(str(error)) from error
    finally:
        document.close()


def write_pdf_page(
    document: pdfium.PdfDocument, number: int, target: Path, max_pixels: int
) -> None:
    """One page, counted from 0, as a JPEG or PNG.

    Raises:
        BlankPageError: there is nothing on it.
        PictureTooLargeError: the image that it is has more than `max_pixels`.
        DamagedPictureError, pdfium.PdfiumError: the page cannot be read.
    """
    page = document[number]
    if min(page.get_size()) <= 0:
        raise DamagedPictureError("a page without a size")
    image = _only_image(page)
    if image is None or not _write_image(page, image, target, max_pixels):
        _write_drawn(page, target, max_pixels)


def _only_image(page: pdfium.PdfPage) -> pdfium.PdfImage | None:
    """The image that a page is. Words that nobody sees, from text recognition, may lie over it."""
    image = None
    for thing in page.get_objects(max_depth=MAX_DEPTH):
        if thing.type == pdfium_c.FPDF_PAGEOBJ_IMAGE and image is None:
            image = thing
        elif not (thing.type == pdfium_c.FPDF_PAGEOBJ_FORM or _is_unseen(thing)):
            return None
    return image if image and _covers(page, image) else None


def _is_unseen(thing: pdfium.PdfObject) -> bool:
    if thing.type != pdfium_c.FPDF_PAGEOBJ_TEXT:
        return False
    mode: int = pdfium_c.FPDFTextObj_GetTextRenderMode(thing)
    return bool(mode == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE)


def _covers(page: pdfium.PdfPage, image: pdfium.PdfImage) -> bool:
    box = page.get_cropbox()
    width, height = box[2] - box[0], box[3] - box[1]
    distances = [abs(ours - its) for ours, its in zip(box, image.get_bounds(), strict=True)]
    pairs = zip(distances, (width, height, width, height), strict=True)
    return all(bool(distance <= COVERED * side) for distance, side in pairs)


def _write_image(
    page: pdfium.PdfPage, image: pdfium.PdfImage, target: Path, max_pixels: int
) -> bool:
    """False when it does not look like the page: masked, inverted, turned by odd angles."""
    width, height = image.get_px_size()
    if width * height > max_pixels:
        raise PictureTooLargeError(
            "The image has %(width)s x %(height)s pixels; at most %(most)s are accepted. "
            "Make it smaller.",
            width=f"{width:,}",
            height=f"{height:,}",
            most=f"{max_pixels:,}",
        )
    orientation = _orientation(page, image)
    if orientation is None:
        return False
    is_jpeg = image.get_filters(skip_simple=True) == [JPEG_FILTER]
    if is_jpeg and _write_jpeg(image, orientation, target) and _looks_like(page, target):
        return True
    dpi = POINTS_PER_INCH * max(width, height) / max(page.get_size())
    _write_png(_pixels_of(image.get_bitmap()), orientation, target, dpi)
    return _looks_like(page, target)


def _orientation(page: pdfium.PdfPage, image: pdfium.PdfImage) -> int | None:
    matrix = image.get_matrix()
    turned = [
        _turned(vector, page.get_rotation())
        for vector in ((matrix.a, matrix.b), (matrix.c, matrix.d))
    ]
    right, up = map(_direction, turned)
    return ORIENTATIONS.get((right, up)) if right and up else None


def _turned(vector: tuple[float, float], clockwise: int) -> tuple[float, float]:
    x, y = vector
    return {0: (x, y), 90: (y, -x), 180: (-x, -y), 270: (-y, x)}[clockwise]


def _direction(vector: tuple[float, float]) -> tuple[int, int] | None:
    """Left, right, up or down; None for a slanted edge."""
    x, y = vector
    long, short = max(abs(x), abs(y)), min(abs(x), abs(y))
    if not math.isfinite(long) or long == 0 or short > SLANT * long:
        return None
    return (round(x / long), 0) if abs(x) == long else (0, round(y / long))


def _write_jpeg(image: pdfium.PdfImage, orientation: int, target: Path) -> bool:
    """The bytes as they are; only where they would lie otherwise than on the page they are told so."""
    content = bytes(image.get_data(decode_simple=True))
    target.write_bytes(content)
    try:
        if inspect_picture(target).orientation != orientation:
            target.write_bytes(with_orientation(content, orientation))
    except UnreadablePictureError:
        return False  # PDFium is more patient
    return True


def _pixels_of(bitmap: pdfium.PdfBitmap) -> NDArray[Any]:
    """H x W x 1 or 3, the latter as RGB; gray that is written as color is gray."""
    pixels: NDArray[Any] = bitmap.to_numpy()
    pixels = pixels.reshape(*pixels.shape[:2], -1)[..., :3]
    if pixels.shape[2] == 1:
        return pixels
    if (pixels == pixels[..., :1]).all():
        return pixels[..., :1]
    return pixels[..., ::-1]


def _write_png(pixels: NDArray[Any], orientation: int, target: Path, dpi: float) -> None:
    height, width = pixels.shape[:2]
    size = (width, height) if orientation >= FIRST_TURNED else (height, width)
    upright = np.empty((*size, pixels.shape[2]), np.uint8)
    STORED[orientation](upright)[...] = pixels
    in_memory(upright, {"dpi": (dpi, dpi)}).pngsave(str(target), compression=6)


def _looks_like(page: pdfium.PdfPage, target: Path) -> bool:
    """Compared small, since a page may mask, invert or mix the image with what no reader of it knows."""
    drawn = _drawn(page, COMPARED_SIDE / max(page.get_size()))
    height, width = drawn.shape[:2]
    try:
        small = pyvips.Image.thumbnail(str(target), width, height=height, size="force")
        shown: NDArray[Any] = small.colourspace("srgb")[:3].numpy()
    except pyvips.Error:
        return False
    return bool(np.abs(shown.astype(float) - drawn).mean() <= ALIKE)


def _drawn(page: pdfium.PdfPage, scale: float) -> NDArray[Any]:
    return _pixels_of(page.render(scale=scale, may_draw_forms=False))


def _write_drawn(page: pdfium.PdfPage, target: Path, max_pixels: int) -> None:
    width, height = page.get_size()
    most = 0.99 * min(max_pixels, MAX_DRAWN_PIXELS)
    scale = min(DRAWN_DPI / POINTS_PER_INCH, math.sqrt(most / (width * height)))
    pixels = _drawn(page, scale)
    if (pixels == pixels[:1, :1]).all():
        raise BlankPageError("There is nothing on this page.")
    _write_png(pixels, 1, target, scale * POINTS_PER_INCH)
