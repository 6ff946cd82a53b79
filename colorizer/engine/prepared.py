"""A photo that waits for hints: what they have no influence on is computed once."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.color import colors_of
from colorizer.engine.hints import Hint, check_hints
from colorizer.engine.running import NetworkRunner

MOST_PLAUSIBLE: Final = 8


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

    def plausible_colors(
        self,
        x: float,
        y: float,
        hints: Sequence[Hint] = (),
        reference: Image.Image | None = None,
    ) -> list[tuple[int, int, int]]:
        """Colors that the network would believe at a place, the likeliest first.

        Args:
            x, y: pixels from the top left corner of the picture.
            hints: of other places; those that cover this one are left out.
            reference: see `Colorizer.colorize`.

        Returns:
            1 to MOST_PLAUSIBLE colors, red, green and blue of sRGB, 0..255, in the luma of the place.

        Raises:
            HintError: the place is outside of the picture; and see `Colorizer.colorize`.
            HintsNotTakenError: the weights take no hints.
        """
        self._runner.check_takes_hints()
        width, height = self.size
        check_hints([Hint(x, y, (0, 0, 0), 1)], width, height)
        others = [hint for hint in hints if math.hypot(hint.x - x, hint.y - y) > hint.radius]
        guidance = self._runner.guidance(others, reference, self.size)
        chroma = self._runner.plausible_chroma(
            self._features, guidance, (x / width, y / height), MOST_PLAUSIBLE
        )
        luma = self._luma[min(height - 1, int(y)), min(width - 1, int(x))]
        return colors_of(float(luma) * 255 / np.iinfo(self._luma.dtype).max, chroma.numpy())
