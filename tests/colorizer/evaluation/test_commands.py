"""The evaluation's commands as they are typed: what they write, and what they say when they cannot."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from skimage import data

from tests import ROOT
from tests.colorizer.evaluation.conftest import Command

pytestmark = pytest.mark.slow

STABLE = "colorizer/engine/weights/compact-stable.safetensors"


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, pixels in (
        ("cat", data.chelsea()),
        ("cup", data.coffee()),
        ("moon", data.astronaut()),
    ):
        Image.fromarray(pixels).resize((96, 64)).save(folder / f"{name}.jpg")
    return folder


def as_typed(module: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", f"colorizer.{module}", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sheet_shows_every_variant_between_gray_and_real(photos: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.png"
    run = as_typed("evaluation.sheet", photos, sheet, "--render-factor", 8)
    assert run.returncode == 0, run.stderr
    with Image.open(sheet) as picture:
        assert picture.width >= 5 * 96
        assert picture.height >= 3 * 64


def test_the_worst_come_first(command: Command, photos: Path, tmp_path: Path) -> None:
    run = command(
        "evaluation.sheet", photos, tmp_path / "worst.png",
        "--worst", 2, "--of", "stable", "--render-factor", 8,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    errors = [float(line.rpartition(" ")[2]) for line in run.stdout.splitlines()]
    assert len(errors) == 2
    assert errors == sorted(errors, reverse=True)


def test_the_sheet_of_degradations_has_a_row_for_each_picture(
    command: Command, photos: Path, tmp_path: Path
) -> None:
    heights = []
    for number in (1, 2):
        sheet = tmp_path / f"{number}.png"
        run = command("evaluation.degradations", photos, sheet, "--pictures", number)
        assert run.returncode == 0, run.stderr
        with Image.open(sheet) as picture:
            heights.append(picture.height)
    assert heights[1] - heights[0] == 200


@pytest.mark.parametrize(
    ("module", "option"),
    [
        ("evaluation", "--first"),
        ("evaluation.sheet", "--first"),
        ("evaluation.sheet", "--worst"),
        ("evaluation.sheet", "--pictures"),
        ("evaluation.degradations", "--pictures"),
    ],
)
@pytest.mark.parametrize("number", [0, -1])
def test_fewer_pictures_than_one_are_refused(
    command: Command, module: str, option: str, number: int, photos: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.png"
    places = [STABLE, photos] if module == "evaluation" else [photos, sheet]
    run = command(module, *places, option, number)
    assert run.returncode == 1
    assert f"{option}: must be 1 or more" in run.stderr
    assert not sheet.exists()


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda folder: folder / "none", "does not exist"),
        (lambda folder: folder, "holds no pictures"),
    ],
    ids=["missing", "empty"],
)
@pytest.mark.parametrize("module", ["evaluation", "evaluation.sheet", "evaluation.degradations"])
def test_data_that_is_not_there_is_named(
    command: Command, module: str, make: type[Path], told: str, tmp_path: Path
) -> None:
    folder = make(tmp_path)
    first = [STABLE, folder] if module == "evaluation" else [folder, tmp_path / "sheet.png"]
    run = command(module, *first)
    assert run.returncode == 1
    assert told in run.stderr
    assert str(folder) in run.stderr
    assert "Traceback" not in run.stderr


def test_a_damaged_picture_is_named(command: Command, photos: Path) -> None:
    (photos / "dog.jpg").write_bytes(b"no picture")
    run = command("evaluation", STABLE, photos, "--render-factor", 8, "--metrics", "psnr")
    assert run.returncode == 1
    assert "dog.jpg cannot be read as a picture" in run.stderr


def test_a_gray_picture_is_refused(command: Command, photos: Path) -> None:
    Image.new("L", (64, 64), 90).save(photos / "a-gray.png")
    run = command("evaluation", STABLE, photos, "--render-factor", 8, "--metrics", "psnr")
    assert run.returncode == 1
    assert "Picture 1 is gray" in run.stderr


def test_missing_weights_are_named(command: Command, photos: Path) -> None:
    run = command("evaluation", "no-such.safetensors", photos)
    assert run.returncode == 1
    assert "no-such.safetensors" in run.stderr
    assert "Traceback" not in run.stderr
