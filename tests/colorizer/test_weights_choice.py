"""Which weights a variant is colorized with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.core.checks import run_checks
from pytest_django import Settings

from colorizer.engine import model_registry
from colorizer.engine.errors import WeightsError
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.variants import Variant
from colorizer.weights_store.choice import choose, weights_for
from colorizer.weights_store.records import InstalledWeights, weights_path, write_record
from jobs.management.commands.workers import Command


def put(name: str, variant: Variant = "stable", **facts: str) -> Path:
    """A record and a file of this name; which weights are chosen does not depend on what is in it."""
    folder = site_settings.WEIGHTS_DIR
    folder.mkdir(exist_ok=True)
    record: dict[str, Any] = {
        "architecture": "compact",
        "license": "MIT",
        "bytes": 1,
        "sha256": "0" * 64,
        "source": f"{name}.safetensors",
        "source_sha256": "0" * 64,
        "installed_at": "2026-01-01T00:00:00+00:00",
        **facts,
    }
    write_record(folder, InstalledWeights(name=name, variant=variant, **record))
    shutil.copy(bundled_weights(variant), weights_path(folder, name))
    return weights_path(folder, name)


def test_without_any_others_the_bundled_weights_are_used() -> None:
    assert weights_for("stable") == bundled_weights("stable")


def test_installed_weights_are_used_for_their_variant_only() -> None:
    mine = put("mine", "stable")
    assert weights_for("stable") == mine
    assert weights_for("video") == bundled_weights("video")


def test_deoldify_comes_before_compact_and_the_latest_before_the_earlier() -> None:
    put("compact-later", installed_at="2026-03-03T00:00:00+00:00")
    put("wide-earlier", architecture="deoldify-wide")
    wide = put("wide", architecture="deoldify-wide", installed_at="2026-02-02T00:00:00+00:00")
    assert weights_for("stable") == wide


@pytest.mark.parametrize("override", ["bundled", "mine", "path"])
def test_a_setting_overrides(settings: Settings, tmp_path: Path, override: str) -> None:
    named = put("mine", "stable")
    put("better", "stable", architecture="deoldify-wide")
    elsewhere = tmp_path / "elsewhere.safetensors"
    shutil.copy(named, elsewhere)
    expected = {"bundled": bundled_weights("stable"), "mine": named, "path": elsewhere}[override]
    value = str(elsewhere) if override == "path" else override
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "stable": value}
    assert choose("stable").path == expected
    assert choose("stable").reason == f"WEIGHTS_STABLE={value}"


def test_an_override_that_cannot_be_used_is_no_silent_fallback(settings: Settings) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "video": "nonesuch"}
    with pytest.raises(WeightsError, match="WEIGHTS_VIDEO=nonesuch names no weights"):
        weights_for("video")
    assert weights_for("stable") == bundled_weights("stable")


def test_an_installed_file_that_is_gone_is_no_silent_fallback() -> None:
    put("mine", "stable").unlink()
    with pytest.raises(WeightsError, match=r"stable are missing: there is no file .*mine"):
        weights_for("stable")


def test_a_site_in_order_starts_without_a_word() -> None:
    assert [message for message in run_checks() if message.id == "colorizer.W001"] == []


def test_weights_that_cannot_be_used_are_told_at_the_start(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "video": "nonesuch"}
    monkeypatch.setattr(model_registry, "BUNDLED_FOLDER", tmp_path)
    told = {message.msg for message in run_checks(tags=Command.requires_system_checks)}
    assert len(told) == 3
    assert any("WEIGHTS_VIDEO=nonesuch" in message for message in told)


def test_records_are_kept_as_json_for_people(settings: Settings) -> None:
    put("mine")
    record = json.loads((Path(settings.WEIGHTS_DIR) / "mine.json").read_text())
    assert (record["name"], record["variant"]) == ("mine", "stable")


def test_a_damaged_record_is_named(settings: Settings) -> None:
    settings.WEIGHTS_DIR.mkdir()
    (settings.WEIGHTS_DIR / "torn.json").write_text("{}")
    with pytest.raises(WeightsError, match=r"torn\.json is damaged"):
        weights_for("stable")
