"""What the bundled weights make of photographs that everybody has: scikit-image's own.

`python -m tests.public_sample` prints the figures for the cards in colorizer/engine/weights.
"""

from __future__ import annotations

import json
import sys

from PIL import Image
from skimage import data

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.variants import VARIANTS, Variant
from colorizer.evaluation.evaluate import Measurements, evaluate, made_gray

RENDER_FACTOR = 16
FIGURES = ("psnr_gain", "colorfulness_ratio", "ciede2000")


def public_sample() -> list[Image.Image]:
    """Five color photographs of scikit-image's wheel, mode "RGB"."""
    left, _, _ = data.stereo_motorcycle()
    photos = (data.astronaut(), data.chelsea(), data.coffee(), data.rocket(), left)
    return [Image.fromarray(photo) for photo in photos]


def figures_of(variant: Variant) -> dict[str, float]:
    colorizer = Colorizer.for_variant(variant)
    measurements = Measurements(("psnr", "colorfulness", "ciede2000"))
    summary = evaluate(colorizer, made_gray(public_sample()), RENDER_FACTOR, measurements)
    return {name: round(summary.figures[name], 4) for name in FIGURES}


def main() -> None:
    cards = {f"compact-{variant}": {"public_sample": figures_of(variant)} for variant in VARIANTS}
    sys.stdout.write(json.dumps(cards, indent=2) + "\n")


if __name__ == "__main__":
    main()
