"""The architectures that the engine knows, by name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.architectures.compact import Compact
from colorizer.engine.architectures.deoldify import DEOLDIFY_DEEP, DEOLDIFY_WIDE

ARCHITECTURES: Final[dict[str, Architecture]] = {
    architecture.name: architecture for architecture in (Compact(), DEOLDIFY_DEEP, DEOLDIFY_WIDE)
}
"""A new architecture is a folder beside this file and an entry here."""


def recognized(keys: Collection[str]) -> Architecture | None:
    """The architecture of a foreign checkpoint by its keys; None where nobody knows them."""
    found = (known for known in ARCHITECTURES.values() if known.recognizes(keys))
    return next(found, None)
