"""A photo that waits for hints: what they have no influence on is computed once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.hints import Hint
from colorizer.engine.running import NetworkRunner


class PreparedPicture:
    """Made by `Colorizer.prepared`; as little to be shared between threads as that is.

    Args:
        luma: H x W, of the picture.
        features: as `NetworkRunner.encode` returned them.
        render_factor: for which they were made.

    Attributes:
        size: width and height of the picture.
        render_factor: the one used; smaller than asked for when memory did not suffice.
    """

    def __init__(
        self, runner: NetworkRunner, luma: NDArray[Any], features: list[Tensor], render_factor: int
    ) -> None:
        self.size = (luma.shape[1], luma.shape[0])
        self.render_factor = render_factor
        self._runner = runner
        self._luma = luma
        self._features = features
        self._belief = runner.architecture.belief(luma)

    def colorize(
        self, hints: Sequence[Hint] = (), reference: Image.Image | None = None
    ) -> Image.Image:
        """What `Colorizer.colorize` makes of the picture with these; see there for errors."""
        guidance = self._runner.guidance(hints, reference, self.size)
        prediction = self._runner.decode(self._features, guidance)
        pixels = self._runner.architecture.postprocess_guided(
            self._luma, prediction, guidance, self._belief
        )
        return Image.fromarray(pixels)
