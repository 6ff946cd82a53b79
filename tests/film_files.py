"""Films for tests, made when they are asked for: a gradient that moves, with a tone."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import cast

import av
import numpy as np
from av.video.stream import VideoStream


def film_bytes(  # noqa: PLR0913  (what is not said is usual)
    frames: int = 20,
    width: int = 64,
    height: int = 48,
    *,
    container: str = "mp4",
    codec: str = "libx264",
    rate: int = 10,
    sound: bool = False,
) -> bytes:
    content = BytesIO()
    with av.open(content, "w", format=container) as film:
        video = cast("VideoStream", film.add_stream(codec, rate=rate))
        video.width, video.height = width, height
        video.pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
        # Segments begin at key frames.
        video.codec_context.gop_size = rate
        audio = film.add_stream("aac", rate=8000) if sound else None
        for number in range(frames):
            gradient = np.linspace(0, 255, width * height).reshape(height, width)
            picture = np.roll(gradient, 2 * number, axis=1).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, "gray").reformat(format=video.pix_fmt)
            frame.pts, frame.time_base = number, Fraction(1, rate)
            film.mux(video.encode(frame))
        film.mux(video.encode())
        if audio:
            _add_tone(film, audio, frames / rate)
    return content.getvalue()


def _add_tone(film: av.container.OutputContainer, audio: av.AudioStream, seconds: float) -> None:
    samples = np.sin(np.arange(int(8000 * seconds)) / 5).astype(np.float32)
    for start in range(0, len(samples), 1024):
        part = samples[start : start + 1024].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, "fltp", "mono")
        frame.sample_rate, frame.pts = 8000, start
        film.mux(audio.encode(frame))
    film.mux(audio.encode())


def sound_bytes() -> bytes:
    """A file of a film's container in which there is nothing to be seen."""
    content = BytesIO()
    with av.open(content, "w", format="mp4") as film:
        _add_tone(film, film.add_stream("aac", rate=8000), 1)
    return content.getvalue()
