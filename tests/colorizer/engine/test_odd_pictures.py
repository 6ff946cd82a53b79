"""Files that people really have: each is read as any viewer shows it, or refused in plain words.

All of `tests/odd_pictures` hold the same gray picture of 320 x 240 pixels (NASA, public domain), with a
white and a black mark at the top left: its luma goes from 0 to 255, with a mean of 114.7.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.color import eight_bit, luma_of
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import DamagedPictureError, UnsupportedPixelsError
from colorizer.engine.imageio.decoding import check_header
from colorizer.engine.imageio.derivatives import display_jpeg
from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.reading import inspect_picture, read_picture
from tests import ROOT

FOLDER = ROOT / "tests" / "odd_pictures"
RENDER_FACTOR = 8
UNKNOWN_DPI = 72


class Expected(NamedTuple):
    mean: float = 114.7
    darkest: int = 3
    lightest: int = 252
    has_alpha: bool = False
    flaw: Flaw | None = None


PLAIN = Expected()
READ = {
    "05_grayI_unspecified.tif": PLAIN,
    "08_no_eoi.jpg": Expected(flaw=Flaw.NO_END),
    "09_density_zero.jpg": PLAIN,
    "14_cmyk8.tif": Expected(mean=118.9, darkest=10),
    "17b_bigtiff_ycbcr_raw.tif": PLAIN,
    "21_res_zero.tif": PLAIN,
    "22_apng_single.png": PLAIN,
    "22_text_actl.png": PLAIN,
    "big_ztxt.png": PLAIN,
    "exif_after_idat.png": PLAIN,
    "gray12.tif": PLAIN,
    "gray_assocalpha.tif": Expected(has_alpha=True),
    "gray_limited.avif": PLAIN,
    "grayicc16.tif": Expected(mean=157),
    "grayicc_la.tif": Expected(mean=157, has_alpha=True),
    "lab8.tif": Expected(mean=110),  # its lightness is what the others have as luma
    "ojpeg.tif": PLAIN,
    "orient0.tif": PLAIN,
    "palette_small_map.tif": PLAIN,
    "planar_rgb16.tif": PLAIN,
    "planar_tiled_rgb8.tif": PLAIN,
    "rgbi16.tif": PLAIN,
    "srgb_v4_preference.jpg": PLAIN,
    "thumb_ifd.tif": PLAIN,
    "xmp_orientation.jpg": PLAIN,
    "xmp_orientation.png": PLAIN,
}
REFUSED = {
    "11_lzma.tif": (UnsupportedPixelsError, r"compressed with LZMA.* Save it again as JPEG"),
    "11_zstd.tif": (UnsupportedPixelsError, r"compressed with ZSTD.* Save it again as JPEG"),
    "flipped_byte.avif": (DamagedPictureError, "damaged"),
}


@pytest.fixture(scope="module")
def colorizer() -> Colorizer:
    return Colorizer.for_variant("stable")


def on_white(luma: NDArray[Any], alpha: NDArray[Any] | None) -> NDArray[Any]:
    cover = 1.0 if alpha is None else eight_bit(alpha) / 255
    return eight_bit(luma) * cover + 255 * (1 - cover)


@pytest.mark.parametrize("name", READ)
def test_is_read_as_any_viewer_shows_it(name: str) -> None:
    picture, expected = read_picture(FOLDER / name), READ[name]
    values = eight_bit(luma_of(picture.pixels))
    assert values.shape == (240, 320)
    assert values.mean() == pytest.approx(expected.mean, abs=1.5)
    assert values.min() <= expected.darkest
    assert values.max() >= expected.lightest
    assert (picture.alpha is not None) == expected.has_alpha
    assert picture.flaw == expected.flaw


@pytest.mark.parametrize("name", READ)
def test_before_and_after_are_one_picture(name: str, tmp_path: Path, colorizer: Colorizer) -> None:
    source, result = FOLDER / name, tmp_path / "result.png"
    check_header(inspect_picture(source))
    before = read_picture(source)
    outcome = colorizer.colorize_file(source, result, RENDER_FACTOR)
    after = read_picture(result)
    shown = np.asarray(Image.open(BytesIO(display_jpeg(before))).convert("L"), np.float64)
    assert (outcome.width, outcome.height) == shown.shape[::-1] == (320, 240)
    after_luma = on_white(luma_of(after.pixels), after.alpha)
    assert np.abs(shown - after_luma).mean() < 3
    assert abs(shown.mean() - after_luma.mean()) < 1


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused_in_plain_words(name: str) -> None:
    error, words = REFUSED[name]
    with pytest.raises(error, match=words):
        read_picture(FOLDER / name)


@pytest.mark.parametrize("name", ["21_res_zero.tif", "09_density_zero.jpg"])
def test_a_resolution_of_zero_is_an_unknown_one(
    name: str, tmp_path: Path, colorizer: Colorizer
) -> None:
    assert read_picture(FOLDER / name).metadata.dpi is None
    colorizer.colorize_file(FOLDER / name, tmp_path / "result.jpg", RENDER_FACTOR)
    with Image.open(tmp_path / "result.jpg") as result:
        assert result.info["dpi"] == (UNKNOWN_DPI, UNKNOWN_DPI)


def test_every_file_of_the_folder_is_tried() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {*READ, *REFUSED}
