"""Random hints are the same each time, have the true colors, and bring a picture nearer to the truth."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.architectures.registry import ARCHITECTURES
from colorizer.engine.hints import Hint
from colorizer.engine.weights import save_weights
from colorizer.evaluation.__main__ import main
from colorizer.evaluation.hinted import hinted_labels, random_hints

BINS = torch.tensor([[0.0, 0.0], [60.0, 0.0], [0.0, 60.0], [-60.0, -60.0]])


@pytest.fixture(scope="module")
def halves() -> Image.Image:
    """512 x 512: red at the left, blue at the right."""
    pixels = np.zeros((512, 512, 3), dtype=np.uint8)
    pixels[:, :256, 0] = 200
    pixels[:, 256:, 2] = 100
    return Image.fromarray(pixels)


def hints_of(picture: Image.Image, count: int, seed: int = 1) -> tuple[Hint, ...]:
    return random_hints(picture, count, 16, np.random.default_rng(seed))


def test_the_same_seed_gives_the_same_hints_and_fewer_are_the_first_of_more(
    halves: Image.Image,
) -> None:
    assert hints_of(halves, 20) == hints_of(halves, 20)
    assert hints_of(halves, 5) == hints_of(halves, 20)[:5]
    assert hints_of(halves, 20) != hints_of(halves, 20, seed=2)


def test_patches_have_1_to_9_pixels_of_the_networks_input(halves: Image.Image) -> None:
    """At render factor 16 its input has 256 x 256 pixels, each 2 x 2 of these pictures'."""
    radii = [hint.radius for hint in hints_of(halves, 500)]
    assert sorted(set(radii)) == pytest.approx(range(1, 10))
    assert min(radii.count(radius) for radius in set(radii)) > 25


def test_places_are_all_over_the_picture() -> None:
    picture = Image.new("RGB", (300, 200))
    cells = Counter((hint.x // 100, hint.y // 100) for hint in hints_of(picture, 500))
    assert len(cells) == 6
    assert min(cells.values()) > 50


def test_colors_are_the_means_of_the_patches(halves: Image.Image) -> None:
    for hint in hints_of(halves, 500):
        if hint.x + hint.radius <= 256:
            assert hint.color == (200, 0, 0)
        elif hint.x - hint.radius >= 256:
            assert hint.color == (0, 0, 100)
        else:
            red, green, blue = hint.color
            assert green == 0
            assert red / 200 + blue / 100 == pytest.approx(1)
            assert 0 < red < 200


def test_the_table_names_figures_of_hints_by_their_number() -> None:
    names = ("psnr", "psnr_hints_10", "psnr_hints_10_gain", "psnr_hints_1")
    assert hinted_labels(names) == {
        "psnr_hints_1": "PSNR, 1 hint, dB",
        "psnr_hints_10": "PSNR, 10 hints, dB",
    }


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.fromarray(data.coffee()).resize((128, 96)).save(folder / "coffee.png")
    return folder


def weights(folder: Path, *, takes_hints: bool) -> Path:
    torch.manual_seed(1)
    network = CompactUNet(BINS, encoder="lite0", takes_hints=takes_hints).eval()
    path = folder / "network.safetensors"
    save_weights(network, ARCHITECTURES["compact"], path, {})
    return path


def evaluate(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    metrics = ("--metrics", "psnr", "--render-factor", "8")
    monkeypatch.setattr(sys, "argv", ["evaluation", *map(str, arguments), *metrics])
    main()


def test_hints_are_measured_over_none(
    photo: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Even where the network has learned nothing: the engine keeps colors of hints."""
    file = tmp_path / "figures.json"
    path = weights(tmp_path, takes_hints=True)
    evaluate(monkeypatch, path, photo, "--hints", 100, 1, "--json", file)
    summary = json.loads(file.read_text())
    figures, table = summary["figures"], capsys.readouterr().out
    for count in (1, 100):
        gain = figures[f"psnr_hints_{count}"] - figures["psnr"]
        assert figures[f"psnr_hints_{count}_gain"] == pytest.approx(gain)
    assert figures["psnr_hints_100"] > figures["psnr_hints_1"] > figures["psnr"]
    assert summary["scores"]["coffee.png"]["psnr_hints_1"] == figures["psnr_hints_1"]
    lines = [line.split() for line in table.splitlines() if "hint" in line]
    assert [line[1] for line in lines] == ["1", "100"]
    assert lines[1][-4:] == [f"{figures['psnr_hints_100_gain']:+.3f}", "to", "no", "hints"]


def test_weights_that_take_no_hints_are_named(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit, match="network take neither hints"):
        evaluate(monkeypatch, weights(tmp_path, takes_hints=False), photo, "--hints", 1)


@pytest.mark.parametrize("count", ["0", "501", "x"])
def test_impossible_numbers_of_hints_are_refused(
    count: str, photo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        evaluate(monkeypatch, "network.safetensors", photo, "--hints", count)
    assert "--hints: " in capsys.readouterr().err
