"""Pages of PDF files: an image as it is, whatever else drawn; each in the orientation of its page."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from skimage import data

from colorizer.engine.errors import (
    BlankPageError,
    DamagedPictureError,
    LockedDocumentError,
    PictureTooLargeError,
    TooManyPagesError,
    UnknownFormatError,
)
from colorizer.engine.imageio.documents import count_pages, write_page
from colorizer.engine.imageio.formats import MAX_PAGES
from colorizer.engine.imageio.reading import Picture, inspect_picture, read_picture
from tests.hostile.pdfs import LOCK
from tests.pdf import A4, Image, Page, jpeg, page_of, pdf
from tests.pictures import encoded, with_orientation

PHOTO = np.asarray(Pillow.fromarray(data.camera()).resize((300, 200)))
HEIGHT, WIDTH = PHOTO.shape
BOX = (0, 0, WIDTH, HEIGHT)
JPEG = encoded(Pillow.fromarray(PHOTO), "JPEG", quality=92)
AS_JPEG = jpeg(JPEG, WIDTH, HEIGHT)
WORDS = "BT /F 40 Tf 20 100 Td (Grandmother) Tj ET"
MOST = 10**8


def flate(pixels: NDArray[np.uint8], entries: str) -> Image:
    height, width = pixels.shape[:2]
    return Image(zlib.compress(pixels.tobytes()), width, height, f"{entries} /Filter /FlateDecode")


GRAY = flate(PHOTO, "/ColorSpace /DeviceGray /BitsPerComponent 8")


def page(folder: Path, content: bytes, number: int = 1, most: int = MOST) -> Path:
    source, target = folder / "source.pdf", folder / "page"
    source.write_bytes(content)
    write_page(source, number, target, most)
    return target


def read_page(folder: Path, *pages: Page, number: int = 1) -> Picture:
    return read_picture(page(folder, pdf(*pages), number))


def gray_of(picture: Picture) -> NDArray[np.float64]:
    return picture.pixels[..., 0].astype(float)


def is_near(picture: Picture, wanted: NDArray[np.uint8]) -> bool:
    """Upright and whole: drawn pages have other sizes, JPEG other pixels."""
    shape = picture.pixels.shape[1], picture.pixels.shape[0]
    large = np.asarray(Pillow.fromarray(np.ascontiguousarray(wanted)).resize(shape))
    return bool(np.abs(gray_of(picture) - large).mean() < 5)


def test_a_jpeg_is_taken_as_it_is(tmp_path: Path) -> None:
    assert page(tmp_path, pdf(page_of(AS_JPEG, WIDTH, HEIGHT))).read_bytes() == JPEG


def test_other_images_lose_nothing(tmp_path: Path) -> None:
    picture = read_page(tmp_path, page_of(GRAY, WIDTH, HEIGHT))
    assert np.array_equal(picture.pixels[..., 0], PHOTO)


def test_colors_lose_nothing(tmp_path: Path) -> None:
    colors = np.stack([PHOTO, PHOTO[::-1], PHOTO[:, ::-1]], axis=2)
    image = flate(colors, "/ColorSpace /DeviceRGB /BitsPerComponent 8")
    assert np.array_equal(read_page(tmp_path, page_of(image, WIDTH, HEIGHT)).pixels, colors)


def test_one_bit_loses_nothing(tmp_path: Path) -> None:
    bits = np.packbits(PHOTO > 128, axis=1)
    image = Image(bits.tobytes(), WIDTH, HEIGHT, "/ColorSpace /DeviceGray /BitsPerComponent 1")
    picture = read_page(tmp_path, page_of(image, WIDTH, HEIGHT))
    assert np.array_equal(picture.pixels[..., 0] > 128, PHOTO > 128)


def test_an_image_has_the_resolution_of_its_page(tmp_path: Path) -> None:
    picture = read_page(tmp_path, page_of(GRAY, WIDTH * 72 / 600, HEIGHT * 72 / 600))
    assert picture.metadata.dpi == pytest.approx((600, 600), rel=0.01)


TURNED = {
    "/Rotate 90": np.rot90(PHOTO, -1),
    "/Rotate 180": np.rot90(PHOTO, 2),
    "/Rotate 270": np.rot90(PHOTO),
    "/Rotate -90": np.rot90(PHOTO),
}


@pytest.mark.parametrize("image", [AS_JPEG, GRAY], ids=["JPEG", "PNG"])
@pytest.mark.parametrize("entries", TURNED)
def test_a_turned_page(tmp_path: Path, entries: str, image: Image) -> None:
    picture = read_page(tmp_path, page_of(image, WIDTH, HEIGHT, entries))
    assert picture.pixels.shape[:2] == TURNED[entries].shape
    assert is_near(picture, TURNED[entries])


MATRICES = {
    f"-{WIDTH} 0 0 {HEIGHT} {WIDTH} 0": PHOTO[:, ::-1],
    f"{WIDTH} 0 0 -{HEIGHT} 0 {HEIGHT}": PHOTO[::-1],
    f"-{WIDTH} 0 0 -{HEIGHT} {WIDTH} {HEIGHT}": PHOTO[::-1, ::-1],
    f"0 {WIDTH} -{HEIGHT} 0 {HEIGHT} 0": np.rot90(PHOTO),
    f"0 -{WIDTH} {HEIGHT} 0 0 {WIDTH}": np.rot90(PHOTO, -1),
    f"0 -{WIDTH} -{HEIGHT} 0 {HEIGHT} {WIDTH}": PHOTO.T,
    f"0 {WIDTH} {HEIGHT} 0 0 0": PHOTO[::-1, ::-1].T,
}


@pytest.mark.parametrize("image", [AS_JPEG, GRAY], ids=["JPEG", "PNG"])
@pytest.mark.parametrize("matrix", MATRICES)
def test_a_turned_or_mirrored_image(tmp_path: Path, matrix: str, image: Image) -> None:
    wanted = MATRICES[matrix]
    height, width = wanted.shape
    picture = read_page(
        tmp_path, Page(f"q {matrix} cm /I0 Do Q", [image], box=(0, 0, width, height))
    )
    assert picture.pixels.shape[:2] == wanted.shape
    assert is_near(picture, wanted)


def test_what_exif_says_does_not_count(tmp_path: Path) -> None:
    turned = with_orientation(Pillow.fromarray(PHOTO), 6)
    picture = read_page(tmp_path, page_of(jpeg(turned, WIDTH, HEIGHT), WIDTH, HEIGHT))
    assert is_near(picture, PHOTO)


def test_recognized_words_do_not_count(tmp_path: Path) -> None:
    scan = Page(
        f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I0 Do Q {WORDS.replace('BT', 'BT 3 Tr')}", [AS_JPEG], BOX
    )
    assert page(tmp_path, pdf(scan)).read_bytes() == JPEG


@pytest.mark.parametrize(
    "drawn",
    [
        Page(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I0 Do Q {WORDS}", [AS_JPEG], BOX),
        Page(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I0 Do /I1 Do Q", [AS_JPEG, GRAY], BOX),
        Page(f"q {WIDTH - 20} 10 -10 {HEIGHT - 20} 12 4 cm /I0 Do Q", [AS_JPEG], BOX),
        page_of(AS_JPEG, WIDTH, HEIGHT, "/CropBox [50 50 200 150]"),
        Page(f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /I0 Do Q", [AS_JPEG], A4),
    ],
    ids=["words", "two images", "slanted", "cropped", "on a larger page"],
)
def test_other_pages_are_drawn(tmp_path: Path, drawn: Page) -> None:
    read_page(tmp_path, drawn)
    assert inspect_picture(tmp_path / "page").format.name == "PNG"


def test_an_inverted_image_is_as_it_is_shown(tmp_path: Path) -> None:
    image = Image(JPEG, WIDTH, HEIGHT, f"{AS_JPEG.entries} /Decode [1 0]")
    assert is_near(read_page(tmp_path, page_of(image, WIDTH, HEIGHT)), 255 - PHOTO)


def test_words_are_drawn_at_300_dpi(tmp_path: Path) -> None:
    picture = read_page(tmp_path, Page(WORDS))
    assert picture.pixels.shape == (3509, 2480, 1)
    assert picture.metadata.dpi == pytest.approx((300, 300), abs=1)


def test_large_pages_have_fewer_dots(tmp_path: Path) -> None:
    content = pdf(Page("0 0 20000 20000 re f", box=(0, 0, 40_000, 40_000)))
    header = inspect_picture(page(tmp_path, content, most=10**6))
    assert 0.9e6 < header.width * header.height <= 1e6


def test_a_page_with_nothing_on_it(tmp_path: Path) -> None:
    with pytest.raises(BlankPageError):
        read_page(tmp_path, Page(""))


def test_pages_are_counted_and_taken_in_their_order(tmp_path: Path) -> None:
    pages = [page_of(AS_JPEG, WIDTH, HEIGHT), page_of(GRAY, WIDTH, HEIGHT)]
    assert np.array_equal(gray_of(read_page(tmp_path, *pages, number=2)), PHOTO)
    assert count_pages(tmp_path / "source.pdf") == 2


def test_an_image_of_too_many_pixels(tmp_path: Path) -> None:
    with pytest.raises(PictureTooLargeError):
        page(tmp_path, pdf(page_of(AS_JPEG, WIDTH, HEIGHT)), most=PHOTO.size - 1)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(pdf(Page(WORDS), trailer=LOCK), LockedDocumentError, id="locked"),
        pytest.param(pdf(*[Page("")] * (MAX_PAGES + 1)), TooManyPagesError, id="201 pages"),
        pytest.param(pdf(), DamagedPictureError, id="without pages"),
        pytest.param(b"%PDF-1.4", DamagedPictureError, id="nothing else"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: bytes, error: type[Exception]) -> None:
    source = tmp_path / "source"
    source.write_bytes(content)
    with pytest.raises(error):
        count_pages(source)


def test_a_pdf_behind_a_byte_order_mark_is_one(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"\xef\xbb\xbf\r\n" + pdf(Page(WORDS)))
    assert count_pages(source) == 1


def test_read_as_a_picture_it_says_what_it_is(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(pdf(Page(WORDS)))
    with pytest.raises(UnknownFormatError, match="This is a PDF"):
        read_picture(source)
