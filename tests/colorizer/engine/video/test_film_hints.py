"""Hints of a film: followed through their scene, kept there, carried over no cut; and a reference photo."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine import Colorizer, HintError
from colorizer.engine.architectures.compact import Compact
from colorizer.engine.color import chroma_of
from colorizer.engine.hints import MAX_MOMENTS, FilmHint, check_film_hints, read_hints
from colorizer.engine.video import FilmOptions, colorize_film
from colorizer.engine.video.hint_tracks import FOLLOWED_FRAMES, _Window, follow_hints
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.weights import LoadedWeights
from tests.colorizer.engine.untrained import network
from tests.colorizer.engine.video.films import Film, chromas, pan, write

pytestmark = pytest.mark.slow

SIZE = (128, 96)
RED = (200, 60, 50)
RED_CHROMA = chroma_of(np.array(RED, np.float32))
HINT = FilmHint(80, 50, RED, 8, seconds=0.4)
OPTIONS = FilmOptions(render_factor=8, quality=95)
NEAR = 24.0
"""8-bit units of chroma: coding and averages cost some."""


def with_cut(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return pan(index, size, "astronaut" if index < 20 else "coffee")


def colorizer_that(*, listens: bool = False) -> Colorizer:
    built = network(listens=listens)
    return Colorizer(LoadedWeights(built, Compact(), None, "0" * 64, "compact-untrained"))


@pytest.fixture(scope="module")
def even() -> Colorizer:
    """It says the same with hints and without: what hints change is the engine's own."""
    return colorizer_that()


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write(tmp_path / "film.mp4", Film(frames=40, size=SIZE, luma=with_cut))


def places(film: Path, hint: FilmHint, span: tuple[float, float] = (0, 2)) -> dict[int, float]:
    """x of the hint in frames of 25 a second."""
    reader = FilmReader(film)
    tracks = follow_hints(reader, [hint], span, seeks=True)
    base = float(reader.film.time_base)
    return {round(pts * base * 25): hints[0].x for pts, hints in tracks.by_pts.items()}


def distances(result: Path, first: int = 0) -> list[float]:
    """Of each frame: of the chroma where the hint has moved to with the camera, to the hint's own."""
    found = []
    for index, chroma in enumerate(chromas(result), start=first):
        column, row = round((HINT.x - 2 * (index - 10)) / 2), round(HINT.y / 2)
        own = chroma[:, row - 1 : row + 2, column - 1 : column + 2].mean(axis=(1, 2))
        found.append(float(np.linalg.norm(own - RED_CHROMA)))
    return found


def colored(film: Path, colorizer: Colorizer, options: FilmOptions) -> Path:
    target = film.with_name("result.mp4")
    colorize_film(film, target, options, colorizer, lambda *_: None)
    return target


def test_a_hint_moves_with_what_lies_under_it(film: Path) -> None:
    found = places(film, HINT)
    assert set(range(2, 20)) <= set(found)
    for index, x in found.items():
        assert abs(x - (80 - 2 * (index - 10))) < 2.5


def test_it_is_not_followed_over_a_cut_nor_out_of_the_frame(film: Path) -> None:
    assert max(places(film, HINT)) == 19
    assert min(places(film, replace(HINT, seconds=1.0))) == 20
    leaving = places(film, replace(HINT, x=8, seconds=0.0))
    assert 0 in leaving
    assert max(leaving) < 8


def test_hints_far_from_the_part_are_left_alone(film: Path) -> None:
    assert places(film, HINT, span=(40, 41)) == {}
    assert places(film, HINT, span=(1.2, 1.6)) == places(film, HINT)


def test_slow_motion_is_followed_for_as_many_frames_as_memory_has_room_for(tmp_path: Path) -> None:
    many = Film(
        frames=2 * FOLLOWED_FRAMES + 400,
        size=(16, 16),
        rate=Fraction(1000),
        options={"preset": "ultrafast"},
    )
    reader = FilmReader(write(tmp_path / "slow.mp4", many))
    window = _Window(reader, seconds=2.0, seeks=True)
    places = [round(stamp * reader.film.time_base * 1000) for stamp in window._stamps]
    assert places == [*range(2000 - FOLLOWED_FRAMES, 2001 + FOLLOWED_FRAMES)]
    assert len(window._small) == len(places)
    assert places[window._own] == 2000


def test_the_scene_has_the_color_and_no_other_scene(film: Path, even: Colorizer) -> None:
    plain = distances(colored(film, even, OPTIONS))
    hinted = distances(colored(film, even, replace(OPTIONS, hints=(HINT,))))
    assert max(hinted[3:19]) < NEAR < min(plain[3:19]) / 2
    assert np.allclose(hinted[21:], plain[21:], atol=2)


def test_a_part_of_a_scene_has_hints_of_another_part(film: Path, even: Colorizer) -> None:
    part = replace(OPTIONS, hints=(HINT,), start=0.6, seconds=0.2)
    result = colored(film, even, part)
    near = distances(result, first=15)
    assert len(near) == 5
    assert max(near[:4]) < NEAR


def test_a_reference_gives_its_palette(film: Path) -> None:
    content = BytesIO()
    Image.new("RGB", (9, 9), (130, 140, 190)).save(content, "PNG")
    listening = colorizer_that(listens=True)
    options = replace(OPTIONS, seconds=0.3)
    plain = np.stack(chromas(colored(film, listening, options)))
    palette = colored(film, listening, replace(options, reference=content.getvalue()))
    assert np.abs(np.stack(chromas(palette)) - plain).mean() > 1


@pytest.mark.parametrize(
    ("hints", "words"),
    [
        ([replace(HINT, x=129)], "outside"),
        ([replace(HINT, seconds=1.7)], "lasts 1.6 seconds"),
        ([replace(HINT, seconds=n / 25) for n in range(MAX_MOMENTS + 1)], "21 moments"),
    ],
)
def test_hints_that_do_not_fit_leave_nothing(
    film: Path, even: Colorizer, hints: list[FilmHint], words: str
) -> None:
    with pytest.raises(HintError, match=words):
        colored(film, even, replace(OPTIONS, hints=tuple(hints)))
    assert [path.name for path in film.parent.iterdir()] == ["film.mp4"]


def test_many_hints_of_one_moment_are_taken() -> None:
    check_film_hints([HINT] * 300, *SIZE, 1.6)


@pytest.mark.parametrize("seconds", [-1, float("nan"), "1"])
def test_a_moment_is_a_number_of_seconds(seconds: float) -> None:
    with pytest.raises(HintError, match="moment"):
        FilmHint(1, 1, RED, 1, seconds)


def test_hints_with_seconds_are_read(tmp_path: Path) -> None:
    path = tmp_path / "hints.json"
    path.write_text('[{"x": 80, "y": 50, "color": [200, 60, 50], "radius": 8, "seconds": 0.4}]')
    assert read_hints(path) == (HINT,)
