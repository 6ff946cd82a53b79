"""Metrics against values worked out by hand, and the evaluation as it is run."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data
from skimage.metrics import peak_signal_noise_ratio

from colorizer.engine.catalogue import bundled_weights
from colorizer.evaluation.metrics import colourfulness, psnr

ROOT = Path(__file__).parent.parent


def test_psnr_is_scikit_images() -> None:
    real = data.coffee()
    painted = np.roll(real, 3, axis=0)
    assert psnr(painted, real) == pytest.approx(peak_signal_noise_ratio(real, painted))


def test_equal_pictures_have_no_error() -> None:
    assert psnr(data.coffee(), data.coffee()) == float("inf")


def test_gray_has_no_colourfulness() -> None:
    assert colourfulness(np.full((4, 4, 3), 99, dtype=np.uint8)) == 0


def test_colourfulness_of_red_and_green_halves() -> None:
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[0, :, 0] = 200
    pixels[1, :, 1] = 200
    # rg is +200 and -200: deviation 200, mean 0; yb is 100 throughout: deviation 0, mean 100.
    assert colourfulness(pixels) == pytest.approx(200 + 0.3 * 100)


@pytest.fixture
def shard(tmp_path: Path) -> Path:
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for name in ("astronaut", "chelsea", "coffee", "rocket"):
            content = io.BytesIO()
            Image.fromarray(getattr(data, name)()).resize((256, 192)).save(content, "PNG")
            member = tarfile.TarInfo(f"{name}.png")
            member.size = content.tell()
            content.seek(0)
            tar.addfile(member, content)
    return tmp_path / "shard.tar"


def evaluate(*arguments: object) -> str:
    command = [sys.executable, "-m", "colorizer.evaluation", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_evaluation_writes_figures_and_a_sheet(shard: Path, tmp_path: Path) -> None:
    figures_file, sheet_file = tmp_path / "figures.json", tmp_path / "sheet.png"
    outputs = ("--json", figures_file, "--sheet", sheet_file, "--sheet-every", 1)
    table = evaluate(bundled_weights("stable"), shard, *outputs)
    figures = json.loads(figures_file.read_text())
    assert figures["pictures"] == 4
    assert figures["psnr_gain"] == pytest.approx(figures["psnr"] - figures["gray_psnr"])
    assert f"{figures['psnr_gain']:.3f}" in table
    with Image.open(sheet_file) as sheet:
        assert sheet.size == (1800, 300)


def test_the_bundled_stable_colours_are_nearer_to_the_truth_than_gray(shard: Path) -> None:
    table = evaluate(bundled_weights("stable"), shard)
    figures = dict(line.split() for line in table.splitlines())
    assert float(figures["psnr_gain"]) > 0
