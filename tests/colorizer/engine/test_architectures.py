"""A new architecture is a folder and an entry: everything else goes through the registry."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image
from safetensors import safe_open
from safetensors.torch import save_file

from colorizer.engine import MIN_RENDER_FACTOR, Colorizer, WeightsError
from colorizer.engine.architectures.registry import ARCHITECTURES
from colorizer.engine.color import chroma_of
from colorizer.engine.video import FilmOptions, colorize_film
from colorizer.engine.weights import convert, load_weights
from tests import ROOT
from tests.colorizer.engine.toy import TINT, Toy
from tests.colorizer.engine.video.films import Film, chromas, write

GRAY = Image.new("L", (50, 30), 100)
COLORED = [110, 100, 80]


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Toy:
    architecture = Toy()
    monkeypatch.setitem(ARCHITECTURES, architecture.name, architecture)
    return architecture


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    path = tmp_path / "toy.pth"
    torch.save({"model": {TINT: torch.tensor([10.0, 0.0, -20.0])}}, path)
    return path


def test_its_checkpoint_is_recognized_and_converted(
    toy: Toy, checkpoint: Path, tmp_path: Path
) -> None:
    converted = tmp_path / "converted.safetensors"
    convert(checkpoint, converted, "video")
    with safe_open(converted, framework="pt") as file:
        assert file.metadata() == {"architecture": "toy", "variant": "video", "made_of": "toys"}
    assert load_weights(checkpoint).architecture is toy
    assert load_weights(converted).architecture is toy
    assert load_weights(converted).variant == "video"


def test_it_colorizes_pictures_and_files(toy: Toy, checkpoint: Path, tmp_path: Path) -> None:
    colorizer = Colorizer.from_file(checkpoint)
    assert (colorizer.architecture, colorizer.default_render_factor) == ("toy", 9)
    assert np.asarray(colorizer.colorize(GRAY))[5, 5].tolist() == COLORED
    GRAY.save(tmp_path / "gray.png")
    outcome = colorizer.colorize_file(tmp_path / "gray.png", tmp_path / "color.png")
    assert outcome.render_factor == 9
    with Image.open(tmp_path / "color.png") as result:
        assert np.asarray(result)[5, 5].tolist() == COLORED


def test_it_colorizes_films_whose_frames_have_the_size_that_it_wants(
    toy: Toy, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = set()
    preprocess = toy.preprocess

    def noting(pixels: NDArray[Any], render_factor: int) -> torch.Tensor:
        seen.add(pixels.shape)
        return preprocess(pixels, render_factor)

    monkeypatch.setattr(toy, "preprocess", noting)
    source, target = write(tmp_path / "gray.mp4", Film(frames=5)), tmp_path / "color.mp4"
    colorizer = Colorizer.from_file(checkpoint)
    report = colorize_film(source, target, FilmOptions(), colorizer, lambda *_: None)
    assert report.frames == 5
    assert seen == {(27, 36, 1)}
    tint = chroma_of(np.array([[[10, 0, -20]]], np.float32))[:, 0, 0]
    for chroma in chromas(target):
        assert chroma.mean(axis=(1, 2)) == pytest.approx(tint, abs=2)


def test_the_rest_of_the_engine_imports_no_architecture() -> None:
    own = ROOT / "colorizer" / "engine" / "architectures"
    modules = [
        path for path in (ROOT / "colorizer" / "engine").rglob("*.py") if own not in path.parents
    ]
    folders = [path.parent.name for path in own.glob("*/__init__.py")]
    assert len(folders) > 1
    named = [f"colorizer.engine.architectures.{folder}" for folder in folders]
    found = [path for path in modules if any(name in path.read_text() for name in named)]
    assert found == []


def test_its_memory_estimate_counts(
    toy: Toy, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toy, "bytes_per_pixel", 2**60)
    GRAY.save(tmp_path / "gray.png")
    outcome = Colorizer.from_file(checkpoint).colorize_file(
        tmp_path / "gray.png", tmp_path / "color.png", 40
    )
    assert outcome.render_factor == MIN_RENDER_FACTOR


def test_its_own_reasons_reach_the_user(toy: Toy, tmp_path: Path) -> None:
    path = tmp_path / "other.safetensors"
    save_file({"tint": torch.zeros(3)}, path, {"architecture": "toy"})
    with pytest.raises(WeightsError, match="is not made of toys"):
        load_weights(path)


def test_without_the_entry_nobody_knows_it(checkpoint: Path) -> None:
    with pytest.raises(WeightsError, match="does not hold the weights of any known architecture"):
        load_weights(checkpoint)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_entry_stands_under_its_name(name: str) -> None:
    assert ARCHITECTURES[name].name == name
    assert ARCHITECTURES[name].bytes_per_pixel > 0


def names_compared(path: Path) -> list[str]:
    """Names of architectures that a module compares something with."""
    return [
        constant.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Compare | ast.MatchValue)
        for constant in ast.walk(node)
        if isinstance(constant, ast.Constant) and constant.value in ARCHITECTURES
    ]


def test_nothing_asks_which_architecture_it_is() -> None:
    own = ROOT / "colorizer" / "engine" / "architectures"
    modules = [path for path in (ROOT / "colorizer").rglob("*.py") if own not in path.parents]
    assert len(modules) > 50
    assert [str(path) for path in modules if names_compared(path)] == []
