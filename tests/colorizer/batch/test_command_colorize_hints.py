"""`manage.py colorize` with hints and a reference photo."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from skimage import data

from colorizer.engine.architectures.compact import Compact
from colorizer.engine.weights import save_weights
from tests.colorizer.engine.untrained import network
from tests.colorizer.engine.video.films import Film, chromas, write

pytestmark = pytest.mark.slow

HINT: dict[str, Any] = {"x": 30, "y": 40, "color": [200, 60, 50], "radius": 8}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gray picture, a list of hints and a photo in color, and weights that take both."""
    gray = Image.fromarray(data.astronaut()).convert("L").resize((128, 96))
    gray.save(tmp_path / "gray.png")
    (tmp_path / "hints.json").write_text(json.dumps([HINT]))
    Image.fromarray(data.astronaut()).save(tmp_path / "reference.jpg")
    save_weights(network(listens=True), Compact(), tmp_path / "new.safetensors", {})
    return tmp_path


def colorize(folder: Path, target: str, **options: Any) -> np.ndarray[Any, Any]:
    weights = folder / options.pop("weights", "new.safetensors")
    source = folder / options.pop("source", "gray.png")
    call_command("colorize", source, folder / target, weights=weights, render_factor=8, **options)
    with Image.open(folder / target) as colorized:
        return np.asarray(colorized).astype(int)


def test_a_picture_is_colorized_by_hints_and_by_a_reference(folder: Path) -> None:
    plain = colorize(folder, "plain.png")
    hinted = colorize(
        folder, "hinted.png", hints=folder / "hints.json", report=folder / "report.json"
    )
    report = json.loads((folder / "report.json").read_text())
    assert (report["hints"], report["has_reference"]) == (1, False)
    red, green, blue = hinted[40, 30]
    assert red > green + 40
    assert red > blue + 40
    by_reference = colorize(folder, "by-reference.png", reference=folder / "reference.jpg")
    assert (by_reference != plain).any()


@pytest.mark.parametrize(
    ("option", "name"),
    [("weights", "new.safetensors"), ("hints", "hints.json"), ("reference", "reference.jpg")],
)
def test_a_report_is_not_written_over_what_the_run_reads(
    option: str, name: str, folder: Path
) -> None:
    read = folder / name
    before = read.read_bytes()
    with pytest.raises(CommandError, match="what this run reads"):
        call_command(
            "colorize", folder / "gray.png", folder / "color.png", report=read, **{option: read}
        )
    assert read.read_bytes() == before
    assert not (folder / "color.png").exists()


def test_weights_that_take_no_hints_end_the_run(folder: Path) -> None:
    save_weights(network(takes_hints=False), Compact(), folder / "old.safetensors", {})
    with pytest.raises(CommandError, match="The weights old take neither hints nor a reference"):
        colorize(folder, "out.png", hints=folder / "hints.json", weights="old.safetensors")
    assert not (folder / "out.png").exists()


def test_a_hint_outside_of_the_picture_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "hints.json").write_text(json.dumps([{**HINT, "x": 129}]))
    with pytest.raises(SystemExit):
        colorize(folder, "out.png", hints=folder / "hints.json")
    reason = "The hint at 129, 40 is outside of the picture, which has 128 x 96 pixels."
    assert f"{folder / 'gray.png'}: {reason}" in capsys.readouterr().err


def test_a_film_is_colorized_by_hints_and_a_reference(folder: Path) -> None:
    write(folder / "film.mp4", Film(frames=10, size=(128, 96)))
    (folder / "of-film.json").write_text(json.dumps([{**HINT, "seconds": 0.2}]))
    options = {
        "hints": folder / "of-film.json",
        "reference": folder / "reference.jpg",
        "reference_seconds": 0.3,
        "report": folder / "report.json",
        "weights": folder / "new.safetensors",
        "render_factor": 8,
    }
    call_command("colorize", folder / "film.mp4", folder / "color.mp4", **options)
    assert json.loads((folder / "report.json").read_text())["reference_seconds"] == 0.3
    x, y = round((HINT["x"] + 10) / 2), round(HINT["y"] / 2)  # the camera has moved before
    cb, cr = chromas(folder / "color.mp4")[0][:, y, x]
    assert cr > cb + 40


def test_a_moment_outside_of_the_film_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = write(folder / "film.mp4", Film(frames=10, size=(128, 96)))
    options = {"reference": folder / "reference.jpg", "weights": folder / "new.safetensors"}
    with pytest.raises(SystemExit):
        call_command("colorize", film, folder / "color.mp4", reference_seconds=9, **options)
    reason = "The film lasts 0.4 seconds: there is no frame at 9."
    assert f"{film}: {reason}" in capsys.readouterr().err
    assert not (folder / "color.mp4").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"hints": "missing.json"}, "missing.json cannot be read"),
        ({"hints": "half.json"}, "half.json, line 1: this is no JSON"),
        ({"hints": "wrong.json"}, "wrong.json, hint 2: The radius of a hint has to be a number"),
        ({"reference": "missing.jpg"}, "missing.jpg to be the reference"),
        ({"reference": "folder"}, "folder to be the reference"),
        (
            {"reference": "gray.png"},
            "gray.png cannot be the reference: The reference photo is gray",
        ),
        ({"reference": "half.jpg"}, "half.jpg cannot be the reference: The picture is damaged"),
        ({"reference": "hints.json"}, "hints.json cannot be the reference"),
        ({"hints": "hints.json", "source": "folder"}, "Hints belong to one picture"),
        ({"hints": "hints.json", "source": "film.mp4"}, "tell the moment of their frame"),
        ({"hints": "of-film.json"}, "tell the moment of their frame"),
        ({"reference_seconds": 1, "source": "film.mp4"}, "name that photo, too"),
        ({"reference_seconds": 1, "reference": "reference.jpg"}, "is a moment of one film"),
    ],
)
def test_what_cannot_be_used_is_told_before_any_work(
    options: dict[str, Any], reason: str, folder: Path
) -> None:
    (folder / "half.json").write_text("[{")
    (folder / "wrong.json").write_text(json.dumps([HINT, {**HINT, "radius": -1}]))
    (folder / "of-film.json").write_text(json.dumps([{**HINT, "seconds": 0.2}]))
    (folder / "half.jpg").write_bytes((folder / "reference.jpg").read_bytes()[:3000])
    (folder / "film.mp4").touch()
    (folder / "folder").mkdir()
    for name in ("one.png", "two.png"):
        (folder / "folder" / name).touch()
    source = folder / options.pop("source", "gray.png")
    files = {
        option: folder / value if isinstance(value, str) else value
        for option, value in options.items()
    }
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("colorize", source, folder / "out", **files)
    assert not (folder / "out").exists()
