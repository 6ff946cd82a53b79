"""One frame as a picture: the one that is shown at a moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from colorizer.engine.errors import UnknownContainerError
from colorizer.engine.video import write_frame
from tests.colorizer.engine.video.films import Film, frames, write
from tests.colorizer.engine.video.test_films import KINDS

LITTLE = 0.005


@pytest.mark.parametrize(
    "name", ["b-frames.mp4", "gaps.mp4", "late.mp4", "ntsc.mkv", "broadcast.ts", "one.mp4"]
)
def test_each_frame_is_found_by_its_moment(name: str, tmp_path: Path) -> None:
    source, picture = write(tmp_path / name, KINDS[name]), tmp_path / "frame.webp"
    shown = frames(source)
    for index in {0, len(shown) // 2, len(shown) - 1}:
        time, luma = shown[index]
        write_frame(source, float(time - shown[0][0]) + LITTLE, picture, 2048)
        seen = np.asarray(Image.open(picture).convert("L")).astype(int)
        assert np.abs(seen - (luma.astype(int) - 16) * 255 / 219).mean() < 4


def test_at_the_end_is_the_last_frame_as_large_as_asked_for(tmp_path: Path) -> None:
    source, picture = write(tmp_path / "film.mp4", Film(frames=6)), tmp_path / "frame.jpg"
    write_frame(source, 0.24, picture, 48)
    with Image.open(picture) as frame:
        assert (frame.format, frame.mode, frame.size) == ("JPEG", "L", (48, 32))


def test_what_is_no_film_has_no_frame(tmp_path: Path) -> None:
    source = tmp_path / "film.mp4"
    source.write_bytes(b"no film")
    with pytest.raises(UnknownContainerError):
        write_frame(source, 0, tmp_path / "frame.jpg", 48)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]
