"""Networks stay loaded between jobs, as many as there is memory for."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from colorizer.engine.colorizer import Colorizer


class ModelCache:
    """Drops those that were not used for longest. Not safe to share between threads.

    Args:
        budget: bytes that the parameters of all networks may take; the one in use always stays.

    Attributes:
        loads: how many times a network had to be loaded.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._loaded: OrderedDict[str, Colorizer] = OrderedDict()
        self.loads = 0

    def get(self, weights: Path, sha256: str) -> Colorizer:
        """Raises: FileNotFoundError: no such file. WeightsError: damaged."""
        if sha256 not in self._loaded:
            self._loaded[sha256] = Colorizer.from_file(weights)
            self.loads += 1
        self._loaded.move_to_end(sha256)
        self._drop_least_recently_used()
        return self._loaded[sha256]

    def _drop_least_recently_used(self) -> None:
        while len(self._loaded) > 1 and self._bytes() > self._budget:
            self._loaded.popitem(last=False)

    def _bytes(self) -> int:
        return sum(colorizer.parameter_bytes for colorizer in self._loaded.values())
