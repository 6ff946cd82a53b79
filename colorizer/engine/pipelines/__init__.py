"""What each architecture does before and after its network."""

from __future__ import annotations

from typing import Any, Final, Protocol

from numpy.typing import NDArray
from torch import Tensor

from colorizer.engine.catalogue import Architecture
from colorizer.engine.pipelines import compact, deoldify


class Pipeline(Protocol):
    """`see` makes the network's input of H x W x C pixels, `join` the result of luma and output."""

    DEFAULT_RENDER_FACTOR: int

    def see(self, pixels: NDArray[Any], render_factor: int) -> Tensor: ...

    def join(self, luma: NDArray[Any], painted: Tensor) -> NDArray[Any]: ...


PIPELINES: Final[dict[Architecture, Pipeline]] = {
    "compact": compact,
    "deoldify-deep": deoldify,
    "deoldify-wide": deoldify,
}
