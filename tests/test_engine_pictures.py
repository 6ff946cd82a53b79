"""Picture files: what is read, how chroma joins luma, what is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from colorizer.engine import pictures
from colorizer.engine.errors import UnreadablePictureError, UnsupportedFormatError
from colorizer.engine.pictures import join_chroma, read_gray, write_picture

GRADIENT = Image.linear_gradient("L").resize((60, 40))
EXIF_ORIENTATION = 0x0112
ROTATED_CLOCKWISE = 6


def test_gray_is_read_as_it_is(tmp_path: Path) -> None:
    GRADIENT.save(tmp_path / "gray.png")
    picture = read_gray(tmp_path / "gray.png")
    assert picture.luma == GRADIENT
    assert picture.alpha is None


def test_colour_becomes_its_luma(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "red.png")
    assert read_gray(tmp_path / "red.png").luma.getpixel((0, 0)) == 76


def test_sixteen_bits_are_scaled_not_clipped(tmp_path: Path) -> None:
    wide = np.asarray(GRADIENT).astype(np.uint16) * 257
    Image.fromarray(wide).save(tmp_path / "wide.tif")
    assert read_gray(tmp_path / "wide.tif").luma == GRADIENT


def test_exif_orientation_is_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = ROTATED_CLOCKWISE
    GRADIENT.save(tmp_path / "turned.png", exif=exif)
    assert read_gray(tmp_path / "turned.png").luma.size == (40, 60)


@pytest.mark.parametrize("mode", ["LA", "RGBA"])
def test_alpha_is_kept(tmp_path: Path, mode: str) -> None:
    translucent = GRADIENT.convert(mode)
    translucent.putalpha(GRADIENT)
    translucent.save(tmp_path / "alpha.png")
    assert read_gray(tmp_path / "alpha.png").alpha == GRADIENT


@pytest.mark.parametrize("mode", ["1", "P", "CMYK"])
def test_other_modes_are_read(tmp_path: Path, mode: str) -> None:
    GRADIENT.convert(mode).save(tmp_path / "other.tif")
    assert read_gray(tmp_path / "other.tif").luma.size == GRADIENT.size


def test_no_picture_is_named_so(tmp_path: Path) -> None:
    (tmp_path / "letter.jpg").write_text("Dear Sir")
    with pytest.raises(UnreadablePictureError, match="not a picture"):
        read_gray(tmp_path / "letter.jpg")


def test_a_truncated_file_is_damaged(tmp_path: Path) -> None:
    GRADIENT.resize((400, 400)).save(tmp_path / "whole.jpg")
    (tmp_path / "half.jpg").write_bytes((tmp_path / "whole.jpg").read_bytes()[:2000])
    with pytest.raises(UnreadablePictureError, match="damaged"):
        read_gray(tmp_path / "half.jpg")


def test_damaged_metadata_is_damage(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[EXIF_ORIENTATION] = ROTATED_CLOCKWISE
    GRADIENT.save(tmp_path / "whole.tif", exif=exif)
    content = bytearray((tmp_path / "whole.tif").read_bytes())
    outcomes = set()
    for position in range(8, 200):
        broken = content.copy()
        broken[position] ^= 0xFF
        (tmp_path / "broken.tif").write_bytes(broken)
        try:
            read_gray(tmp_path / "broken.tif")
        except UnreadablePictureError:
            outcomes.add("refused")
        else:
            outcomes.add("read")
    assert outcomes == {"refused", "read"}


def test_several_frames_are_refused(tmp_path: Path) -> None:
    frames = [GRADIENT, GRADIENT.transpose(Image.Transpose.ROTATE_180)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    with pytest.raises(UnreadablePictureError, match="several frames"):
        read_gray(tmp_path / "moving.gif")


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    Image.new("1", (30_000, 30_000)).save(tmp_path / "bomb.png")
    with pytest.raises(UnreadablePictureError, match="pixels"):
        read_gray(tmp_path / "bomb.png")


def test_no_chroma_leaves_a_gray_picture() -> None:
    joined = join_chroma(GRADIENT, torch.zeros(2, 10, 15))
    assert joined == GRADIENT.convert("RGB")


def test_luma_survives_the_join() -> None:
    middle = GRADIENT.point(lambda value: 80 + value // 4)
    joined = join_chroma(middle, torch.full((2, 10, 15), 20.0))
    difference = np.asarray(joined.convert("L")).astype(int) - np.asarray(middle)
    assert np.abs(difference).max() <= 1


def test_strips_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    chroma = torch.randn(2, 10, 15, generator=torch.Generator().manual_seed(1)) * 30
    whole = join_chroma(GRADIENT, chroma)
    monkeypatch.setattr(pictures, "STRIP_PIXELS", 7 * GRADIENT.width)
    assert join_chroma(GRADIENT, chroma) == whole


@pytest.mark.parametrize("suffix", pictures.SAVE_OPTIONS)
def test_every_suffix_gets_its_format(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"result{suffix}"
    write_picture(GRADIENT.convert("RGB"), GRADIENT, target)
    with Image.open(target) as written:
        assert written.format == pictures.SAVE_OPTIONS[suffix]["format"]
        assert written.size == GRADIENT.size


def test_alpha_is_written_where_the_format_has_it(tmp_path: Path) -> None:
    write_picture(GRADIENT.convert("RGB"), GRADIENT, tmp_path / "result.png")
    with Image.open(tmp_path / "result.png") as written:
        assert written.getchannel("A") == GRADIENT


def test_an_unknown_suffix_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"\.xyz"):
        write_picture(GRADIENT.convert("RGB"), None, tmp_path / "result.xyz")


def test_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    too_wide_for_webp = Image.new("RGB", (20_000, 1))
    with pytest.raises(UnsupportedFormatError, match="WEBP"):
        write_picture(too_wide_for_webp, None, tmp_path / "result.webp")
    assert list(tmp_path.iterdir()) == []
