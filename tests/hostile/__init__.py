"""Files that are made to do harm, from code alone: `python -m tests.hostile FOLDER` writes them.

Each module makes those of one format; `corpus` gathers them with the outcome that each must have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

ACCEPTED = "accepted"


@dataclass(frozen=True)
class HostileFile:
    """A file, and what the site must answer.

    Attributes:
        name: unique, a file name.
        outcomes: ACCEPTED or the code of a refusal. Several where that is the business of the
            library that decodes: the promise is then that it is one of them, and quick.
    """

    name: str
    content: bytes
    outcomes: tuple[str, ...]


HostileFiles: TypeAlias = Iterator[HostileFile]
