"""Films that tests make themselves: small, with motion, and with whatever a film may have."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

SIZE = (96, 64)


@lru_cache(maxsize=4)
def picture(name: str = "astronaut") -> NDArray[np.uint8]:
    gray = cv2.cvtColor(getattr(data, name)(), cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(gray, (256, 256), interpolation=cv2.INTER_AREA), np.uint8)


def pan(index: int, size: tuple[int, int] = SIZE, name: str = "astronaut") -> NDArray[np.uint8]:
    """A camera that moves two pixels a frame over a photograph."""
    left, top = (2 * index) % (256 - size[0]), 40
    return picture(name)[top : top + size[1], left : left + size[0]]


@dataclass
class Film:
    """What is written by `write`; a constant rate of 25 unless `stamps` say otherwise."""

    frames: int = 12
    size: tuple[int, int] = SIZE
    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    rate: Fraction = Fraction(25)
    time_base: Fraction | None = None
    stamps: Sequence[int] | None = None
    options: dict[str, str] = field(default_factory=dict)
    container_options: dict[str, str] = field(default_factory=dict)
    sounds: Sequence[str] = ()
    sound_rate: int = 48_000
    sound_layout: str = "mono"
    subtitles: str | None = None
    rotation: int = 0
    mirrored: bool = False
    aspect: Fraction = Fraction(1)
    full_range: bool = False
    luma: Callable[[int, tuple[int, int]], NDArray[Any]] = pan
    format: str | None = None


def write(path: Path, film: Film) -> Path:
    with av.open(str(path), "w", format=film.format, options=film.container_options) as result:
        stream: Any = result.add_stream(film.codec, rate=film.rate, options=film.options)
        stream.width, stream.height, stream.pix_fmt = *film.size, film.pixel_format
        stream.codec_context.sample_aspect_ratio = film.aspect
        if film.full_range:
            stream.color_range = 2
        if film.time_base:
            stream.time_base = stream.codec_context.time_base = film.time_base
        if film.rotation or film.mirrored:
            stream.set_display_rotation(film.rotation, hflip=film.mirrored)
        sounds = [_sound(result, codec, film) for codec in film.sounds]
        lines: Any = result.add_mux_stream(film.subtitles) if film.subtitles else None
        for index in range(film.frames):
            frame = av.VideoFrame.from_ndarray(
                _stored(film.luma(index, film.size), film.pixel_format), film.pixel_format
            )
            if film.stamps is not None:
                frame.pts = film.stamps[index]
                frame.time_base = stream.codec_context.time_base
            result.mux(stream.encode(frame))
        result.mux(stream.encode())
        for sound in sounds:
            _write_sound(result, sound, float(film.frames / film.rate))
        if lines is not None:
            _write_line(result, lines)
    return path


def _stored(luma: NDArray[Any], pixel_format: str) -> NDArray[Any]:
    if pixel_format in ("rgb24", "bgr24"):
        return np.ascontiguousarray(np.dstack([luma] * 3))
    if pixel_format.endswith("10le"):
        chroma = np.full((luma.shape[0] // 2, luma.shape[1]), 512, np.uint16)
        return np.vstack([luma.astype(np.uint16) * 4 + 1, chroma])
    if pixel_format.startswith("yuv420"):
        return np.vstack([luma, np.full((luma.shape[0] // 2, luma.shape[1]), 128, np.uint8)])
    if pixel_format == "yuv444p":
        return np.stack([luma, *[np.full_like(luma, 128)] * 2])
    return np.ascontiguousarray(luma)


def _sound(result: av.container.OutputContainer, codec: str, film: Film) -> Any:
    return result.add_stream(codec, rate=film.sound_rate, layout=film.sound_layout)


def _write_sound(result: av.container.OutputContainer, stream: Any, seconds: float) -> None:
    size = stream.codec_context.frame_size or 1024
    samples = np.random.default_rng(1).normal(0, 0.1, (1, size)).astype(np.float32)
    rate = stream.codec_context.sample_rate
    resampler = av.AudioResampler(stream.codec_context.format, stream.codec_context.layout, rate)
    for index in range(int(seconds * rate / size) + 1):
        frame = av.AudioFrame.from_ndarray(samples, "fltp", "mono")
        frame.sample_rate, frame.pts, frame.time_base = rate, index * size, Fraction(1, rate)
        for resampled in resampler.resample(frame):
            result.mux(stream.encode(resampled))
    result.mux(stream.encode())


def _write_line(result: av.container.OutputContainer, stream: Any) -> None:
    packet = av.Packet(b"Good morning.")
    packet.stream, packet.time_base = stream, Fraction(1, 1000)
    packet.pts = packet.dts = 100
    packet.duration = 200
    result.mux(packet)


def frames(path: Path) -> list[tuple[Fraction, NDArray[Any]]]:
    """Time and luma of each, as FFmpeg decodes them."""
    with av.open(str(path)) as container:
        stream: Any = container.streams.video[0]
        return [
            ((frame.pts or 0) * stream.time_base, _luma(frame))
            for frame in container.decode(stream)
        ]


def times(path: Path) -> list[Fraction]:
    return [time for time, _ in frames(path)]


def _luma(frame: av.VideoFrame) -> NDArray[Any]:
    plane = frame.planes[0]
    deep = "10" in frame.format.name
    stored = np.frombuffer(memoryview(plane), np.uint16 if deep else np.uint8)
    return stored.reshape(plane.height, -1)[:, : plane.width].copy()


def chromas(path: Path) -> list[NDArray[np.float32]]:
    """Cb and Cr of each frame of 8-bit 4:2:0, around 0."""
    found = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            planes = [np.frombuffer(memoryview(plane), np.uint8) for plane in frame.planes[1:]]
            shaped = [
                values.reshape(plane.height, -1)[:, : plane.width]
                for values, plane in zip(planes, frame.planes[1:], strict=True)
            ]
            found.append(np.stack(shaped).astype(np.float32) - 128)
    return found


def packets(path: Path, kind: str) -> list[tuple[Fraction, bytes]]:
    """Time and bytes of all packets of all audio or subtitle tracks."""
    with av.open(str(path)) as container:
        streams = [stream for stream in container.streams if stream.type == kind]
        if not streams:
            return []
        return sorted(
            ((packet.pts or 0) * packet.time_base, bytes(packet))
            for packet in container.demux(streams)
            if packet.size
        )
