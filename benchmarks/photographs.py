"""A photograph to measure with: public domain, enlarged, with grain so that it costs what photos cost."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image
from skimage import data

TWELVE_MEGAPIXELS = (4000, 3000)
GRAIN = 6


def gray_jpeg(size: tuple[int, int] = TWELVE_MEGAPIXELS) -> bytes:
    """NASA's portrait of Eileen Collins (scikit-image's `astronaut`), gray."""
    portrait = Image.fromarray(data.astronaut())
    enlarged = portrait.convert("L").resize(size, Image.Resampling.BICUBIC)
    grain = np.random.default_rng(1).normal(0, GRAIN, enlarged.size[::-1])
    pixels = (np.asarray(enlarged) + grain).clip(0, 255).astype(np.uint8)
    content = BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=92)
    return content.getvalue()
