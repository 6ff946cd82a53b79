"""Files that are made to do harm, from code alone: `python -m tests.hostile FOLDER` writes them.

Each module makes those of one format, as names and contents. `expected.tsv` says what must become
of each: "accepted", or the code of the refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

NamedFiles: TypeAlias = Iterator[tuple[str, bytes]]
SIDE = 7900
"""Some 62 megapixels, just less than the site takes."""
