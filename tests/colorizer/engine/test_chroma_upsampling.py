"""Chroma upsampled along the edges of luma: exact luma, sharp borders, no seams, any size and depth."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch.nn.functional import avg_pool2d, interpolate

from colorizer.engine.architectures.compact import chroma_upsampling
from colorizer.engine.architectures.compact.chroma_upsampling import upsample_chroma

LUMA_WEIGHTS = np.array([0.299, 0.587, 0.114])
RED_SIDE = torch.tensor([-20.0, 40.0])
BLUE_SIDE = torch.tensor([30.0, -15.0])


def noise(
    height: int, width: int, depth: type[np.uint8 | np.uint16] = np.uint8
) -> npt.NDArray[Any]:
    """Mid-gray enough for every color of these tests to fit into RGB."""
    full_scale = np.iinfo(depth).max
    generator = np.random.default_rng(1)
    return generator.integers(full_scale // 3, full_scale // 2, (height, width), dtype=depth)


def small_chroma(height: int = 10, width: int = 12) -> torch.Tensor:
    return 10 * torch.randn(2, height, width, generator=torch.Generator().manual_seed(1))


def luma_of(pixels: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    luma: npt.NDArray[np.float64] = np.dot(pixels, LUMA_WEIGHTS)
    return luma


def cr_of(pixels: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return (pixels[..., 0] - luma_of(pixels)) / 1.402


def two_colors(column: int, size: int) -> tuple[npt.NDArray[np.uint8], torch.Tensor]:
    """A vertical edge between two grays, and the colors of its sides at full resolution."""
    left = torch.arange(size) < column
    luma = np.tile(np.where(left, 90, 170).astype(np.uint8), (size, 1))
    row = torch.where(left, RED_SIDE[:, None], BLUE_SIDE[:, None])
    return luma, row[:, None].expand(2, size, size)


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_luma_is_kept(depth: type[np.uint8 | np.uint16]) -> None:
    luma = noise(150, 170, depth)
    result = upsample_chroma(luma, small_chroma())
    assert result.shape == (150, 170, 3)
    assert result.dtype == depth
    assert np.abs(luma_of(result) - luma).max() <= 0.51


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_without_chroma_the_picture_is_its_luma_exactly(depth: type[np.uint8 | np.uint16]) -> None:
    luma: npt.NDArray[Any] = np.linspace(0, np.iinfo(depth).max, 256).astype(depth).reshape(16, 16)
    result = upsample_chroma(luma, torch.zeros(2, 4, 4))
    np.testing.assert_array_equal(result, np.repeat(luma[..., None], 3, axis=-1))


def test_constant_chroma_stays_constant() -> None:
    luma = noise(120, 90)
    result = upsample_chroma(luma, torch.tensor([8.0, 20.0])[:, None, None].expand(2, 8, 6))
    assert np.abs(cr_of(result) - 20).max() < 1


def test_sixteen_bits_are_not_eight_in_disguise() -> None:
    luma = noise(64, 64, np.uint16)
    fine, coarse = (
        upsample_chroma(luma, small_chroma()),
        upsample_chroma(luma // 257 * 257, small_chroma()),
    )
    assert np.abs(fine.astype(int) - coarse).max() > 100
    assert len(np.unique(fine)) > 256


def test_white_and_black_do_not_wrap_around() -> None:
    luma = np.array([[0, 255]], dtype=np.uint8)
    result = upsample_chroma(luma, torch.full((2, 1, 2), 60.0))
    assert result[0, 0].tolist() == [84, 0, 106]
    assert result[0, 1].tolist() == [255, 192, 255]


@pytest.mark.parametrize("ratio", [8, 16, 32])
def test_color_bleeds_about_half_as_much_as_bilinear(ratio: int) -> None:
    size = 8 * ratio
    luma, colors = two_colors(column=size // 2 + ratio // 3, size=size)
    chroma = avg_pool2d(colors, ratio)
    bilinear = interpolate(chroma[None], size=(size, size), mode="bilinear")[0]
    bleeding = np.abs(cr_of(upsample_chroma(luma, chroma)) - colors[1].numpy()).mean()
    assert bleeding < 0.55 * float((bilinear[1] - colors[1]).abs().mean())


def test_grain_on_a_plain_color_makes_no_chroma_noise() -> None:
    ramp = torch.linspace(-4, 4, 16).expand(2, 16, 16)
    grain = np.random.default_rng(1).normal(128, 5, (256, 256)).clip(0, 255).astype(np.uint16)
    result = upsample_chroma(grain * 257, ramp) / 257
    smooth = upsample_chroma(np.full((256, 256), 128 * 257, np.uint16), ramp) / 257
    assert (cr_of(result) - cr_of(smooth)).std() < 0.1


def test_strips_leave_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    luma, chroma = noise(211, 307), small_chroma()
    monkeypatch.setattr(chroma_upsampling, "STRIP_PIXELS", luma.size)
    in_one_pass = upsample_chroma(luma, chroma)
    monkeypatch.setattr(chroma_upsampling, "STRIP_PIXELS", 7 * luma.shape[1])
    np.testing.assert_array_equal(upsample_chroma(luma, chroma), in_one_pass)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 2), (1, 5000), (5000, 1), (31, 33)])
def test_any_size_is_upsampled(size: tuple[int, int]) -> None:
    """Chroma is mostly the larger one here: it is averaged down."""
    luma = noise(*size)
    result = upsample_chroma(luma, small_chroma(32, 32))
    assert result.shape == (*size, 3)
    assert np.abs(luma_of(result) - luma).max() <= 0.51


def test_larger_chroma_is_averaged_down() -> None:
    stripes = torch.tensor([-15.0, 15.0]).repeat(64).expand(2, 128, 128)
    result = upsample_chroma(np.full((16, 16), 128, np.uint8), stripes)
    assert np.abs(result.astype(int) - 128).max() <= 3


def test_a_picture_that_may_not_be_written_to_is_upsampled() -> None:
    luma = noise(20, 20)
    luma.flags.writeable = False
    assert upsample_chroma(luma, small_chroma()).shape == (20, 20, 3)


MEMORY_BESIDES_LUMA_AND_RESULT = """
import resource
import numpy as np, torch
from colorizer.engine.architectures.compact.chroma_upsampling import upsample_chroma
upsample_chroma(np.full((64, 64), 100, np.uint8), torch.zeros(2, 8, 8))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
luma = np.full((6000, 8000), 100, np.uint16)
result = upsample_chroma(luma, torch.zeros(2, 72, 96))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((peak - before) / 1024 - (luma.nbytes + result.nbytes) / 2**20)
"""


@pytest.mark.slow
def test_48_megapixels_need_less_than_100_mib_besides_luma_and_result() -> None:
    process = subprocess.run(
        [sys.executable, "-c", MEMORY_BESIDES_LUMA_AND_RESULT],
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(process.stdout) < 100
