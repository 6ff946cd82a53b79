"""One segment of a film: decode, predict, carry along, join, encode."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.video.description import FilmOptions, Segment
from colorizer.engine.video.opening import opened, video_stream
from colorizer.engine.video.reading import read_frames
from colorizer.engine.video.writing import FrameWriter, unfinished


def colorize_segment(
    path: Path,
    segment: Segment,
    options: FilmOptions,
    colorizer: Colorizer,
    target: Path,
    on_progress: Callable[[int], None],
) -> int:
    """Colorize a segment into a file that `join_segments` takes.

    Args:
        segment: of `plan_segments` with the same options.
        target: takes its name when it is complete; there is nothing else to see meanwhile but one
            hidden file beside it.
        on_progress: called with the frames of this segment that are done, at least every few frames.
            What it raises ends the work, and nothing is left behind.

    Returns:
        Frames that the network has seen.

    Raises:
        UnreadableFilmError: the film is damaged.
        TooLittleMemoryError: not even the smallest render factor fits.
        OSError: the target cannot be written.
    """
    with opened(path) as container:
        time_base = video_stream(container).time_base
    done = 0
    with unfinished(target) as unfinished_path:
        writer = FrameWriter(unfinished_path, options, time_base)
        try:
            for frame in read_frames(path):
                rgb = colorizer.colorize(Image.fromarray(frame.luma), options.render_factor)
                ycc = np.asarray(rgb.convert("YCbCr").resize([s // 2 for s in rgb.size]))
                writer.write(frame.luma, ycc[..., 1:].transpose(2, 0, 1), frame.pts, frame.duration)
                done += 1
                on_progress(done)
        finally:
            writer.close()
    return done
