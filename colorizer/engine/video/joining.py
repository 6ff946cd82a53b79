"""Segments, sound and subtitles to a film."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import av

from colorizer.engine.video.description import FilmOptions
from colorizer.engine.video.opening import opened, video_stream
from colorizer.engine.video.writing import unfinished


def join_segments(
    path: Path, segment_files: Sequence[Path], options: FilmOptions, target: Path
) -> list[str]:
    """Put segments one after the other, with the film's sound and subtitles.

    Args:
        segment_files: of all segments of the plan, in its order.
        target: appears when it is complete.

    Returns:
        English sentences about what is otherwise than in the film.

    Raises:
        UnreadableFilmError: the film or a segment's file is damaged.
        OSError: the target cannot be written.
    """
    with (
        opened(path) as source,
        unfinished(target) as unfinished_path,
        av.open(
            str(unfinished_path), "w", format=options.container, options={"movflags": "+faststart"}
        ) as result,
    ):
        sounds = {
            stream.index: result.add_stream_from_template(stream) for stream in source.streams.audio
        }
        video = None
        for file in segment_files:
            with av.open(str(file)) as segment:
                template = video_stream(segment)
                video = video or result.add_stream_from_template(template)
                for packet in segment.demux(template):
                    if packet.dts is not None:
                        packet.stream = video
                        result.mux(packet)
        for packet in source.demux(*source.streams.audio):
            if packet.dts is not None:
                packet.stream = sounds[packet.stream.index]
                result.mux(packet)
    return []
