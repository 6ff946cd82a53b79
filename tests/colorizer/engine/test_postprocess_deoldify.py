"""DeOldify's postprocessing: OpenCV's 8-bit RGB and YUV to the last bit, in strips, at any size and depth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.architectures.deoldify import processing
from colorizer.engine.architectures.deoldify.processing import upsample_chroma
from colorizer.engine.color import luma_of

SIZES = [(1, 1), (1, 900), (900, 1), (37, 61), (2, 300_000)]


def rounded(fixed_point: int) -> int:
    return (fixed_point + 8192) >> 14


def saturated(value: int) -> int:
    return min(255, max(0, value))


def reference(luma: int, prediction: tuple[int, int, int]) -> list[int]:
    """One pixel, as OpenCV's cvtColor converts it."""
    red, green, blue = prediction
    y = rounded(4899 * red + 9617 * green + 1868 * blue)
    u = saturated(rounded(8061 * (blue - y)) + 128) - 128
    v = saturated(rounded(14369 * (red - y)) + 128) - 128
    result = (
        luma + rounded(18678 * v),
        luma + rounded(-6472 * u - 9519 * v),
        luma + rounded(33292 * u),
    )
    return [saturated(value) for value in result]


def noise(*shape: int, depth: type[np.uint8 | np.uint16] = np.uint8) -> NDArray[Any]:
    values: NDArray[Any] = np.random.default_rng(1).integers(
        0, np.iinfo(depth).max, shape, depth, endpoint=True
    )
    return values


BYTE = st.integers(0, 255)


@settings(max_examples=300, deadline=None)
@given(luma=BYTE, prediction=st.tuples(BYTE, BYTE, BYTE))
def test_a_pixel_is_converted_as_opencv_does(luma: int, prediction: tuple[int, int, int]) -> None:
    result = upsample_chroma(np.array([[luma]], np.uint8), Image.new("RGB", (1, 1), prediction))
    assert result[0, 0].tolist() == reference(luma, prediction)


def test_a_picture_is_converted_pixel_by_pixel_after_one_bilinear_resize() -> None:
    luma, prediction = noise(43, 31), Image.fromarray(noise(16, 16, 3))
    resized = np.asarray(prediction.resize((31, 43), Image.Resampling.BILINEAR))
    expected = [
        [reference(int(luma[y, x]), tuple(resized[y, x].tolist())) for x in range(31)]
        for y in range(43)
    ]
    assert upsample_chroma(luma, prediction).tolist() == expected


@pytest.mark.parametrize("size", SIZES)
def test_strips_leave_no_seams(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    luma, prediction = noise(*size), Image.fromarray(noise(64, 64, 3))
    monkeypatch.setattr(processing, "STRIP_PIXELS", luma.size)
    in_one_pass = upsample_chroma(luma, prediction)
    monkeypatch.setattr(processing, "STRIP_PIXELS", 7 * luma.shape[1])
    np.testing.assert_array_equal(upsample_chroma(luma, prediction), in_one_pass)


@pytest.mark.parametrize("size", SIZES)
def test_a_gray_prediction_leaves_the_photo_as_it_is(size: tuple[int, int]) -> None:
    luma = noise(*size)
    result = upsample_chroma(luma, Image.new("RGB", (16, 16), (90, 90, 90)))
    np.testing.assert_array_equal(result, np.dstack([luma] * 3))


def test_a_color_photo_keeps_its_own_luma_and_loses_its_colors() -> None:
    photo = noise(40, 50, 3) // 4 + 96  # room for the prediction
    luma = luma_of(photo)
    result = upsample_chroma(luma, Image.new("RGB", (16, 16), (140, 120, 110)))
    assert np.abs(luma_of(result).astype(int) - luma).max() <= 1
    assert (result[..., 0].astype(int) - result[..., 2]).std() == 0


def test_sixteen_bits_are_not_eight_in_disguise() -> None:
    luma, prediction = noise(43, 31, depth=np.uint16), Image.fromarray(noise(16, 16, 3))
    result = upsample_chroma(luma, prediction)
    assert result.dtype == np.uint16
    coarse = upsample_chroma((luma // 257).astype(np.uint8), prediction).astype(int) * 257
    assert np.abs(result.astype(int) - coarse).max() <= 256
    assert len(np.unique(result % 257)) > 200


def test_eight_bits_in_sixteen_are_converted_like_eight() -> None:
    luma, prediction = noise(43, 31), Image.fromarray(noise(16, 16, 3))
    wide = upsample_chroma(luma.astype(np.uint16) * 257, prediction)
    np.testing.assert_array_equal(wide, upsample_chroma(luma, prediction).astype(np.uint16) * 257)
