"""What is no film, or a broken one: a clear reason, and nothing left behind."""

from __future__ import annotations

import resource
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine import ColorizerError
from colorizer.engine.errors import (
    DamagedFilmError,
    EncryptedFilmError,
    FilmTooLargeError,
    FilmTooLongError,
    HintError,
    NoVideoError,
    StillPictureError,
    UnknownContainerError,
    UnreadableFilmError,
)
from colorizer.engine.hints import check_moment
from colorizer.engine.video import FilmLimits, FilmOptions, plan_segments, probe
from tests.colorizer.engine.video.conftest import Colorize
from tests.colorizer.engine.video.films import Film, _sound, _write_sound, frames, picture, write

pytestmark = pytest.mark.slow


def text(path: Path) -> None:
    path.write_text("This is not a film.")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n/etc/passwd\n#EXT-X-ENDLIST\n")


def concatenation(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile other.mp4\n")


def still(path: Path) -> None:
    Image.fromarray(picture()).save(path, "JPEG")


def sound_only(path: Path) -> None:
    with av.open(str(path), "w") as result:
        _write_sound(result, _sound(result, "aac", Film()), 0.2)


def encrypted(path: Path) -> None:
    key = {
        "encryption_key": "76a6c65c5ea762046bd749a2e632ccbb",
        "encryption_kid": "a7e61c373e219033",
    }
    key["encryption_kid"] *= 2
    write(path, Film(frames=3, container_options={"encryption_scheme": "cenc-aes-ctr", **key}))


def cut_off(path: Path) -> None:
    write(path, Film(frames=10))
    path.write_bytes(path.read_bytes()[:-2000])


def noise(path: Path) -> None:
    """The index is right, the frames are not."""
    write(path, Film(frames=10, container_options={"movflags": "faststart"}))
    content = bytearray(path.read_bytes())
    start = content.index(b"mdat") + 4
    content[start:] = np.random.default_rng(1).bytes(len(content) - start)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (text, UnknownContainerError),
        (empty, UnknownContainerError),
        (playlist, UnknownContainerError),
        (concatenation, UnknownContainerError),
        (still, StillPictureError),
        (sound_only, NoVideoError),
        (encrypted, EncryptedFilmError),
        (cut_off, UnreadableFilmError),
        (noise, (DamagedFilmError, NoVideoError)),
    ],
)
def test_what_is_no_film_is_refused(
    make: Callable[[Path], None], error: type[ColorizerError], tmp_path: Path, colorize: Colorize
) -> None:
    make(tmp_path / "film.mp4")
    with pytest.raises(error) as refused:
        probe(tmp_path / "film.mp4")
    assert str(refused.value).endswith((".", "input", "decoded"))
    with pytest.raises(error):
        colorize(tmp_path / "film.mp4", tmp_path / "result.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_limits(tmp_path: Path) -> None:
    long = write(tmp_path / "long.mp4", Film(frames=2, rate=Fraction(1, 18_000)))
    with pytest.raises(FilmTooLongError, match="600 minutes"):
        probe(long, FilmLimits(seconds=3600))
    large = Film(frames=1, size=(7680, 4320), codec="mjpeg", pixel_format="yuvj420p", luma=flat)
    with pytest.raises(FilmTooLargeError, match="7680 x 4320"):
        probe(write(tmp_path / "large.mkv", large))
    with pytest.raises(NoVideoError, match="no frame there"):
        plan_segments(long, FilmOptions(start=1e6))


def grain(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.random.default_rng(index).integers(0, 255, size[::-1], dtype=np.uint8)


def flat(_: int, size: tuple[int, int]) -> NDArray[np.uint8]:
    return np.full(size[::-1], 90, np.uint8)


def test_damaged_in_the_middle_costs_no_more_than_what_is_damaged(
    tmp_path: Path, colorize: Colorize
) -> None:
    source = write(tmp_path / "film.ts", Film(frames=20, options={"g": "5", "bf": "0"}))
    content = bytearray(source.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 600] = bytes(600)
    source.write_bytes(content)
    colorize(source, tmp_path / "film.mp4")
    assert len(frames(tmp_path / "film.mp4")) >= 10


def test_a_film_without_timestamps_gets_them_by_its_rate(
    tmp_path: Path, colorize: Colorize
) -> None:
    source = write(tmp_path / "raw.h264", Film(frames=5, format="h264", options={"bf": "0"}))
    colorize(source, tmp_path / "film.mp4")
    assert [time for time, _ in frames(tmp_path / "film.mp4")] == [
        Fraction(index, 25) for index in range(5)
    ]


def test_a_size_that_changes_becomes_that_of_the_first_frame(
    tmp_path: Path, colorize: Colorize
) -> None:
    parts = [
        write(tmp_path / f"{width}.h264", Film(frames=4, size=(width, 64), format="h264"))
        for width in (96, 128)
    ]
    source = tmp_path / "film.h264"
    source.write_bytes(b"".join(part.read_bytes() for part in parts))
    colorize(source, tmp_path / "film.mp4")
    assert {luma.shape for _, luma in frames(tmp_path / "film.mp4")} == {(64, 96)}


def test_a_full_disk_leaves_nothing(tmp_path: Path, colorize: Colorize) -> None:
    grainy = Film(frames=10, size=(256, 192), luma=grain)
    source = write(tmp_path / "film.mp4", grainy)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            colorize(source, tmp_path / "result.mp4")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_a_short_film_says_how_long_it_lasts(tmp_path: Path) -> None:
    short = write(tmp_path / "short.mp4", Film(frames=3))
    with pytest.raises(NoVideoError, match=r"lasts 0\.12 seconds"):
        plan_segments(short, FilmOptions(start=1))
    with pytest.raises(HintError, match=r"lasts 0\.04 seconds"):
        check_moment(1, 0.04)
