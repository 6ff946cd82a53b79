"""Adjustments of a colored picture: what each does, what stays, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from colorizer.engine.adjusting import adjust, find_levels, gray_mask, with_levels
from colorizer.engine.adjustments import (
    MAX_POINTS,
    MAX_STROKES,
    Adjustments,
    AdjustmentsError,
    Levels,
    Stroke,
    from_json,
)
from colorizer.engine.color import chroma_of
from colorizer.engine.ycbcr import LUMA_OF_RGB

MIDDLE = Stroke(((2000, 5000), (8000, 5000)), 1500)


def colors(dtype: Any = np.uint8, height: int = 40, width: int = 60) -> NDArray[Any]:
    """All kinds, from gray to as vivid as they get."""
    rng = np.random.default_rng(7)
    full = np.iinfo(dtype).max
    pixels = rng.integers(0, full, (height, width, 3), dtype, endpoint=True)
    pixels[: height // 4] = np.linspace(0, full, width).astype(dtype)[:, None]
    pixels[-height // 4 :] = pixels[-height // 4 :] // 4 + full // 3
    return pixels


def adjusted(pixels: NDArray[Any], **choices: Any) -> NDArray[Any]:
    copy = pixels.copy()
    adjust(copy, Adjustments(**choices))
    return copy


def luma(pixels: NDArray[Any]) -> Any:
    return pixels.astype(np.float64) / (np.iinfo(pixels.dtype).max / 255) @ np.array(LUMA_OF_RGB)


def chroma_length(pixels: NDArray[Any]) -> Any:
    return np.hypot(*chroma_of(pixels.astype(np.float64)))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize(
    "choices",
    [
        {"intensity": 100, "warmth": 100},
        {"intensity": -60, "saturation": 80},
        {"saturation": -100, "tint": -100},
        {"warmth": -50, "tint": 50, "gray": (MIDDLE,)},
    ],
    ids=str,
)
def test_the_luma_stays_whatever_is_adjusted(dtype: Any, choices: dict[str, Any]) -> None:
    before = colors(dtype)
    after = adjusted(before, **choices)
    # Each channel is rounded to a whole number, so luma by half of one at most.
    assert np.abs(luma(after) - luma(before)).max() <= 0.5
    assert (after != before).any()


def test_what_is_not_adjusted_stays_to_the_last_bit() -> None:
    pixels = colors()
    assert (adjusted(pixels) == pixels).all()
    aside = Stroke(((0, 0),), 20)
    assert (adjusted(pixels, gray=(aside,))[2:] == pixels[2:]).all()
    assert (adjusted(pixels, levels=Levels()) == pixels).all()


def test_each_slider_does_what_it_says() -> None:
    pixels = colors()
    gray = adjusted(pixels, intensity=-100)
    assert np.ptp(gray, axis=2).max() <= 1
    pale = np.full((1, 1, 3), (140, 120, 110), np.uint8)
    vivid = np.full((1, 1, 3), (220, 60, 40), np.uint8)
    lifted = [chroma_length(adjusted(p, saturation=50)) / chroma_length(p) for p in (pale, vivid)]
    calmed = [chroma_length(adjusted(p, saturation=-50)) / chroma_length(p) for p in (pale, vivid)]
    assert lifted[0] > lifted[1] > 1
    assert 1 > calmed[0] > calmed[1]
    ends = np.array([[[0, 0, 0], [255, 255, 255], [128, 128, 128]]], np.uint8)
    orange = adjusted(ends, warmth=100)[0].astype(int)
    assert (orange[:2] == ends[0, :2]).all(), "black and white stay neutral"
    assert orange[2, 0] > orange[2, 1] > orange[2, 2], "orange"
    green = adjusted(ends, tint=-100)[0, 2]
    assert green[1] > max(green[0], green[2])


def test_a_brushed_region_is_gray_with_a_soft_edge_and_can_be_taken_back() -> None:
    pixels = np.full((200, 400, 3), (200, 100, 60), np.uint8)
    brushed = adjusted(pixels, gray=(MIDDLE,))
    spread = np.ptp(brushed.astype(int), axis=2)
    assert spread[100, 200] <= 1
    assert (spread[:20] == 140).all()
    column = spread[100:, 200]
    assert (np.diff(column) >= 0).all()
    assert len(np.unique(column)) > 10
    erased = adjusted(pixels, gray=(MIDDLE, Stroke(MIDDLE.points, 4000, erases=True)))
    assert (erased == pixels).all()
    mask = gray_mask((MIDDLE,), 400, 200)
    assert mask.shape == (256, 512)
    assert gray_mask((MIDDLE,), 1, 9000).shape == (512, 1)


def test_levels_bring_a_faded_print_back_and_strips_make_no_difference() -> None:
    faded = (np.linspace(0, 1, 500) ** 2 * 110 + 70).astype(np.uint8)
    print_ = np.repeat(np.repeat(faded[None, :, None], 400, 0), 3, 2)
    levels = with_levels(Adjustments(levels="auto"), print_).levels
    assert isinstance(levels, Levels)
    assert abs(levels.black - 70) <= 1
    assert abs(levels.white - 180) <= 2
    assert levels.gamma > 100, "its middle is dark"
    restored = adjusted(print_, levels="auto")
    assert restored.min() == 0
    assert restored.max() == 255
    assert (restored == adjusted(print_[:1], levels=levels)).all()
    assert find_levels(np.zeros(256, int)) == Levels()
    assert find_levels(np.bincount([9] * 50, minlength=256)) == Levels()


def test_they_come_as_json_and_go_as_json() -> None:
    chosen = Adjustments(30, -20, 10, 5, Levels(20, 230, 110), (MIDDLE,))
    assert from_json(json.loads(json.dumps(chosen.as_json()))) == chosen
    assert from_json({}).are_none
    assert from_json({"levels": "auto"}).levels == "auto"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "“adjustments” has to be an object."),
        ([], "“adjustments” has to be an object."),
        ({"warmth": 101}, "“warmth” has to be a whole number, -100 to 100."),
        ({"warmth": 1.5}, "“warmth” has to be a whole number, -100 to 100."),
        ({"warmth": True}, "“warmth” has to be a whole number, -100 to 100."),
        ({"heat": 1}, "“heat” is not known. Known are gray, intensity, levels,"),
        ({"levels": "best"}, "“levels” has to be an object."),
        ({"levels": {"black": 200, "white": 210}}, "at least 32 above black"),
        ({"gray": 3}, "“gray” has to be a list."),
        ({"gray": [{}]}, "at least one point"),
        ({"gray": [{"points": [[1]], "radius": 99}]}, "two numbers: x and y"),
        ({"gray": [{"points": [[1, 10001]], "radius": 99}]}, "“y” has to be a whole number"),
        ({"gray": [{"points": [[1, 1]]}]}, "“radius” has to be a whole number, 20 to 5000."),
        ({"gray": [{"points": [[1, 1]], "radius": 99, "erases": 1}]}, "true or false"),
        ({"gray": [{"points": [[1, 1]], "radius": 99}] * (MAX_STROKES + 1)}, "At most 200 strokes"),
        ({"gray": [{"points": [[1, 1]] * (MAX_POINTS + 1), "radius": 99}]}, "5000 points"),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(content: object, words: str) -> None:
    with pytest.raises(AdjustmentsError) as refused:
        from_json(content)
    assert words in str(refused.value)
