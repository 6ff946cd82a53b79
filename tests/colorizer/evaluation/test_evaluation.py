"""Metrics against values worked out by hand, and the evaluation as it is run."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.evaluation.ciede2000 import ciede2000, delta_e
from colorizer.evaluation.flicker import flicker
from colorizer.evaluation.frechet import Statistics, frechet_distance
from colorizer.evaluation.metrics import colorfulness, psnr, ssim
from tests import ROOT
from tests.colorizer.evaluation.conftest import Command
from tests.public_sample import figures_of


def test_psnr_is_scikit_images() -> None:
    real = data.coffee()
    colorized = np.roll(real, 3, axis=0)
    assert psnr(colorized, real) == pytest.approx(peak_signal_noise_ratio(real, colorized))


def test_ssim_is_scikit_images() -> None:
    real, colorized = data.coffee()[:64, :80], data.coffee()[3:67, :80]
    wanted = structural_similarity(
        colorized,
        real,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        channel_axis=-1,
        data_range=255,
    )
    assert ssim(colorized, real) == pytest.approx(wanted, abs=1e-6)


def test_ciede2000_is_scikit_images() -> None:
    real, colorized = data.coffee()[:64, :80], data.coffee()[3:67, :80]
    wanted = deltaE_ciede2000(rgb2lab(colorized), rgb2lab(real)).mean()
    assert ciede2000(colorized, real) == pytest.approx(wanted, abs=1e-3)


SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, 2.8361, -74.0200), (50, 0, -82.7485), 3.4412),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0009), 7.1792),
    ((50, 2.4900, -0.0010), (50, -2.4900, 0.0011), 7.2195),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (61, -5, 29), 22.8977),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
]


@pytest.mark.parametrize(("first", "second", "wanted"), SHARMA)
def test_ciede2000_of_its_authors_pairs(
    first: tuple[float, ...], second: tuple[float, ...], wanted: float
) -> None:
    found = delta_e(np.array(first, dtype=float), np.array(second, dtype=float))
    assert float(found) == pytest.approx(wanted, abs=5e-5)


def test_the_frechet_distance_of_two_gaussians_is_known() -> None:
    first = Statistics(np.array([0.0, 0.0]), np.diag([4.0, 1.0]))
    second = Statistics(np.array([3.0, 4.0]), np.diag([1.0, 9.0]))
    # 25 between the means; (2 - 1)^2 + (1 - 3)^2 between the deviations
    assert frechet_distance(first, second) == pytest.approx(25 + 1 + 4)
    assert frechet_distance(first, first) == pytest.approx(0, abs=1e-9)


@pytest.mark.slow
def test_the_bundled_video_flickers_less_than_artistic() -> None:
    photo = Image.fromarray(data.chelsea()).resize((224, 152))
    video, artistic = (
        flicker(Colorizer.for_variant(variant), photo, render_factor=12)
        for variant in ("video", "artistic")
    )
    assert 0 < video < artistic


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_bundled_weights_have_the_figures_of_their_card(variant: Variant) -> None:
    card = bundled_weights(variant).with_suffix(".json")
    told = json.loads(card.read_text())["public_sample"]
    measured = figures_of(variant)
    assert measured["psnr_gain"] == pytest.approx(told["psnr_gain"], abs=0.02)
    assert measured["colorfulness_ratio"] == pytest.approx(told["colorfulness_ratio"], abs=0.005)
    assert measured["ciede2000"] == pytest.approx(told["ciede2000"], abs=0.03)


def test_equal_pictures_have_no_error() -> None:
    assert psnr(data.coffee(), data.coffee()) == float("inf")


def test_gray_has_no_colorfulness() -> None:
    assert colorfulness(np.full((4, 4, 3), 99, dtype=np.uint8)) == 0


def test_colorfulness_of_red_and_green_halves() -> None:
    pixels = np.zeros((2, 2, 3), dtype=np.uint8)
    pixels[0, :, 0] = 200
    pixels[1, :, 1] = 200
    # rg is +200 and -200: deviation 200, mean 0; yb is 100 throughout: deviation 0, mean 100.
    assert colorfulness(pixels) == pytest.approx(200 + 0.3 * 100)


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


@pytest.mark.slow
def test_the_evaluation_writes_figures_and_a_sheet(shard: Path, tmp_path: Path) -> None:
    figures_file, sheet_file = tmp_path / "figures.json", tmp_path / "sheet.png"
    outputs = ("--json", figures_file, "--sheet", sheet_file)
    table = evaluate(bundled_weights("stable"), shard, *outputs)
    summary = json.loads(figures_file.read_text())
    figures = summary["figures"]
    assert summary["pictures"] == len(summary["scores"]) == 4
    assert figures["psnr_gain"] == pytest.approx(figures["psnr"] - figures["gray_psnr"])
    assert f"{figures['psnr_gain']:.3f}" in table
    with Image.open(sheet_file) as sheet:
        assert sheet.width > sheet.height


@pytest.mark.slow
def test_the_bundled_stable_colors_are_nearer_to_the_truth_than_gray(
    command: Command, shard: Path
) -> None:
    table = command("evaluation", bundled_weights("stable"), shard).stdout
    gain, chroma_gain = re.findall(r"PSNR.* (\S+) to gray", table)
    assert float(gain) > 0
    assert float(chroma_gain) > 0
    assert command("evaluation", bundled_weights("stable"), shard, "--old").stdout != table
