"""What the site asks of a film: its facts, and pictures of one frame. Loads av."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from colorizer.decoding import DecodingTask
from colorizer.engine.imageio.derivatives import display_jpeg, small_webp, thumbnail_webp
from colorizer.engine.imageio.description import Description
from colorizer.engine.imageio.formats import DISPLAY_SIDE
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.video.containers import DOCTYPE_BYTES, film_format
from colorizer.engine.video.description import FilmInfo, FilmLimits
from colorizer.engine.video.poster import write_frame, write_poster
from colorizer.engine.video.probing import probe


def decode_film(task: DecodingTask) -> tuple[FilmInfo, dict[str, Any]]:
    """
    Raises:
        UnreadableFilmError: it is none, or a damaged one, or larger than is taken.
    """
    source = Path(task.source)
    info = probe(source, FilmLimits(seconds=task.max_film_seconds))
    poster = Path(f"{task.display}.jpg")
    write_poster(source, poster, DISPLAY_SIDE)
    picture = read_picture(poster)
    Path(task.display).write_bytes(display_jpeg(picture))
    Path(task.thumbnail).write_bytes(thumbnail_webp(picture))
    Path(task.small).write_bytes(small_webp(picture))
    with source.open("rb") as file:
        head = file.read(DOCTYPE_BYTES)
    return info, {
        "format": film_format(info.container, head).name,
        "width": info.width,
        "height": info.height,
        "flaw": "",
        "description": asdict(Description()),
        "film": facts_of(info),
    }


def decode_frame(task: DecodingTask) -> None:
    """
    Raises:
        UnreadableFilmError: the film cannot be read, or nothing of it there.
    """
    frame = Path(f"{task.display}.jpg")
    write_frame(Path(task.source), task.moment or 0.0, frame, DISPLAY_SIDE)
    frame.rename(task.display)


def facts_of(info: FilmInfo) -> dict[str, Any]:
    """What the site keeps of it, as JSON has it."""
    frames = max(info.frame_count, 1)
    rate = float(info.frame_rate)
    return {
        "seconds": info.duration if info.duration > 0 else frames / max(rate, 1.0),
        "frame_rate": rate,
        "frame_count": frames,
        "codec": info.codec[:40],
        "audio_tracks": info.audio_tracks,
        "subtitle_tracks": info.subtitle_tracks,
        "notes": info.notes,
    }
