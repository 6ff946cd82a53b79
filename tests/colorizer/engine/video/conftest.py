"""One colorizer for all films of these tests, at the smallest render factor."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from colorizer.engine import Colorizer
from colorizer.engine.video import FilmOptions, FilmReport, colorize_film

OPTIONS = FilmOptions(render_factor=8)
Colorize = Callable[..., FilmReport]


@pytest.fixture(scope="session")
def colorizer() -> Colorizer:
    return Colorizer.for_variant("video")


@pytest.fixture
def colorize(colorizer: Colorizer) -> Colorize:
    def run(source: Path, target: Path, options: FilmOptions = OPTIONS) -> FilmReport:
        return colorize_film(source, target, options, colorizer, lambda *_: None)

    return run
