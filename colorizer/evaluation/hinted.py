"""What hints are worth: PSNR with the true colors at a few random places, over that without hints.

Places are uniform over the picture, sides of patches uniform from 1 to 9 pixels of the network's input,
as in Zhang et al., Real-Time User-Guided Image Colorization with Learned Deep Priors (SIGGRAPH 2017),
who take places near the center more often.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

import numpy as np
from PIL import Image

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.hints import Hint
from colorizer.engine.variants import PIXELS_PER_RENDER_FACTOR
from colorizer.evaluation.metrics import Pixels, psnr

SEED: Final = 31
LARGEST_PATCH: Final = 9
"""Side in pixels of the network's input."""
NAME: Final = "psnr_hints_{}"
NAMED: Final = re.compile(r"psnr_hints_(\d+)")

HintedScores = Callable[[int, Image.Image, Image.Image, Image.Image], dict[str, float]]
"""Of a picture's index, gray, colorized without hints, and real."""


def random_hints(
    real: Image.Image, count: int, render_factor: int, rng: np.random.Generator
) -> tuple[Hint, ...]:
    """Places with their true colors. Of the same generator fewer hints are the first ones of more.

    Args:
        real: mode "RGB".
        render_factor: at which patches have 1 to LARGEST_PATCH pixels.
    """
    network_pixel = math.sqrt(real.width * real.height) / (PIXELS_PER_RENDER_FACTOR * render_factor)
    pixels = np.asarray(real)
    return tuple(
        _hint(
            pixels, x * real.width, y * real.height, math.ceil(side * LARGEST_PATCH) * network_pixel
        )
        for x, y, side in 1 - rng.random((count, 3))  # above 0, 1 at most
    )


def _hint(pixels: Pixels, x: float, y: float, side: float) -> Hint:
    """Its color is the mean of the pixels that a square around the place touches."""
    columns, rows = (
        slice(max(0, math.floor(place - side / 2)), math.ceil(place + side / 2)) for place in (x, y)
    )
    red, green, blue = pixels[rows, columns].mean(axis=(0, 1)).tolist()
    return Hint(x, y, (red, green, blue), radius=side / 2)


def hinted_psnr(colorizer: Colorizer, counts: Collection[int], render_factor: int) -> HintedScores:
    """Measures a picture with as many hints as each of `counts` says, the same ones for all weights.

    Raises:
        HintsNotTakenError: the weights take no hints.
    """
    colorizer.check_takes_hints()

    def scores(
        index: int, gray: Image.Image, colorized: Image.Image, real: Image.Image
    ) -> dict[str, float]:
        hints = random_hints(real, max(counts), render_factor, np.random.default_rng((SEED, index)))
        prepared, truth = colorizer.prepared(gray, render_factor), np.asarray(real)
        without = psnr(np.asarray(colorized), truth)
        figures = {}
        for count in counts:
            name = NAME.format(count)
            figures[name] = psnr(np.asarray(prepared.colorize(hints[:count])), truth)
            figures[f"{name}_gain"] = figures[name] - without
        return figures

    return scores


def hinted_labels(names: Iterable[str]) -> dict[str, str]:
    """What a table calls those of the figures that are of hints."""
    counts = {name: int(match[1]) for name in names if (match := NAMED.fullmatch(name))}
    return {
        name: f"PSNR, {count} hint{'' if count == 1 else 's'}, dB"
        for name, count in sorted(counts.items(), key=lambda item: item[1])
    }
