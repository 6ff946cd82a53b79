"""Films in color: what a film is, and the steps from it to one in color. Knows nothing of the site.

Importing this package loads neither av, OpenCV nor torch; that comes with the first use of a function.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from colorizer.engine.video.description import (
    CONTAINERS,
    DEFAULT_QUALITY,
    DEFAULT_SMOOTHING,
    FILM_SUFFIXES,
    RESULT_SUFFIXES,
    FilmInfo,
    FilmLimits,
    FilmOptions,
    FilmReport,
    Segment,
)

__all__ = [
    "CONTAINERS",
    "DEFAULT_QUALITY",
    "DEFAULT_SMOOTHING",
    "FILM_SUFFIXES",
    "RESULT_SUFFIXES",
    "FilmInfo",
    "FilmLimits",
    "FilmOptions",
    "FilmReport",
    "Segment",
    "colorize_film",
    "colorize_segment",
    "join_segments",
    "plan_segments",
    "poster_stamp",
    "probe",
    "write_frame",
    "write_poster",
]

if TYPE_CHECKING:
    from colorizer.engine.video.film import colorize_film
    from colorizer.engine.video.joining import join_segments
    from colorizer.engine.video.planning import plan_segments
    from colorizer.engine.video.poster import poster_stamp, write_frame, write_poster
    from colorizer.engine.video.probing import probe
    from colorizer.engine.video.segment import colorize_segment
else:
    _MODULES = {
        "colorize_film": "colorizer.engine.video.film",
        "colorize_segment": "colorizer.engine.video.segment",
        "join_segments": "colorizer.engine.video.joining",
        "plan_segments": "colorizer.engine.video.planning",
        "poster_stamp": "colorizer.engine.video.poster",
        "probe": "colorizer.engine.video.probing",
        "write_frame": "colorizer.engine.video.poster",
        "write_poster": "colorizer.engine.video.poster",
    }

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            return getattr(import_module(_MODULES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
