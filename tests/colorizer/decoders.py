"""Decoders that are all at work, without any work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from colorizer.uploads import DECODERS


@contextmanager
def busy_decoders(patience: float) -> Iterator[None]:
    """None is free inside. `patience`: seconds that uploads wait for one."""
    places = [DECODERS._places.get() for _ in range(DECODERS._size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("colorizer.uploads.PATIENCE_SECONDS", patience)
        try:
            yield
        finally:
            for place in places:
                DECODERS._places.put(place)
