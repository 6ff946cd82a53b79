"""Networks stay loaded between jobs, within the memory for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.variants import Variant
from colorizer.model_cache import ModelCache
from colorizer.weights_store.choice import Choice, sha256_of
from colorizer.weights_store.choice import choose as choose_weights


def get(cache: ModelCache, variant: Variant) -> Colorizer:
    choice = choose_weights(variant)
    return cache.get(choice.path, sha256_of(choice))


def test_a_network_is_loaded_once() -> None:
    cache = ModelCache(budget=2**30)
    assert get(cache, "stable") is get(cache, "stable")
    assert cache.loads == 1


@pytest.mark.slow
def test_the_one_not_used_for_longest_makes_room() -> None:
    two = 2 * get(ModelCache(0), "stable").parameter_bytes
    cache = ModelCache(budget=two)
    variants: tuple[Variant, ...] = ("artistic", "stable", "artistic", "video")
    for variant in variants:
        get(cache, variant)
    assert cache.loads == 3
    get(cache, "artistic")
    assert cache.loads == 3
    get(cache, "stable")
    assert cache.loads == 4


def test_the_one_in_use_stays_whatever_its_size() -> None:
    cache = ModelCache(budget=0)
    assert get(cache, "stable") is get(cache, "stable")


def test_the_same_network_by_another_name_is_told_by_that_name(tmp_path: Path) -> None:
    cache = ModelCache(budget=2**30)
    bundled = choose_weights("stable")
    mine = shutil.copyfile(bundled.path, tmp_path / "mine.safetensors")
    names = [cache.get(path, sha256_of(bundled)).weights_name for path in (bundled.path, mine)]
    assert names == ["compact-stable", "mine"]


def test_another_file_in_its_place_is_loaded(tmp_path: Path) -> None:
    cache = ModelCache(budget=2**30)
    weights = tmp_path / "weights.safetensors"
    found = set()
    for variant in ("stable", "artistic"):
        shutil.copyfile(choose_weights(variant).path, weights)
        choice = Choice("stable", weights, "named by its path")
        found.add(cache.get(choice.path, sha256_of(choice)).weights_sha256)
    assert len(found) == 2
