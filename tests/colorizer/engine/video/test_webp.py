"""Animated WebP: each frame at its time, limits by what is counted, damage named."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer.engine.errors import (
    DamagedFilmError,
    FilmTooLargeError,
    FilmTooLongError,
    StillPictureError,
)
from colorizer.engine.video import FilmLimits, FilmOptions, colorize_film, plan_segments, probe
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.webp import MAX_FRAMES
from tests.colorizer.engine.video.conftest import OPTIONS
from tests.colorizer.engine.video.films import frames, pan, times
from tests.colorizer.engine.video.stub import STUB

DURATIONS = [40, 100, 250, 0, 30]
STARTS = [0, 40, 140, 390, 490]
"""A frame without a duration is shown for a tenth of a second."""


def write(path: Path, size: tuple[int, int] = (96, 64), durations: list[int] = DURATIONS) -> Path:
    first, *rest = [Image.fromarray(pan(index, size)) for index in range(len(durations))]
    first.save(path, save_all=True, append_images=rest, duration=durations, quality=95)
    return path


def test_each_frame_has_its_time_and_its_luma(tmp_path: Path) -> None:
    source, target = write(tmp_path / "film.webp"), tmp_path / "film.mp4"
    info = probe(source)
    assert (info.width, info.height, info.frame_count, info.duration) == (96, 64, 5, 0.52)
    assert (info.container, info.is_exact, info.notes) == ("webp", True, [])
    report = colorize_film(source, target, OPTIONS, STUB, lambda *_: None)
    assert (report.frames, report.notes) == (5, [])
    shown = frames(target)
    assert [time for time, _ in shown] == [Fraction(start, 1000) for start in STARTS]
    for index, (_, luma) in enumerate(shown):
        limited = 16 + pan(index) * (219 / 255)
        assert np.abs(limited - luma).mean() < 4
    part = FilmOptions(render_factor=8, start=0.1, seconds=0.3)
    colorize_film(source, target, part, STUB, lambda *_: None)
    assert times(target) == [Fraction(0), Fraction(1, 4)]


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    path = tmp_path / "film.webp"
    clear, black = (Image.new("RGBA", (33, 32), (0, 0, 0, alpha)) for alpha in (0, 255))
    clear.save(path, save_all=True, append_images=[black], duration=40, lossless=True)
    assert probe(path).notes == ["An odd width or height gets one pixel more."]
    lumas = [frame.luma for frame in FilmReader(path).frames(None, None, seeks=True)]
    assert [(int(luma.min()), int(luma.max())) for luma in lumas] == [(235, 235), (16, 16)]


def test_limits_are_those_of_what_is_counted(tmp_path: Path) -> None:
    source = write(tmp_path / "film.webp")
    for limited in (probe, lambda path, limits: plan_segments(path, OPTIONS, limits)):
        with pytest.raises(FilmTooLongError):
            limited(source, FilmLimits(seconds=0.4))
    with pytest.raises(FilmTooLargeError, match="96 x 64"):
        probe(source, FilmLimits(frame_pixels=96 * 63))


def test_more_frames_than_can_be_drawn_again_for_each_segment_are_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "film.webp")
    frame = b"ANMF" + (16).to_bytes(4, "little") + bytes(16)
    source.write_bytes(source.read_bytes()[:30] + frame * (MAX_FRAMES + 1))
    with pytest.raises(FilmTooLongError, match="more than 3000 frames"):
        probe(source)


def test_what_is_no_film_or_damaged_is_refused(tmp_path: Path) -> None:
    source = write(tmp_path / "film.webp")
    content = source.read_bytes()
    for part in (content[:-100], content[:60], content[:30] + bytes(500)):
        source.write_bytes(part)
        with pytest.raises(DamagedFilmError):
            probe(source)
    source.write_bytes(content[:25])
    with pytest.raises(StillPictureError):
        probe(source)
    with pytest.raises(StillPictureError):
        probe(write(source, durations=[40]))
