"""Hints for picture files, and files of hints."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from skimage import data

from colorizer.engine import Colorizer, Hint, HintError
from colorizer.engine.architectures.compact import Compact
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.hints import read_hints
from colorizer.engine.weights import LoadedWeights
from tests.colorizer.engine.untrained import network

RENDER_FACTOR = 8
RED, GREEN, BLUE = (200, 60, 50), (60, 160, 70), (130, 140, 190)
HINTS = (Hint(40, 60, RED, 10), Hint(100, 30, BLUE, 6))
FAR = (slice(None), slice(100, None))

ENTRY = {"x": 1, "y": 2, "color": [1, 2, 3], "radius": 4}


def colorizer_with(built: CompactUNet) -> Colorizer:
    return Colorizer(LoadedWeights(built, Compact(), None, "0" * 64, "compact-untrained"))


@pytest.fixture(scope="module")
def even() -> Colorizer:
    return colorizer_with(network())


@pytest.fixture(scope="module")
def gray() -> Image.Image:
    return Image.fromarray(data.astronaut()).convert("L").resize((160, 120))


def test_a_file_takes_hints_by_the_places_of_the_upright_picture(
    even: Colorizer, gray: Image.Image, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    gray.save(tmp_path / "gray.png", exif=exif)
    even.colorize_file(
        tmp_path / "gray.png", tmp_path / "color.png", 8, hints=[Hint(20, 150, RED, 9)]
    )
    upright = gray.transpose(Image.Transpose.ROTATE_270)
    with Image.open(tmp_path / "color.png") as colorized:
        expected = even.colorize(upright, 8, hints=[Hint(20, 150, RED, 9)])
        assert (np.asarray(colorized) == np.asarray(expected)).all()


def test_a_file_whose_hints_do_not_fit_leaves_no_result(
    even: Colorizer, gray: Image.Image, tmp_path: Path
) -> None:
    gray.save(tmp_path / "gray.png")
    with pytest.raises(HintError, match="outside of the picture"):
        even.colorize_file(
            tmp_path / "gray.png", tmp_path / "color.png", 8, hints=[Hint(20, 150, RED, 9)]
        )
    assert [path.name for path in tmp_path.iterdir()] == ["gray.png"]


def test_a_list_of_hints_is_read(tmp_path: Path) -> None:
    path = tmp_path / "hints.json"
    path.write_text('[{"x": 12.5, "y": 3, "color": [200, 60, 50], "radius": 4}]')
    assert read_hints(path) == (Hint(12.5, 3, RED, 4),)
    path.write_text("[]")
    assert read_hints(path) == ()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('[\n{"x": 1,\n "y" 2}]', r"hints\.json, line 3: this is no JSON"),
        ("", "line 1: this is no JSON"),
        ("[" * 100_000, "cannot be read"),
        (b"\xff\xfe\xfd", "cannot be read"),
        ('{"x": 1}', "has to hold a list of hints"),
        ([ENTRY, 7], "hint 2: it has to be an object with x, y, color, radius"),
        ([ENTRY, {**ENTRY, "z": 1}], "hint 2: it has to be an object"),
        ([{"x": 1}], "hint 1: it has to be an object"),
        ([ENTRY, {**ENTRY, "color": "#ff0000"}], "hint 2: The color of a hint"),
        ([ENTRY, {**ENTRY, "color": [1, 2, "3"]}], "hint 2: The color of a hint"),
        ([ENTRY, ENTRY, {**ENTRY, "radius": 0}], "hint 3: The radius of a hint"),
        ([{**ENTRY, "x": math.nan}], "hint 1: The place of a hint"),
        ([{**ENTRY, "y": None}], "hint 1: The place of a hint"),
    ],
)
def test_a_file_of_no_hints_is_told_where_it_is_wrong(
    content: Any, reason: str, tmp_path: Path
) -> None:
    raw = json.dumps(content) if isinstance(content, list) else content
    (tmp_path / "hints.json").write_bytes(raw if isinstance(raw, bytes) else raw.encode())
    with pytest.raises(HintError, match=reason):
        read_hints(tmp_path / "hints.json")


def test_a_missing_file_of_hints_is_named(tmp_path: Path) -> None:
    with pytest.raises(HintError, match=r"nothing\.json cannot be read"):
        read_hints(tmp_path / "nothing.json")
