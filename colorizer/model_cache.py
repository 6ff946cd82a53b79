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
        self._loaded: OrderedDict[tuple[str, str], Colorizer] = OrderedDict()
        self.loads = 0

    def get(self, weights: Path, sha256: str) -> Colorizer:
        """Raises: FileNotFoundError: no such file. WeightsError: damaged."""
        key = (weights.name, sha256)  # results tell the name, too
        if key not in self._loaded:
            self._loaded[key] = Colorizer.from_file(weights)
            self.loads += 1
        self._loaded.move_to_end(key)
        self._drop_least_recently_used()
        return self._loaded[key]

    def _drop_least_recently_used(self) -> None:
        while len(self._loaded) > 1 and self._bytes() > self._budget:
            self._loaded.popitem(last=False)

    def _bytes(self) -> int:
        return sum(colorizer.parameter_bytes for colorizer in self._loaded.values())
