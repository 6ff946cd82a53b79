"""The colors of another photo for one scene of a film: for all of that scene, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine import HintError
from colorizer.engine.video import (
    FilmOptions,
    Segment,
    colorize_film,
    colorize_segment,
    join_segments,
    plan_segments,
)
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.timeline import timeline
from colorizer.engine.video.whole_scenes import scene_at
from tests.colorizer.engine.video.films import Film, chromas, pan, write
from tests.colorizer.engine.video.stub import STUB

pytestmark = pytest.mark.slow

SIZE = (128, 96)  # below some 96 pixels x264 itself does not repeat its bytes
SCENES = ("astronaut", "coffee", "astronaut")
FRAMES = 20
"""Of a scene."""
SEGMENTS = "colorizer.engine.video.planning.SEGMENT_SECONDS"


def scenes(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return pan(index, size, SCENES[index // FRAMES])


def palette() -> bytes:
    content = BytesIO()
    Image.new("RGB", (9, 9), (130, 140, 190)).save(content, "PNG")
    return content.getvalue()


OPTIONS = FilmOptions(render_factor=8, quality=95, reference=palette(), reference_seconds=1.1)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its encoder begins anew at each cut, so that other scenes are encoded alike whatever one has."""
    folder = tmp_path_factory.mktemp("film")
    options = {"g": str(FRAMES), "sc_threshold": "0"}
    frames = len(SCENES) * FRAMES
    return write(folder / "film.mp4", Film(frames=frames, size=SIZE, luma=scenes, options=options))


def bounds(film: Path, segment: Segment) -> list[int | None]:
    """As numbers of frames."""
    step = 1 / 25 / FilmReader(film).film.time_base
    stamps = (segment.reference_start, segment.reference_end)
    return [None if stamp is None else round(stamp / step) for stamp in stamps]


@pytest.mark.parametrize("seen_together", [12, 256])
@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0, [None, 20]), (0.79, [None, 20]), (0.8, [20, 40]), (1.59, [20, 40]), (2.3, [40, None])],
)
def test_a_scene_reaches_from_cut_to_cut(
    film: Path,
    seconds: float,
    expected: list[int | None],
    seen_together: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("colorizer.engine.video.whole_scenes.LOOKED_THROUGH", seen_together)
    [segment] = plan_segments(film, replace(OPTIONS, reference_seconds=seconds))
    assert bounds(film, segment) == expected


def test_it_is_found_where_frames_are_counted_from_the_beginning(film: Path) -> None:
    times = replace(timeline(film), is_reliable=False)
    sought = scene_at(FilmReader(film), timeline(film), 1.1)
    assert scene_at(FilmReader(film), times, 1.1) == sought


def test_only_its_scene_has_the_colors_of_the_reference(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made of segments, some of which begin in the middle of the scene, in any order."""
    monkeypatch.setattr(SEGMENTS, 0.9)
    plain, whole, one, joined = (
        tmp_path / f"{name}.mp4" for name in ("plain", "whole", "one", "joined")
    )
    for target, options in (
        (plain, replace(OPTIONS, reference=b"", reference_seconds=None)),
        (whole, replace(OPTIONS, reference_seconds=None)),
        (one, OPTIONS),
    ):
        colorize_film(film, target, options, STUB, lambda *_: None)
    without, everywhere, found = (np.stack(chromas(path)) for path in (plain, whole, one))
    scene = slice(FRAMES, 2 * FRAMES)
    assert (found[scene] == everywhere[scene]).all()
    assert (np.delete(found, scene, axis=0) == np.delete(without, scene, axis=0)).all()
    assert np.abs(found[scene] - without[scene]).mean() > 30

    segments = plan_segments(film, OPTIONS)
    assert len(segments) == len(SCENES)
    files = [tmp_path / f"{segment.index}.part" for segment in segments]
    for segment, file in reversed([*zip(segments, files, strict=True)]):
        colorize_segment(film, segment, OPTIONS, STUB, file, lambda _: None)
    join_segments(film, files, OPTIONS, joined)
    assert joined.read_bytes() == one.read_bytes()


def test_a_segment_may_begin_within_the_scene(film: Path, tmp_path: Path) -> None:
    """Its frames have the colors that they have in one with all of the film, but for their encoding."""
    options = replace(OPTIONS, quality=100)
    [whole] = plan_segments(film, options)
    middle = replace(whole, start=whole.reference_start and whole.reference_start + 10 * 512)
    straight, part = tmp_path / "straight.mp4", tmp_path / "part.mp4"
    colorize_segment(film, whole, options, STUB, straight, lambda _: None)
    colorize_segment(film, middle, options, STUB, part, lambda _: None)
    late = np.stack(chromas(part))
    assert len(late) == 30
    assert np.abs(np.stack(chromas(straight))[30:] - late).max() <= 2


@pytest.mark.parametrize("seconds", [2.5, 1e6])
def test_a_moment_outside_of_the_film_leaves_nothing(
    film: Path, tmp_path: Path, seconds: float
) -> None:
    options = replace(OPTIONS, reference_seconds=seconds)
    with pytest.raises(HintError, match=r"lasts 2\.4 seconds: there is no frame at"):
        colorize_film(film, tmp_path / "film.mp4", options, STUB, lambda *_: None)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("seconds", [-1.0, float("nan")])
def test_a_moment_is_a_number_of_seconds(seconds: float) -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        replace(OPTIONS, reference_seconds=seconds)


def test_a_moment_without_a_reference_is_refused() -> None:
    with pytest.raises(ValueError, match="needs one"):
        FilmOptions(reference_seconds=1)
