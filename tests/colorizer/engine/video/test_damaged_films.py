"""Damage costs the frames in it, never the film: in segments, in their seams, in sound."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from colorizer.engine.errors import DamagedFilmError
from colorizer.engine.video import FilmReport, colorize_film, colorize_segment, plan_segments
from tests.colorizer.engine.video.conftest import OPTIONS
from tests.colorizer.engine.video.films import Film, frames, packets, times, write
from tests.colorizer.engine.video.stub import STUB

pytestmark = pytest.mark.slow

SEGMENT_SECONDS = "colorizer.engine.video.planning.SEGMENT_SECONDS"


@pytest.fixture(autouse=True)
def short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SEGMENT_SECONDS, 0.8)


def colorize(source: Path) -> FilmReport:
    report = colorize_film(source, source.with_name("result.mp4"), OPTIONS, STUB, lambda *_: None)
    assert report.frames == len(frames(source.with_name("result.mp4")))
    return report


def overwrite(
    path: Path, first: float, last: float, noise: np.random.Generator | None = None
) -> None:
    """A stretch of the file, with zeros or noise."""
    stored = bytearray(path.read_bytes())
    start, end = (int(len(stored) * share) for share in (first, last))
    stored[start:end] = noise.bytes(end - start) if noise else bytes(end - start)
    path.write_bytes(stored)


@pytest.mark.parametrize("keeps_context", [True, False])
def test_a_segment_without_any_frame_is_left_out(tmp_path: Path, *, keeps_context: bool) -> None:
    film = Film(frames=160, options={"g": "10", "bf": "0"})
    source = write(tmp_path / "film.mp4", film)
    overwrite(source, *((0.3, 0.7) if keeps_context else (0.15, 0.85)))
    report = colorize(source)
    assert 20 < report.frames < 150
    made = [
        colorize_segment(source, segment, OPTIONS, STUB, tmp_path / "segment", lambda _: None)
        for segment in plan_segments(source, OPTIONS)[3:5]
    ]
    assert min(one.frames for one in made) == 0
    if not keeps_context:
        assert {path.name for path in tmp_path.iterdir()} == {"film.mp4", "result.mp4"}


def test_a_film_of_empty_segments_only_is_damaged(tmp_path: Path) -> None:
    """The first frame can be decoded, but what is asked for begins later."""
    source = write(tmp_path / "film.mp4", Film(frames=100, options={"g": "10", "bf": "0"}))
    overwrite(source, 0.3, 0.9)
    options = replace(OPTIONS, start=1.6, seconds=1.6, smoothing=0)
    with pytest.raises(DamagedFilmError, match="no frame can be decoded"):
        colorize_film(source, tmp_path / "result.mp4", options, STUB, lambda *_: None)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.parametrize("name", ["film.mkv", "film.avi", "film.mp4", "film.ts"])
@pytest.mark.parametrize("seed", range(3))
def test_holes_anywhere(name: str, seed: int, tmp_path: Path) -> None:
    codec = "mpeg4" if name.endswith("avi") else "libx264"
    film = Film(frames=100, codec=codec, options={"g": "20", "bf": "2"}, sounds=("libmp3lame",))
    source = write(tmp_path / name, film)
    randomness = np.random.default_rng(seed)
    for place in randomness.uniform(0.1, 0.85, 6):
        overwrite(source, place, place + 0.01, randomness)
    assert 10 < colorize(source).frames <= 100


def test_a_damaged_packet_of_sound_is_left_out(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mkv", Film(frames=50, sounds=("mp2",)))
    content = bytearray(source.read_bytes())
    whole = packets(source, "audio")
    for _, packet in whole[10:12]:
        start = content.index(packet)
        content[start + 2 : start + 4] = b"\xff\xff"
    source.write_bytes(content)
    report = colorize(source)
    assert report.notes == [
        "Sound was converted, since the container cannot hold it as it is.",
        "Damaged sound or subtitles were left out.",
    ]
    assert abs(packets(tmp_path / "result.mp4", "audio")[-1][0] - whole[-1][0]) < Fraction(1, 10)


@pytest.mark.parametrize(("name", "codec"), [("raw.h264", "libx264"), ("raw.m2v", "mpeg2video")])
def test_a_container_that_cannot_seek_is_read_from_its_start(
    name: str, codec: str, tmp_path: Path
) -> None:
    source = write(tmp_path / name, Film(frames=50, codec=codec, options={"bf": "0"}))
    assert colorize(source).frames == 50
    assert len(times(tmp_path / "result.mp4")) == 50
