"""Photographs in color: `Colorizer`, its options and its errors. Knows nothing of the site.

Importing this package loads no torch; that comes with the first use of `Colorizer`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from colorizer.engine.errors import (
    ColorizerError,
    GrayReferenceError,
    HintError,
    HintsNotTakenError,
    UnreadablePictureError,
    UnsupportedFormatError,
    WeightsError,
)
from colorizer.engine.hints import MAX_HINTS, Hint
from colorizer.engine.imageio.formats import SaveOptions
from colorizer.engine.variants import MAX_RENDER_FACTOR, MIN_RENDER_FACTOR, VARIANTS, Variant
from colorizer.engine.version import __version__

__all__ = [
    "MAX_HINTS",
    "MAX_RENDER_FACTOR",
    "MIN_RENDER_FACTOR",
    "VARIANTS",
    "Colorizer",
    "ColorizerError",
    "GrayReferenceError",
    "Hint",
    "HintError",
    "HintsNotTakenError",
    "Outcome",
    "PreparedPicture",
    "SaveOptions",
    "TooLittleMemoryError",
    "UnreadablePictureError",
    "UnsupportedFormatError",
    "Variant",
    "WeightsError",
    "__version__",
]

if TYPE_CHECKING:
    from colorizer.engine.colorizer import Colorizer, Outcome
    from colorizer.engine.memory import TooLittleMemoryError
    from colorizer.engine.prepared import PreparedPicture
else:
    _MODULES = {
        "Colorizer": "colorizer.engine.colorizer",
        "Outcome": "colorizer.engine.colorizer",
        "PreparedPicture": "colorizer.engine.prepared",
        "TooLittleMemoryError": "colorizer.engine.memory",
    }

    def __getattr__(name: str) -> object:
        if name in _MODULES:
            return getattr(import_module(_MODULES[name]), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
