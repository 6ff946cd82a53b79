"""Colors follow motion within a scene, and nothing else; the network here is a rule that flickers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.video.scenes import cuts
from colorizer.engine.video.steadiness import Steadied
from tests.colorizer.engine.video.films import pan, picture

SCENE = [pan(index) for index in range(20)]
OTHER = [pan(index, name="coffee") for index in range(20)]
SECONDS = [index / 25 for index in range(40)]


class Flickering:
    """One hue for dark scenes, another for light ones, now stronger, now weaker."""

    def __init__(self, hue: float) -> None:
        self.hue, self.calls = hue, 0

    def __call__(self, luma: NDArray[Any], index: int) -> NDArray[Any]:
        self.calls += 1
        chroma = np.full((2, luma.shape[0] // 4, luma.shape[1] // 4), self.hue, np.float32)
        return chroma * (1.3 if self.calls % 2 else 0.7)


def colors(lumas: list[NDArray[Any]], predict: Any, smoothing: float) -> tuple[Any, Steadied]:
    steadied = Steadied(lumas, SECONDS[: len(lumas)], predict, smoothing)
    return np.stack([*steadied.frames(range(len(lumas)))]), steadied


def test_few_frames_are_predicted_and_flicker_goes() -> None:
    plain, each = colors(SCENE, Flickering(20), 0)
    steady, few = colors(SCENE, Flickering(20), 0.7)
    assert each.network_runs == len(SCENE) > 3 * few.network_runs
    changes = [np.abs(np.diff(found, axis=0)).mean() for found in (plain, steady)]
    assert changes[1] < changes[0] / 3
    assert np.abs(steady).mean() > 0.9 * np.abs(plain).mean()


def test_nothing_is_carried_over_a_cut() -> None:
    def predict(luma: NDArray[Any], index: int) -> NDArray[Any]:
        is_first = any(np.array_equal(luma, one) for one in SCENE)
        return np.full((2, 16, 24), 40 if is_first else -40, np.float32)

    found, steadied = colors([*SCENE, *OTHER], predict, 1)
    assert steadied.cuts == [20]
    assert found[:20].min() > 39
    assert found[20:].max() < -39


def test_a_flash_is_no_cut() -> None:
    flashed = [*SCENE]
    flashed[9] = np.clip(flashed[9].astype(int) + 120, 0, 255).astype(np.uint8)
    assert cuts(flashed) == []


def test_a_frame_that_is_shown_again_is_not_predicted_again() -> None:
    still = [picture()[:64, :96]] * 30
    _, steadied = colors(still, Flickering(20), 0)
    assert steadied.network_runs == 1
