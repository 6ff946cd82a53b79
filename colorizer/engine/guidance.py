"""What a person wants of the colors of a picture, as architectures get it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.hints import Hint


@dataclass(frozen=True)
class Guidance:
    """Hints and the colors of a reference photo; without both, nothing is wanted.

    Attributes:
        hints: where two overlap, the later one counts.
        size: width and height of the picture that they belong to.
        reference: 2 x h x w, the chroma of another photo in 8-bit units around 0.
    """

    hints: Sequence[Hint] = ()
    size: tuple[int, int] = (1, 1)
    reference: NDArray[np.float32] | None = None


UNGUIDED: Final = Guidance()
