"""A reference photo: its palette, and photos that have none."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine import GrayReferenceError, UnreadablePictureError
from colorizer.engine.architectures.compact.processing import palette
from colorizer.engine.references import (
    REFERENCE_SIDE,
    read_reference,
    reference_chroma,
    reference_of_png,
)

BINS = torch.tensor([[0.0, 0.0], [60.0, 0.0], [0.0, 60.0], [-60.0, -60.0]])
COLORED = Image.fromarray(data.astronaut())


def picture(side: int, format: str) -> bytes:  # noqa: A002  (Pillow's name)
    content = BytesIO()
    Image.new("RGB", (side, side), (200, 40, 40)).save(content, format)
    return content.getvalue()


def test_the_palette_is_how_much_falls_to_each_class() -> None:
    chroma = np.array([[[1, 55, 2, -3]], [[2, 5, 70, 1]]], np.float32)
    assert palette(chroma, BINS).tolist() == [[0.5, 0.25, 0.25, 0]]


def test_colors_are_counted_in_a_small_picture() -> None:
    chroma = reference_chroma(COLORED.resize((300, 150)))
    assert chroma.shape == (2, REFERENCE_SIDE // 2, REFERENCE_SIDE)
    assert palette(chroma, BINS).sum() == pytest.approx(1)
    assert reference_chroma(Image.new("RGB", (1, 1), "red")).shape == (2, 1, 1)


@pytest.mark.parametrize("mode", ["P", "RGBA", "CMYK", "YCbCr"])
def test_any_mode_with_colors_will_do(mode: str) -> None:
    expected = palette(reference_chroma(COLORED), BINS)
    assert (palette(reference_chroma(COLORED.convert(mode)), BINS) - expected).abs().max() < 0.05


def test_the_reference_is_left_as_it_is() -> None:
    reference = COLORED.copy()
    reference_chroma(reference)
    assert reference == COLORED


@pytest.mark.parametrize(
    "reference",
    [
        COLORED.convert("L"),
        COLORED.convert("L").convert("RGB"),
        COLORED.convert("1"),
        Image.blend(COLORED, COLORED.convert("L").convert("RGB"), 0.9),
        Image.new("I;16", (30, 20), 20_000),
        Image.new("RGB", (1, 1), "white"),
    ],
    ids=["gray", "gray in three channels", "black and white", "nearly gray", "16 bit", "a pixel"],
)
def test_a_gray_reference_is_refused(reference: Image.Image) -> None:
    with pytest.raises(GrayReferenceError, match=r"is gray: .* Choose a photo in color"):
        reference_chroma(reference)


def test_a_file_of_any_format_is_read(tmp_path: Path) -> None:
    COLORED.save(tmp_path / "color.webp", lossless=True)
    reference = read_reference(tmp_path / "color.webp")
    assert reference.size == (REFERENCE_SIDE, REFERENCE_SIDE)
    difference = palette(reference_chroma(reference), BINS) - palette(
        reference_chroma(COLORED), BINS
    )
    assert difference.abs().max() < 0.02


def test_a_gray_file_is_refused(tmp_path: Path) -> None:
    COLORED.convert("L").save(tmp_path / "gray.jpg")
    with pytest.raises(GrayReferenceError):
        read_reference(tmp_path / "gray.jpg")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    COLORED.save(tmp_path / "whole.png")
    damaged = tmp_path / "damaged.png"
    content = (tmp_path / "whole.png").read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnreadablePictureError, match="damaged"):
        read_reference(damaged)
    with Image.open(damaged) as opened, pytest.raises(UnreadablePictureError, match="damaged"):
        reference_chroma(opened)
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(UnreadablePictureError):
        read_reference(tmp_path / "notes.txt")


def test_one_that_was_kept_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("RGB", (300, 100), (200, 40, 40)).save(path)
    content = BytesIO()
    read_reference(path).save(content, "PNG")
    assert reference_of_png(content.getvalue()).size == (64, 21)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", picture(65, "PNG"), picture(8, "JPEG"), picture(60, "PNG")[:60]]
)
def test_what_is_no_kept_reference_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadablePictureError):
        reference_of_png(content)
