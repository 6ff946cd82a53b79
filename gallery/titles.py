"""What a photo without a title is called: its file's name, as people read it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

from colorizer.engine.imageio.formats import SUFFIXES

ANY_SUFFIX: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}$")


def readable(file_name: str) -> str:
    """A file name without extension and underscores; "" when nothing else is in it."""
    name = PurePosixPath(file_name)
    if name.suffix.lower() not in SUFFIXES:
        return _spaced(ANY_SUFFIX.sub("", file_name))
    while name.suffix.lower() in SUFFIXES:
        name = name.with_suffix("")
    return "" if name.name.lower() in SUFFIXES else _spaced(name.name)


def _spaced(name: str) -> str:
    return " ".join(name.replace("_", " ").split())
