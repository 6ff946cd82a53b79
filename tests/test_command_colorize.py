"""manage.py colorize, as it is typed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from skimage import data

from colorizer.engine.catalogue import bundled_weights
from colorizer.evaluation.metrics import colourfulness

ROOT = Path(__file__).parent.parent


def colorize(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "colorize", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = tmp_path / "gray"
    source.mkdir()
    gray = Image.fromarray(data.astronaut()).convert("L").resize((128, 96))
    gray.save(source / "one.jpg")
    gray.save(source / "TWO.PNG")
    (source / "notes.txt").write_text("no picture")
    return source


def test_a_folder_gets_the_same_names_in_colour(folder: Path, tmp_path: Path) -> None:
    done = colorize(folder, tmp_path / "colour", "--variant", "artistic", "--render-factor", 10)
    assert done.returncode == 0, done.stderr
    results = sorted((tmp_path / "colour").iterdir())
    assert [path.name for path in results] == ["TWO.PNG", "one.jpg"]
    for path in results:
        with Image.open(path) as picture:
            assert picture.size == (128, 96)
            assert colourfulness(np.asarray(picture.convert("RGB"))) > 5


def test_a_second_run_leaves_what_is_there(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "colour"
    target.mkdir()
    (target / "one.jpg").write_text("already here")
    done = colorize(folder, target)
    assert "1 colorized, 1 already done, 0 failed" in done.stdout
    assert (target / "one.jpg").read_text() == "already here"


def test_a_broken_file_is_named_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    done = colorize(folder, tmp_path / "colour")
    assert done.returncode == 1
    assert f"{folder / 'broken.jpg'}: This is not a picture" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(list((tmp_path / "colour").iterdir())) == 2


def test_a_single_file_takes_the_given_name(folder: Path, tmp_path: Path) -> None:
    call_command("colorize", folder / "one.jpg", tmp_path / "colour.webp", variant="video")
    with Image.open(tmp_path / "colour.webp") as picture:
        assert picture.format == "WEBP"


def test_a_weights_file_can_be_named(folder: Path, tmp_path: Path) -> None:
    source, weights = folder / "TWO.PNG", bundled_weights("artistic")
    call_command("colorize", source, tmp_path / "a.png", variant="artistic", render_factor=8)
    call_command("colorize", source, tmp_path / "b.png", weights=weights, render_factor=8)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["missing", "out"], "There is no file or folder"),
        ([".", "out", "--render-factor", "99"], "8 to 40, not 99"),
        ([".", "out", "--variant", "sepia"], "invalid choice: 'sepia'"),
        ([".", "out", "--weights", "none.safetensors"], "none.safetensors cannot be read"),
        (["manage.py", "out.svg"], "cannot be written as '.svg'"),
        ([".", "."], "the same folder"),
        (["tests", "out"], "holds no pictures"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong(
    arguments: list[str], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("colorize", *arguments)
