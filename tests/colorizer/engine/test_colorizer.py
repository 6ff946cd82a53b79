"""The Colorizer with the bundled weights: what goes in, what comes out, what is refused."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from skimage import data

from colorizer.engine.architectures.compact.processing import network_size
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.errors import UnreadablePictureError, UnsupportedFormatError, WeightsError
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.engine.weights import load_weights
from colorizer.evaluation.metrics import colorfulness

MEBIBYTE = 2**20
RENDER_FACTOR = 12


@cache
def colorizer_of(variant: Variant) -> Colorizer:
    """Loaded once for all that it colorizes here."""
    return Colorizer.for_variant(variant)


@pytest.fixture(scope="module")
def gray() -> Image.Image:
    return Image.fromarray(data.astronaut()).convert("L").resize((200, 150))


@pytest.mark.parametrize("variant", VARIANTS)
def test_bundled_weights_are_small_and_have_a_card(variant: Variant) -> None:
    path = bundled_weights(variant)
    assert path.stat().st_size <= 18 * MEBIBYTE
    assert "ImageNet" in path.with_suffix(".md").read_text()


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_gray_photo_gets_color_and_keeps_its_luma(variant: Variant, gray: Image.Image) -> None:
    colorized = colorizer_of(variant).colorize(gray, RENDER_FACTOR)
    assert colorized.mode == "RGB"
    assert colorized.size == gray.size
    assert colorfulness(np.asarray(colorized)) > 5
    luma_error = np.abs(np.asarray(colorized.convert("L")).astype(int) - np.asarray(gray))
    assert luma_error.mean() < 1


def test_artistic_is_more_vivid_than_stable(gray: Image.Image) -> None:
    vivid, restrained = (
        colorfulness(np.asarray(colorizer_of(variant).colorize(gray, RENDER_FACTOR)))
        for variant in ("artistic", "stable")
    )
    assert vivid > restrained


def test_the_same_photo_gets_the_same_colors(gray: Image.Image) -> None:
    colorizer = colorizer_of("stable")
    assert colorizer.colorize(gray, RENDER_FACTOR) == colorizer.colorize(gray, RENDER_FACTOR)


def test_color_in_the_source_has_no_influence(gray: Image.Image) -> None:
    colorizer = colorizer_of("stable")
    sepia = Image.merge("YCbCr", [gray, *(Image.new("L", gray.size, c) for c in (120, 135))])
    colorized = [
        np.asarray(colorizer.colorize(picture, RENDER_FACTOR)).astype(int)
        for picture in (sepia, gray)
    ]
    assert np.abs(colorized[0] - colorized[1]).mean() < 2


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (100, 100, (320, 320)),
        (6000, 4000, (384, 256)),
        (4000, 6000, (256, 384)),
        (1600, 100, (1280, 64)),
        (4_000_000, 16, (1280, 32)),
    ],
)
def test_the_network_sees_the_pictures_own_aspect_ratio(
    width: int, height: int, expected: tuple[int, int]
) -> None:
    assert network_size(width, height, render_factor=20) == expected


@pytest.mark.parametrize("size", [(1, 1), (17, 300), (333, 20)])
def test_odd_sizes_come_out_as_they_went_in(size: tuple[int, int]) -> None:
    assert colorizer_of("stable").colorize(Image.new("L", size, 120), 8).size == size


@pytest.mark.parametrize("render_factor", [0, 7, 41])
def test_a_render_factor_out_of_range_is_refused(gray: Image.Image, render_factor: int) -> None:
    with pytest.raises(ValueError, match=f"8 to 40, not {render_factor}"):
        colorizer_of("stable").colorize(gray, render_factor)


def test_a_file_becomes_a_file(tmp_path: Path, gray: Image.Image) -> None:
    gray.save(tmp_path / "gray.png")
    percents: list[int] = []
    colorizer_of("stable").colorize_file(
        tmp_path / "gray.png",
        tmp_path / "color.jpg",
        RENDER_FACTOR,
        on_progress=percents.append,
    )
    with Image.open(tmp_path / "color.jpg") as colorized:
        assert (colorized.format, colorized.size) == ("JPEG", gray.size)
    assert percents == sorted(percents)
    assert percents[-1] == 100


def test_a_broken_file_leaves_no_result(tmp_path: Path) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(UnreadablePictureError):
        colorizer_of("stable").colorize_file(tmp_path / "broken.jpg", tmp_path / "out.jpg", 8)
    assert [path.name for path in tmp_path.iterdir()] == ["broken.jpg"]


def test_an_unknown_suffix_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError):
        colorizer_of("stable").colorize_file(tmp_path / "missing", tmp_path / "out.svg", 8)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"nothing\.safetensors"):
        load_weights(tmp_path / "nothing.safetensors")


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "half.safetensors"
    path.write_bytes(bundled_weights("stable").read_bytes()[:100_000])
    with pytest.raises(WeightsError, match="cannot be read"):
        load_weights(path)


def test_weights_of_another_architecture_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"weight": torch.zeros(1)}, path, metadata={"architecture": "other"})
    with pytest.raises(WeightsError, match="no known architecture: other"):
        load_weights(path)


def test_weights_with_an_unknown_encoder_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "newer.safetensors"
    metadata = {"architecture": "compact", "encoder": "lite9"}
    save_file({"chroma_bins": torch.zeros(4, 2)}, path, metadata=metadata)
    with pytest.raises(WeightsError, match="unknown encoder: lite9"):
        load_weights(path)


def test_weights_with_missing_tensors_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "partial.safetensors"
    save_file({"chroma_bins": torch.zeros(4, 2)}, path, metadata={"architecture": "compact"})
    with pytest.raises(WeightsError, match=r"encoder\.stem"):
        load_weights(path)


def test_the_hash_is_the_files(tmp_path: Path) -> None:
    first, second = (load_weights(bundled_weights(v)).sha256 for v in ("artistic", "stable"))
    assert first != second
    assert Colorizer(load_weights(bundled_weights("artistic"))).weights_sha256 == first


def test_weights_with_values_that_are_no_numbers_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "torn.safetensors"
    tensors = load_file(bundled_weights("stable"))
    tensors["chroma_bins"][0, 0] = float("nan")
    save_file(tensors, path, metadata={"architecture": "compact", "encoder": "lite2"})
    with pytest.raises(WeightsError, match="no numbers"):
        load_weights(path)
