"""Networks stay loaded between jobs, within the memory for them."""

from __future__ import annotations

import shutil
from pathlib import Path

from colorizer.engine.model_registry import bundled_weights
from colorizer.warm import WarmColorizers

ARTISTIC, STABLE, VIDEO = (bundled_weights(name) for name in ("artistic", "stable", "video"))


def test_a_network_is_loaded_once() -> None:
    warm = WarmColorizers(budget=2**30)
    assert warm.get(STABLE) is warm.get(STABLE)
    assert warm.loads == 1


def test_the_one_not_used_for_longest_makes_room() -> None:
    two = 2 * WarmColorizers(0).get(STABLE).parameter_bytes
    warm = WarmColorizers(budget=two)
    for weights in (ARTISTIC, STABLE, ARTISTIC, VIDEO):
        warm.get(weights)
    assert warm.loads == 3
    warm.get(ARTISTIC)
    assert warm.loads == 3
    warm.get(STABLE)
    assert warm.loads == 4


def test_the_one_in_use_stays_whatever_its_size() -> None:
    warm = WarmColorizers(budget=0)
    assert warm.get(STABLE) is warm.get(STABLE)


def test_another_file_in_its_place_is_loaded(tmp_path: Path) -> None:
    warm = WarmColorizers(budget=2**30)
    weights = tmp_path / "weights.safetensors"
    shutil.copyfile(STABLE, weights)
    before = warm.get(weights)
    weights.unlink()
    shutil.copyfile(ARTISTIC, weights)
    assert warm.get(weights).weights_sha256 != before.weights_sha256
