"""Films that few have: slow motion, wrong headers, fields, other byte orders, colons in names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from colorizer.engine.errors import FilmTooLongError, StillPictureError
from colorizer.engine.video import (
    CONTAINERS,
    FilmLimits,
    FilmReport,
    colorize_film,
    plan_segments,
    probe,
    write_poster,
)
from colorizer.engine.video.description import Container
from colorizer.engine.video.opening import opened
from colorizer.engine.video.reading import FilmReader
from colorizer.engine.video.steadiness import MOST_BETWEEN, Steadied
from tests.colorizer.engine.video.conftest import OPTIONS
from tests.colorizer.engine.video.films import Film, frames, packets, pan, times, write
from tests.colorizer.engine.video.stub import STUB

pytestmark = pytest.mark.slow

LATE = Film(frames=25, time_base=Fraction(1, 1000), stamps=range(2500, 3500, 40))


def colorize(source: Path, target: Path) -> FilmReport:
    return colorize_film(source, target, OPTIONS, STUB, lambda *_: None)


def test_slow_motion_is_divided_by_its_frames(tmp_path: Path) -> None:
    film = Film(frames=700, rate=Fraction(1000), options={"preset": "ultrafast"})
    segments = plan_segments(write(tmp_path / "slow.mp4", film), OPTIONS)
    assert sum(segment.frames for segment in segments) == 700
    assert max(segment.frames for segment in segments) <= 300


def test_key_frames_of_slow_motion_are_near_each_other() -> None:
    def predict(luma: NDArray[Any], index: int) -> NDArray[Any]:
        raise AssertionError("Places of key frames are found without predictions.")

    lumas = [pan(0)] * 200
    steadied = Steadied(lumas, [index / 1000 for index in range(200)], predict, 0.7)
    uneven = [0.0, *(1 + index / 1000 for index in range(60)), *(2 + n / 25 for n in range(139))]
    for one in (steadied, Steadied(lumas, uneven, predict, 0.7)):
        assert max(np.diff(one._key_places(0, 200))) <= MOST_BETWEEN + 2


@pytest.mark.parametrize(("name", "codec"), [("raw.h264", "libx264"), ("raw.m2v", "mpeg2video")])
def test_a_container_without_an_index(name: str, codec: str, tmp_path: Path) -> None:
    """It says nothing of its duration, or something wrong, and cannot seek."""
    source = write(tmp_path / name, Film(frames=50, codec=codec, options={"bf": "0"}))
    with pytest.raises(FilmTooLongError):
        plan_segments(source, OPTIONS, FilmLimits(seconds=1.5))
    if name == "raw.h264":
        info = probe(source)
        assert (info.frame_count, info.is_exact, info.duration) == (50, True, 2.0)
        with pytest.raises(FilmTooLongError):
            probe(source, FilmLimits(seconds=1.5))
    write_poster(source, tmp_path / "poster.webp", 48)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_mirrored_frames_are_stored_as_they_are_shown(rotation: int, tmp_path: Path) -> None:
    """Turned first, then left and right exchanged."""
    source = write(tmp_path / "film.mp4", Film(frames=2, rotation=rotation, mirrored=True))
    assert "Mirrored: its frames will be stored as they are shown." in probe(source).notes
    first = next(FilmReader(source).frames(None, None, seeks=True))
    shown = np.fliplr(np.rot90(pan(0), rotation // 90))
    assert first.luma.shape == shown.shape
    assert np.abs(shown.astype(int) - first.luma).mean() < 6


def test_fields_at_a_seam(tmp_path: Path) -> None:
    """A frame is deinterlaced the same wherever decoding began."""
    film = Film(frames=60, options={"x264-params": "tff=1:interlaced=1", "g": "10", "bf": "0"})
    reader = FilmReader(write(tmp_path / "fields.mkv", film))
    straight = {frame.pts: frame.luma for frame in reader.frames(None, None, seeks=True)}
    for start in sorted(straight)[10:60:10]:
        first = next(reader.frames(start, None, seeks=True))
        assert first.pts == start
        assert np.array_equal(first.luma, straight[start])


@pytest.mark.parametrize("pixel_format", ["gray10be", "gray16be", "gray16le"])
def test_deep_gray_of_every_byte_order(pixel_format: str, tmp_path: Path) -> None:
    deep = pan(0).astype(np.uint16) * 4
    frame = av.VideoFrame(96, 64, "gray10le")
    frame.planes[0].update(deep.tobytes())
    with av.open(str(tmp_path / "film.nut"), "w") as result:
        stream: Any = result.add_stream("rawvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 96, 64, pixel_format
        result.mux(stream.encode(frame.reformat(format=pixel_format)))
        result.mux(stream.encode())
    (frame_read,) = FilmReader(tmp_path / "film.nut").frames(None, None, seeks=False)
    assert np.abs(frame_read.luma.astype(int) - deep).max() <= 1


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"),
    [
        ("stills.mov", "png", "rgb24"),
        ("screen.mp4", "libx264rgb", "rgb24"),
        ("archive.mkv", "ffv1", "bgr0"),
        ("alpha.mkv", "ffv1", "ya8"),
    ],
)
def test_films_that_are_no_yuv_keep_their_black_and_white(
    name: str, codec: str, pixel_format: str, tmp_path: Path
) -> None:
    """Their frames say of themselves that their range is the full one; the result's is not."""
    ramp = np.tile(np.linspace(0, 255, 96).astype(np.uint8), (64, 1))
    with av.open(str(tmp_path / name), "w") as film:
        stream: Any = film.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.color_range = 96, 64, pixel_format, 2
        frame = av.VideoFrame.from_ndarray(ramp, "gray").reformat(format=pixel_format)
        film.mux(stream.encode(frame))
        film.mux(stream.encode())
    colorize(tmp_path / name, tmp_path / "result.mp4")
    with av.open(str(tmp_path / "result.mp4")) as result:
        (found,) = result.decode(video=0)
        assert found.color_range == 1
        shown = found.to_ndarray(format="gray")
    assert np.abs(shown.astype(int) - ramp).max() < 8


@pytest.mark.parametrize("codec", ["libx264", "mpeg2video"])
def test_a_broadcast_begins_with_its_first_whole_frame(codec: str, tmp_path: Path) -> None:
    """What was recorded before its first key frame cannot be decoded, and is no part of the time that is asked for."""
    film = Film(frames=60, codec=codec, options={"g": "25", "bf": "2"})
    broadcast = write(tmp_path / "broadcast.ts", film).read_bytes()
    source = tmp_path / "recording.ts"
    source.write_bytes(broadcast[188 * 40 :])
    shown = [frame.pts for frame in FilmReader(source).frames(None, None, seeks=False)]
    assert sum(segment.frames for segment in plan_segments(source, OPTIONS)) == len(shown)
    options = replace(OPTIONS, seconds=0.2)
    report = colorize_film(source, tmp_path / "result.mp4", options, STUB, lambda *_: None)
    assert report.frames == 5


def test_a_colon_in_a_name_is_no_protocol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source = write(tmp_path / "film.mp4", Film(frames=3))
    Path("tcp:1950").mkdir()
    colorize(source, Path("tcp:1950/film.mp4"))
    assert len(frames(tmp_path / "tcp:1950" / "film.mp4")) == 3


def test_demuxers_of_other_files_are_not_begun(tmp_path: Path) -> None:
    for number in range(3):
        Image.fromarray(pan(0)).save(tmp_path / f"{number}.png")
    (tmp_path / "%d.png").write_bytes((tmp_path / "0.png").read_bytes())
    with pytest.raises(StillPictureError), opened(tmp_path / "%d.png"):
        pass


@pytest.mark.parametrize("rotation", [180, 270])
def test_other_rotations(rotation: int, tmp_path: Path) -> None:
    source = write(tmp_path / "turned.mp4", Film(frames=2, rotation=rotation))
    assert probe(source).rotation == rotation
    colorize(source, tmp_path / "upright.mp4")
    upright = frames(tmp_path / "upright.mp4")[0][1]
    assert np.abs(np.rot90(pan(0), rotation // 90).astype(int) - upright).mean() < 6


def test_sound_that_begins_later_stays_so(tmp_path: Path) -> None:
    film = Film(frames=50, sounds=("aac",))
    write(tmp_path / "whole.mkv", film)
    with (
        av.open(str(tmp_path / "whole.mkv")) as whole,
        av.open(str(tmp_path / "late.mkv"), "w") as late,
    ):
        streams = {each.index: late.add_stream_from_template(each) for each in whole.streams}
        for packet in whole.demux():
            if packet.size and (packet.stream.type == "video" or (packet.pts or 0) >= 500):
                packet.stream = streams[packet.stream.index]
                late.mux(packet)
    colorize(tmp_path / "late.mkv", tmp_path / "result.mp4")
    before, after = (packets(tmp_path / name, "audio") for name in ("late.mkv", "result.mp4"))
    assert before[0][0] >= Fraction(1, 2)
    assert abs(before[0][0] - after[0][0]) < Fraction(1, 500)
    assert len(before) == len(after)
    assert times(tmp_path / "result.mp4")[0] == 0


def test_sound_of_a_rate_that_no_result_has(tmp_path: Path) -> None:
    film = Film(frames=50, sounds=("pcm_s16le",), sound_rate=6000)
    colorize(write(tmp_path / "film.mkv", film), tmp_path / "result.mp4")
    with av.open(str(tmp_path / "result.mp4")) as result:
        assert result.streams.audio[0].codec_context.sample_rate == 7350
    assert packets(tmp_path / "result.mp4", "audio")[-1][0] > Fraction(3, 2)


@pytest.mark.parametrize("layout", ["stereo", "2.1", "3.0", "quad", "5.0", "5.1(side)", "7.1"])
@pytest.mark.parametrize("container", CONTAINERS)
def test_sound_keeps_its_channels(layout: str, container: Container, tmp_path: Path) -> None:
    film = Film(frames=5, sounds=("pcm_s16le",), sound_layout=layout)
    source, result = write(tmp_path / "film.mkv", film), tmp_path / f"result.{container}"
    options = replace(OPTIONS, container=container)
    colorize_film(source, result, options, STUB, lambda *_: None)
    with av.open(str(result)) as found, av.open(str(source)) as before:
        channels = [
            each.streams.audio[0].codec_context.layout.nb_channels for each in (before, found)
        ]
    assert channels[0] == channels[1]


def test_a_report_tells_what_was_written(tmp_path: Path) -> None:
    source = write(tmp_path / "film.mp4", Film(frames=50))
    options = replace(OPTIONS, start=1, seconds=60)
    report = colorize_film(source, tmp_path / "result.mp4", options, STUB, lambda *_: None)
    assert (report.frames, report.seconds) == (25, 1.0)


@pytest.mark.parametrize(
    ("name", "film"),
    [
        ("late.mkv", replace(LATE, codec="libx264")),
        ("late.webm", replace(LATE, codec="libvpx-vp9")),
        ("stream.mpg", Film(frames=25, codec="mpeg1video")),
        ("disc.vob", Film(frames=25, codec="mpeg2video")),
    ],
    ids=["late.mkv", "late.webm", "mpg", "vob"],
)
def test_a_film_is_as_long_as_its_frames_are_shown(name: str, film: Film, tmp_path: Path) -> None:
    """Matroska tells when the film ends, not how long it lasts; of MPEG streams FFmpeg guesses."""
    info = probe(write(tmp_path / name, film))
    assert info.duration == pytest.approx(1.0)
    assert (info.frame_count, info.is_exact) == (25, True)
