"""TIFF files of several pages: each page as a file of its own, its pixels and profile untouched."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image, ImageCms

from colorizer.engine.errors import (
    DamagedPictureError,
    PictureTooComplexError,
    TooManyPagesError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.documents import count_pages, write_page
from colorizer.engine.imageio.formats import MAX_PAGES
from colorizer.engine.imageio.reading import inspect_picture, read_picture

RNG = np.random.default_rng(5)
GRAY = RNG.integers(0, 256, (40, 60), np.uint8)
DEEP = RNG.integers(0, 65536, (40, 60), np.uint16)
COLOR = RNG.integers(0, 256, (48, 64, 3), np.uint8)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

Split = Callable[[bytes], list[Path]]


@pytest.fixture
def split(tmp_path: Path) -> Split:
    def of(content: bytes) -> list[Path]:
        source = tmp_path / "source"
        source.write_bytes(content)
        pages = [tmp_path / f"{number}.tif" for number in range(1, (count_pages(source) or 0) + 1)]
        for number, page in enumerate(pages, 1):
            write_page(source, number, page, 10**8)
        return pages

    return of


def tiff(
    *pages: NDArray[Any], bigtiff: bool = False, byteorder: Any = "<", **options: Any
) -> bytes:
    content = BytesIO()
    with tifffile.TiffWriter(content, bigtiff=bigtiff, byteorder=byteorder) as file:
        for page in pages:
            file.write(page, metadata=None, **options)
    return content.getvalue()


def pixels_of(page: Path) -> NDArray[Any]:
    pixels: NDArray[Any] = tifffile.imread(page)
    return pixels


LAYOUTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "strips": {"rowsperstrip": 7},
    "tiles": {"tile": (16, 16)},
    "Deflate": {"compression": "zlib"},
    "big": {"bigtiff": True},
    "the other byte order": {"byteorder": ">", "rowsperstrip": 7},
}


@pytest.mark.parametrize("options", LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("pixels", [GRAY, DEEP, COLOR], ids=["gray", "16 bits", "color"])
def test_pixels_stay_as_they_are(
    split: Split, options: dict[str, Any], pixels: NDArray[Any]
) -> None:
    first, second = split(tiff(pixels[::-1], pixels, **options))
    assert np.array_equal(pixels_of(first), pixels[::-1])
    assert np.array_equal(pixels_of(second), pixels)
    assert np.array_equal(read_picture(second).pixels.squeeze(), pixels)


@pytest.mark.parametrize("compression", ["jpeg", "group4", "tiff_lzw"])
def test_what_pillow_writes(split: Split, compression: str) -> None:
    mode = "1" if compression == "group4" else "L"
    pages = [Image.fromarray(GRAY[::step]).convert(mode) for step in (1, -1)]
    content = BytesIO()
    pages[0].save(content, "TIFF", save_all=True, append_images=pages[1:], compression=compression)
    for page, written in zip(frames_of(content), split(content.getvalue()), strict=True):
        assert np.array_equal(np.asarray(Image.open(written)), page)
        assert read_picture(written).pixels.shape == (40, 60, 1)


def frames_of(content: BytesIO) -> list[NDArray[Any]]:
    with Image.open(content) as file:
        pages = []
        for number in range(2):
            file.seek(number)
            pages.append(np.asarray(file).copy())
        return pages


def test_a_page_keeps_what_is_said_of_it(split: Split) -> None:
    _, page = split(
        tiff(
            COLOR,
            COLOR,
            iccprofile=PROFILE,
            resolution=(300, 300),
            resolutionunit=2,
            description="Lake",
            datetime="1932:07:01 12:00:00",
            software="Scanner",
            extratags=[(274, 3, 1, 6, True)],
        )
    )
    with Image.open(page) as picture:
        assert picture.info["icc_profile"] == PROFILE
        assert picture.info["dpi"] == (300, 300)
        assert picture.tag_v2[270] == "Lake"  # type: ignore[attr-defined]
        assert picture.tag_v2[306] == "1932:07:01 12:00:00"  # type: ignore[attr-defined]
        assert picture.n_frames == 1  # type: ignore[attr-defined]
    assert inspect_picture(page).orientation == 6


def test_previews_and_masks_are_no_pages(split: Split) -> None:
    content = BytesIO()
    with tifffile.TiffWriter(content) as file:
        for pixels, kind in [(GRAY, 0), (GRAY[::5, ::5].copy(), 1), (GRAY.T, 2), (GRAY > 128, 4)]:
            file.write(pixels, subfiletype=kind, metadata=None)
    first, second = split(content.getvalue())
    assert np.array_equal(pixels_of(first), GRAY)
    assert np.array_equal(pixels_of(second), GRAY.T)


@pytest.mark.parametrize("content", [tiff(GRAY), tiff(GRAY)[:50], b"", b"II*\0", b"II*\0abcd"])
def test_one_page_is_a_picture_and_no_document(split: Split, content: bytes) -> None:
    assert split(content) == []


def test_as_many_pages_as_there_may_be(split: Split) -> None:
    assert len(split(tiff(*[GRAY] * MAX_PAGES))) == MAX_PAGES


def test_more_are_refused(split: Split) -> None:
    with pytest.raises(TooManyPagesError):
        split(tiff(*[GRAY] * (MAX_PAGES + 1)))


def test_a_file_whose_last_pages_are_missing_is_damaged(split: Split) -> None:
    content = tiff(GRAY, GRAY, GRAY)
    last = tifffile.TiffFile(BytesIO(content)).pages[2].offset
    assert last > len(content) // 2
    with pytest.raises(DamagedPictureError):
        split(content[:last])


def test_old_jpeg_is_refused_with_a_remedy(split: Split) -> None:
    content = bytearray(tiff(GRAY, GRAY, compression="zlib"))
    for page in tifffile.TiffFile(BytesIO(bytes(content))).pages:
        place = page.tags[259].valueoffset  # type: ignore[union-attr]
        content[place : place + 2] = (6).to_bytes(2, "little")
    with pytest.raises(UnsupportedPixelsError, match="Save each page"):
        split(bytes(content))


def test_parts_that_lie_in_one_another_are_not_multiplied(split: Split) -> None:
    content = bytearray(tiff(GRAY, GRAY, rowsperstrip=1))
    for page in tifffile.TiffFile(BytesIO(bytes(content))).pages:
        tag = page.tags[279]  # type: ignore[union-attr]
        size = tag.valuebytecount // tag.count if hasattr(tag, "valuebytecount") else 2
        for index in range(tag.count):
            place = tag.valueoffset + size * index
            content[place : place + size] = (2000).to_bytes(size, "little")
    with pytest.raises(PictureTooComplexError):
        split(bytes(content))
