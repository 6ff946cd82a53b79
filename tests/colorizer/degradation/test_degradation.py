"""Each degradation against values worked out by hand; the same seed gives the same photograph."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorizer.degradation import aging, scanning
from colorizer.degradation.film import RESPONSES, Plane, on_film
from colorizer.degradation.old_photograph import gray_and_truth, old_photograph

RED, BLUE = (200, 0, 0), (0, 0, 200)


def flat(value: float, side: int = 40) -> Plane:
    return np.full((side, side), value, np.float32)


def halves() -> np.ndarray:
    scene = np.empty((8, 8, 3), np.uint8)
    scene[:, :4], scene[:, 4:] = RED, BLUE
    return scene


@pytest.mark.parametrize("response", RESPONSES.values(), ids=list(RESPONSES))
def test_gray_stays_as_bright_on_every_film(response: tuple[float, float, float]) -> None:
    assert sum(response) == pytest.approx(1)
    scene = np.full((4, 4, 3), 119, np.uint8)
    assert on_film(scene, response) == pytest.approx(119 / 255, abs=1e-3)


def test_orthochromatic_film_hardly_sees_red() -> None:
    film = on_film(halves(), RESPONSES["orthochromatic"])
    # Linear 200 is 0.5776; the meter sees (0.2126 + 0.0722) / 2 of it, the film (0.03 + 0.45) / 2.
    gain = (0.2126 + 0.0722) / (0.03 + 0.45)
    light = np.array([0.03, 0.45]) * 0.5776 * gain
    wanted = 1.055 * light ** (1 / 2.4) - 0.055
    assert film[0, [0, 7]] == pytest.approx(wanted, abs=1e-3)


def test_black_scene_stays_black() -> None:
    assert not on_film(np.zeros((4, 4, 3), np.uint8), RESPONSES["red filter"]).any()


def test_corners_get_the_fourth_power_of_the_cosine() -> None:
    plane = aging.vignetted(flat(1, 41), corner_degrees=30)
    assert plane[20, 20] == 1
    assert plane[0, 0] == pytest.approx(np.cos(np.radians(30)) ** (4 / 2.2), abs=1e-5)


def test_fading_raises_black_and_lowers_white() -> None:
    plane = np.array([[0, 0.5, 1]], np.float32)
    assert aging.faded(plane, 0.2, 0.8) == pytest.approx(np.array([[0.2, 0.5, 0.8]]))


def test_uneven_fading_lies_between_none_and_all() -> None:
    plane = aging.unevenly_faded(flat(0), 0.3, 0.7, np.random.default_rng(1))
    assert plane.min() >= 0
    assert plane.max() <= 0.3 + 1e-6
    assert plane.std() > 0.01


def test_border_is_a_share_of_the_shorter_side() -> None:
    plane = aging.bordered(np.zeros((50, 100), np.float32), 0.1, 0.9)
    assert (plane == 0).sum() == 40 * 90
    assert plane[4, 50] == plane[25, 95] == np.float32(0.9)


def test_grain_is_strongest_in_middle_gray() -> None:
    rng = np.random.default_rng(1)
    deviations = [
        scanning.grainy(flat(value, 200), 1, 0.05, rng).std() for value in (0, 0.1, 0.5, 1)
    ]
    assert deviations == pytest.approx([0, 0.03, 0.05, 0], abs=1e-3)


def test_unsharp_mask_overshoots_at_an_edge() -> None:
    plane = flat(0.25)
    plane[:, 20:] = 0.75
    sharp = scanning.sharpened(plane, 1, 1)
    assert sharp[20, 20] > 0.75
    assert sharp[20, 19] < 0.25
    assert sharp[20, 0] == pytest.approx(0.25)


def test_bands_run_through_all_rows() -> None:
    plane = scanning.banded(flat(0.5), 0.02, np.random.default_rng(1))
    assert (plane == plane[0]).all()
    assert plane.std() == pytest.approx(0.01, abs=0.003)


def test_scratches_are_one_pixel_wide() -> None:
    plane = scanning.scratched(flat(0.5), 1, np.random.default_rng(1))
    assert (plane != 0.5).any(axis=0).sum() == 1


def test_jpeg_is_near_at_high_quality_and_blocky_at_low() -> None:
    plane = np.asarray(Image.fromarray(data.camera()).resize((64, 64)), np.float32) / np.float32(
        255
    )
    fine, coarse = (scanning.as_jpeg(plane, quality) for quality in (95, 10))
    assert np.abs(fine - plane).mean() < 0.01 < np.abs(coarse - plane).mean()


def test_same_seed_gives_the_same_old_photograph() -> None:
    first, again, other = (
        old_photograph(data.astronaut()[:64, :64], np.random.default_rng(seed)).luma
        for seed in (1, 1, 2)
    )
    assert (first == again).all()
    assert not (first == other).all()
    assert first.min() >= 0
    assert first.max() <= 1


def test_truth_has_the_old_luma_and_the_real_chroma_but_no_colored_border() -> None:
    real = Image.fromarray(np.full((60, 80, 3), (140, 120, 100), np.uint8))
    seeds = range(20)
    for gray, truth in (gray_and_truth(real, np.random.default_rng(seed)) for seed in seeds):
        luma, _, cr = (np.asarray(band, int) for band in truth.convert("YCbCr").split())
        given = np.asarray(gray, int)
        can_carry_it = (given > 40) & (given < 215)
        assert np.abs(luma - given)[can_carry_it].max() <= 1
        assert cr[30, 40] > 130
    corners = [
        np.ptp(np.asarray(gray_and_truth(real, np.random.default_rng(seed))[1])[0, 0])
        for seed in seeds
    ]
    assert 0 in corners
    assert max(corners) > 10
