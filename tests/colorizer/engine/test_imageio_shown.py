"""What others need of a picture without colorizing it: its format, its header, reduced JPEGs."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from colorizer.engine.errors import (
    PictureTooLargeError,
    SeveralFramesError,
    UnknownFormatError,
    UnreadablePictureError,
    UnsupportedPixelsError,
)
from colorizer.engine.imageio.decoding import check_header
from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.formats import (
    ACCEPTED_CONTENT_TYPES,
    FORMATS,
    NO_PICTURE,
    PDF,
    SUFFIXES,
    UNLIMITED,
    PictureFormat,
)
from colorizer.engine.imageio.reading import inspect_picture, read_picture
from tests import ROOT
from tests.colorizer.engine.test_imageio import RED_IS_BLUE, REFUSED, SRGB, WHOLE, tiff
from tests.pictures import GRADIENT, encoded, png_bomb, with_orientation

REASONS = {
    "empty": UnknownFormatError,
    "text": UnknownFormatError,
    "floating point": UnsupportedPixelsError,
    "32 bit": UnsupportedPixelsError,
    "zip bomb": PictureTooLargeError,
    "long side": PictureTooLargeError,
    "animated GIF": SeveralFramesError,
    "animated PNG": SeveralFramesError,
    "animated WebP": SeveralFramesError,
    "animated AVIF": SeveralFramesError,
    "TIFF of two pages": SeveralFramesError,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "picture"


def shown(path: Path, content: bytes) -> Image.Image:
    path.write_bytes(content)
    return Image.open(BytesIO(display_jpeg(read_picture(path))))


@pytest.mark.parametrize("name", WHOLE)
def test_the_header_tells_format_and_upright_size(path: Path, name: str) -> None:
    path.write_bytes(WHOLE[name])
    header = inspect_picture(path)
    assert header.format is FORMATS[name]  # type: ignore[index]
    assert (header.height, header.width) == read_picture(path).pixels.shape[:2]
    assert (header.bits, header.is_float, header.has_several_frames) == (8, False, False)
    check_header(header)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_of_ycbcr_is_upright_too(path: Path, orientation: int) -> None:
    stored = GRADIENT.resize((60, 40)).convert("YCbCr")
    path.write_bytes(with_orientation(stored, orientation, "TIFF"))
    header = inspect_picture(path)
    assert (header.height, header.width) == read_picture(path).pixels.shape[:2]


def test_the_header_tells_depth(path: Path) -> None:
    path.write_bytes(tiff(np.zeros((20, 20), np.uint16)))
    assert inspect_picture(path).bits == 16


@pytest.mark.parametrize("name", REASONS)
def test_a_refused_picture_has_a_reason_that_a_program_can_tell(path: Path, name: str) -> None:
    path.write_bytes(REFUSED[name][0])
    with pytest.raises(REASONS[name]):
        check_header(inspect_picture(path))
    with pytest.raises(REASONS[name]):
        read_picture(path)


def test_a_bomb_is_inspected_without_being_decoded(path: Path) -> None:
    path.write_bytes(png_bomb(30_000))
    header = inspect_picture(path)
    assert (header.width, header.height) == (30_000, 30_000)


@pytest.mark.parametrize("name", WHOLE)
def test_the_first_bytes_alone_are_damage(path: Path, name: str) -> None:
    path.write_bytes(WHOLE[name][:40])
    with pytest.raises(UnreadablePictureError):
        read_picture(path)


def test_the_long_side_is_bounded_and_the_aspect_ratio_kept(path: Path) -> None:
    path.write_bytes(encoded(GRADIENT.resize((4000, 1000)), "PNG"))
    picture = read_picture(path)
    assert Image.open(BytesIO(display_jpeg(picture))).size == (2048, 512)
    assert Image.open(BytesIO(thumbnail_webp(picture))).size == (720, 180)
    assert Image.open(BytesIO(small_webp(picture))).size == (360, 90)


def test_small_pictures_are_not_enlarged(path: Path) -> None:
    assert shown(path, encoded(GRADIENT.resize((100, 60)), "PNG")).size == (100, 60)


def test_no_metadata_is_carried_over(path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    options: dict[str, Any] = {"exif": exif, "comment": b"private note", "icc_profile": SRGB}
    path.write_bytes(encoded(GRADIENT.convert("RGB"), "JPEG", **options))
    content = display_jpeg(read_picture(path))
    assert b"private note" not in content
    assert b"taken at home" not in content
    assert set(Image.open(BytesIO(content)).info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


def test_16_bit_gray_keeps_its_tones(path: Path) -> None:
    ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))
    seen = np.asarray(shown(path, tiff(ramp)), dtype=int)
    assert np.abs(seen[16] - np.arange(256)).max() < 6


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_becomes_white(path: Path, mode: str) -> None:
    red = Image.new("RGBA", (32, 32), (255, 0, 0, 255))
    red.paste((255, 0, 0, 0), (0, 0, 32, 24))
    picture = shown(path, encoded(red.convert(mode), "PNG")).convert("RGB")
    assert picture.getpixel((16, 8)) == (255, 255, 255)
    assert picture.getpixel((16, 31)) != (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16"])
def test_every_mode_becomes_a_plain_jpeg(path: Path, mode: str) -> None:
    picture = GRADIENT.resize((32, 32)).convert(mode)
    assert shown(path, encoded(picture, "TIFF")).mode in ("L", "RGB")


def test_colors_are_converted_to_srgb(path: Path) -> None:
    content = encoded(Image.new("RGB", (32, 32), (255, 0, 0)), "PNG", icc_profile=RED_IS_BLUE)
    red, _green, blue = np.asarray(shown(path, content))[16, 16]
    assert (red < 20, blue > 235) == (True, True)


def test_an_unusable_profile_is_ignored(path: Path) -> None:
    content = encoded(Image.new("RGB", (32, 32), (128,) * 3), "PNG", icc_profile=b"no profile")
    assert shown(path, content).getpixel((16, 16)) == (128, 128, 128)


def test_names_suffixes_and_types_are_known_once() -> None:
    assert [*SUFFIXES] == [suffix for known in FORMATS.values() for suffix in known.suffixes]
    types = ACCEPTED_CONTENT_TYPES.split(",")
    assert len(types) == len(set(types))
    assert {"image/jpeg", "image/heif", *PDF.content_types} < set(types)
    assert re.split(", | or ", NO_PICTURE.partition(" Use ")[2].removesuffix(".")) == [*FORMATS]


def frames_of(known: PictureFormat) -> str:
    if known.has_pages:
        return "pages"
    return "refused" if known.may_have_frames else "cannot"


def row_of(known: PictureFormat) -> list[str]:
    return [
        known.name,
        " ".join(known.suffixes),
        " ".join(known.content_types),
        "kept" if known.has_alpha else "dropped",
        "yes" if known.has_16_bits else "no",
        frames_of(known),
        "no limit of its own" if known.max_side == UNLIMITED else f"{known.max_side:,}",
        "yes" if known.carries_xmp else "cannot",
        known.result.name,
    ]


def test_the_table_of_the_page_is_that_of_the_code() -> None:
    page = (ROOT / "docs" / "pictures.md").read_text()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    shown_rows = [row for row in rows if row and row[0] in FORMATS and len(row) == 9]
    assert shown_rows == [row_of(known) for known in FORMATS.values()]


def test_neither_torch_nor_django_is_needed() -> None:
    script = """
import sys
sys.modules["torch"] = sys.modules["django"] = None
import colorizer.engine.imageio.derivatives
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
