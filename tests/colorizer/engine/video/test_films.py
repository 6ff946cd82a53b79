"""Films from file to file: frames, timestamps, luma, sound, subtitles and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.video import plan_segments, probe, write_poster
from tests.colorizer.engine.video.conftest import OPTIONS, Colorize
from tests.colorizer.engine.video.films import (
    Film,
    chromas,
    frames,
    packets,
    pan,
    times,
    write,
)

pytestmark = pytest.mark.slow

MICROTICKS = Fraction(1, 90_000)
GAPS = [0, 3000, 7000, 30_000, 31_000, 33_000, 90_000, 93_000, 93_001, 99_000, 100_000, 110_001]
KINDS = {
    "b-frames.mp4": Film(frames=20, options={"bf": "3"}, sounds=("aac", "libopus")),
    "gaps.mp4": Film(time_base=MICROTICKS, stamps=GAPS, options={"bf": "2"}),
    "late.mp4": Film(time_base=MICROTICKS, stamps=[9000 + 3003 * index for index in range(12)]),
    "ntsc.mkv": Film(rate=Fraction(30_000, 1001)),
    "broadcast.ts": Film(codec="mpeg2video"),
    "old.avi": Film(codec="mpeg4", options={"bf": "2"}, sounds=("libmp3lame",)),
    "one.mp4": Film(frames=1),
    "two.mp4": Film(frames=2),
    "full.mp4": Film(full_range=True),
    "ten.mp4": Film(pixel_format="yuv420p10le"),
    "animated.gif": Film(codec="gif", pixel_format="gray"),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_keeps_its_time_and_its_luma(
    name: str, tmp_path: Path, colorize: Colorize
) -> None:
    source, result = write(tmp_path / name, KINDS[name]), tmp_path / "result.mp4"
    report = colorize(source, result)
    before, after = frames(source), frames(result)
    assert report.frames == len(before) == len(after)
    starts = before[0][0], after[0][0]
    assert [time - starts[0] for time, _ in before] == [time - starts[1] for time, _ in after]
    if not name.endswith(".gif"):
        unit = 4 if name.startswith("ten") else 1
        for (_, one), (_, other) in zip(before, after, strict=True):
            assert np.abs(one.astype(int) - other).mean() < 4 * unit
    assert packets(source, "audio") == packets(result, "audio")
    assert {path.name for path in tmp_path.iterdir()} == {source.name, result.name}
    assert probe(result).bit_depth == (10 if name.startswith("ten") else 8)
    if name == "late.mp4":
        assert after[0][0] == before[0][0]
    if name == "full.mp4":
        with av.open(str(result)) as container:
            assert container.streams.video[0].codec_context.color_range == 2
    if name == "b-frames.mp4":
        assert max(np.abs(chroma).max() for chroma in chromas(result)) > 4
        assert result.read_bytes().index(b"moov") < result.read_bytes().index(b"mdat")


def test_rotation_aspect_and_odd_sides(tmp_path: Path, colorize: Colorize) -> None:
    turned = write(tmp_path / "turned.mp4", Film(frames=3, rotation=90))
    info = probe(turned)
    assert (info.width, info.height, info.rotation) == (64, 96, 90)
    assert info.notes == ["Rotated: its frames will be stored upright."]
    colorize(turned, tmp_path / "upright.mp4")
    upright = frames(tmp_path / "upright.mp4")
    assert np.abs(np.rot90(pan(0)).astype(int) - upright[0][1]).mean() < 6

    wide = write(tmp_path / "wide.mp4", Film(frames=2, aspect=Fraction(16, 15)))
    colorize(wide, tmp_path / "wide-result.mp4")
    assert probe(wide).width == probe(tmp_path / "wide-result.mp4").width == 102
    colorize(wide, tmp_path / "wide.webm", replace(OPTIONS, container="webm"))
    webm = probe(tmp_path / "wide.webm")
    assert (webm.width, webm.height) == (102, 64)

    odd = Film(frames=2, size=(97, 65), codec="ffv1", pixel_format="yuv444p")
    info = probe(write(tmp_path / "odd.mkv", odd))
    assert info.notes == ["An odd width or height gets one pixel more."]
    colorize(tmp_path / "odd.mkv", tmp_path / "even.mp4")
    assert frames(tmp_path / "even.mp4")[0][1].shape == (66, 98)


def test_interlaced_films_are_deinterlaced(tmp_path: Path, colorize: Colorize) -> None:
    film = Film(options={"x264-params": "tff=1:interlaced=1"})
    info = probe(write(tmp_path / "fields.mp4", film))
    assert info.is_interlaced
    assert info.notes == ["Interlaced: it will be deinterlaced."]
    colorize(tmp_path / "fields.mp4", tmp_path / "frames.mp4")
    assert times(tmp_path / "fields.mp4") == times(tmp_path / "frames.mp4")
    assert not probe(tmp_path / "frames.mp4").is_interlaced


def test_sound_and_subtitles_that_mp4_cannot_hold_are_converted(
    tmp_path: Path, colorize: Colorize
) -> None:
    film = Film(sounds=("pcm_s16le",), subtitles="subrip")
    report = colorize(write(tmp_path / "film.mkv", film), tmp_path / "film.mp4")
    assert report.notes == ["Sound was converted, since the container cannot hold it as it is."]
    info = probe(tmp_path / "film.mp4")
    assert (info.audio_tracks, info.subtitle_tracks) == (1, 1)
    assert (Fraction(1, 10), b"\x00\x0dGood morning.") in packets(tmp_path / "film.mp4", "subtitle")


def test_webm(tmp_path: Path, colorize: Colorize) -> None:
    film = Film(frames=4, sounds=("libopus",))
    source, result = write(tmp_path / "film.mkv", film), tmp_path / "film.webm"
    colorize(source, result, replace(OPTIONS, container="webm"))
    assert times(source) == times(result)
    assert packets(source, "audio") == packets(result, "audio")
    assert probe(result).codec == "vp9"


@pytest.mark.parametrize("full_range", [False, True])
def test_ten_bits_become_eight_in_webm(
    full_range: bool, tmp_path: Path, colorize: Colorize
) -> None:
    film = Film(frames=2, pixel_format="yuv420p10le", full_range=full_range)
    source, result = write(tmp_path / "film.mkv", film), tmp_path / "film.webm"
    colorize(source, result, replace(OPTIONS, container="webm"))
    for (_, deep), (_, luma) in zip(frames(source), frames(result), strict=True):
        assert np.abs(deep / 4 - luma).mean() < 4
    with av.open(str(result)) as container:
        assert container.streams.video[0].codec_context.color_range == (2 if full_range else 1)


def test_a_part_of_a_film(tmp_path: Path, colorize: Colorize) -> None:
    film = Film(frames=50, options={"g": "10"}, sounds=("aac",))
    source = write(tmp_path / "film.mp4", film)
    options = replace(OPTIONS, start=0.7, seconds=0.4)
    assert [segment.frames for segment in plan_segments(source, options)] == [10]
    colorize(source, tmp_path / "part.mp4", options)
    part = frames(tmp_path / "part.mp4")
    wanted = [luma for time, luma in frames(source) if Fraction(7, 10) <= time < Fraction(11, 10)]
    assert len(part) == len(wanted) == 10
    assert part[0][0] == 0
    assert np.abs(part[0][1].astype(int) - wanted[0]).mean() < 4
    sound = packets(tmp_path / "part.mp4", "audio")
    assert 0 <= sound[0][0] < Fraction(1, 40)
    assert abs(len(sound) - 0.4 * 48_000 / 1024) <= 2


def test_the_poster_is_no_black_frame(tmp_path: Path) -> None:
    def begins_black(index: int, size: tuple[int, int]) -> NDArray[np.uint8]:
        return pan(index, size) if index > 3 else np.zeros(size[::-1], np.uint8)

    source = write(tmp_path / "film.mp4", Film(frames=20, luma=begins_black))
    write_poster(source, tmp_path / "poster.webp", 48)
    with Image.open(tmp_path / "poster.webp") as poster:
        assert (poster.format, poster.size) == ("WEBP", (48, 32))
        assert np.asarray(poster.convert("L")).std() > 20
