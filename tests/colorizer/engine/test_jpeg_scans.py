"""JPEGs that cost more than they hold are refused before they are decoded; all others are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from colorizer.engine.errors import PictureTooComplexError, UnreadablePictureError
from colorizer.engine.imageio.reading import inspect_picture, read_picture
from tests.hostile import jpegs
from tests.pictures import GRADIENT, encoded

COLOR = Image.merge("RGB", [GRADIENT, GRADIENT.rotate(90), GRADIENT.rotate(180)])
FLAT = Image.new("RGB", (3000, 2000))

TAKEN = {
    "baseline": encoded(COLOR, "JPEG"),
    "progressive": encoded(COLOR, "JPEG", progressive=True),
    "progressive CMYK": encoded(COLOR.convert("CMYK"), "JPEG", progressive=True),
    "with restart markers": encoded(COLOR, "JPEG", restart_marker_rows=1),
    "flat, as small as can be": encoded(
        FLAT, "JPEG", quality=1, optimize=True, progressive=True, subsampling="4:2:0"
    ),
    "flat and gray": encoded(FLAT.convert("L"), "JPEG", quality=1, optimize=True),
    "24 scans of 4 megapixels": jpegs.scanned(2000, 24),
    "400 scans of a small one": jpegs.scanned(500, 400),
    "scans in its thumbnail": encoded(
        COLOR, "JPEG", exif=b"Exif\0\0" + jpegs.scanned(64, 600)[:60_000]
    ),
    "a second picture after its end": encoded(COLOR, "JPEG") + jpegs.scanned(64, 600),
}


def read(content: bytes, folder: Path) -> tuple[int, ...]:
    path = folder / "picture"
    path.write_bytes(content)
    return read_picture(path).pixels.shape


@pytest.mark.parametrize(
    "content",
    [jpegs.scanned(64, 501), jpegs.scanned(4000, 130)],
    ids=["more than any needs", "many for 16 megapixels"],
)
def test_too_many_scans(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(PictureTooComplexError, match="Save it again as an ordinary JPEG or PNG"):
        read(content, tmp_path)


def test_the_header_of_one_is_still_read(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(jpegs.scanned(64, 501))
    assert inspect_picture(path).width == 64


def test_markers_without_end(tmp_path: Path) -> None:
    content = encoded(COLOR, "JPEG")
    comments = jpegs.segment(0xFE, b"") * 5000
    with pytest.raises(PictureTooComplexError):
        read(content[:2] + comments + content[2:], tmp_path)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_size_that_its_bytes_cannot_have(progressive: bool, tmp_path: Path) -> None:
    content = encoded(COLOR, "JPEG", progressive=progressive)
    with pytest.raises(UnreadablePictureError, match="cannot be 62,410,000 pixels"):
        read(jpegs.with_size(content, 7900, 7900), tmp_path)


@pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
def test_what_is_no_attack_is_read(content: bytes, tmp_path: Path) -> None:
    assert min(read(content, tmp_path)[:2]) >= 64


def test_mpo_is_read(tmp_path: Path) -> None:
    content = encoded(COLOR, "MPO", save_all=True, append_images=[COLOR] * 40)
    assert read(content, tmp_path) == (256, 256, 3)
