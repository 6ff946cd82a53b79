"""From a photo to a colour photo: the one stateful object of the engine."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from colorizer.engine.catalogue import bundled_weights
from colorizer.engine.networks.compact import SIZE_MULTIPLE
from colorizer.engine.pictures import check_destination, join_chroma, read_gray, write_picture
from colorizer.engine.variants import (
    MAX_RENDER_FACTOR,
    MIN_RENDER_FACTOR,
    PIXELS_PER_RENDER_FACTOR,
    Variant,
)
from colorizer.engine.weights import LoadedWeights, load_weights

LONGEST_SIDE = 4
CPU_OUT_OF_MEMORY = "can't allocate memory"


def network_size(width: int, height: int, render_factor: int) -> tuple[int, int]:
    """Width and height at which the network sees a picture.

    The area is that of a square of 16 x render_factor pixels and the aspect ratio is the picture's,
    each side rounded to a multiple of 32. No side is longer than 4 times that square's: what is
    more elongated than 16:1 is seen squeezed, so that no picture needs more memory than others.
    """
    square = PIXELS_PER_RENDER_FACTOR * render_factor
    scale = square / math.sqrt(width * height)
    columns, rows = (
        max(1, round(min(side * scale, LONGEST_SIDE * square) / SIZE_MULTIPLE))
        for side in (width, height)
    )
    return columns * SIZE_MULTIPLE, rows * SIZE_MULTIPLE


def check_render_factor(render_factor: int) -> None:
    if not MIN_RENDER_FACTOR <= render_factor <= MAX_RENDER_FACTOR:
        raise ValueError(
            f"The render factor must be {MIN_RENDER_FACTOR} to {MAX_RENDER_FACTOR}, "
            f"not {render_factor}."
        )


def _ignore_progress(percent: int) -> None:
    """Nobody is watching."""


class Colorizer:
    """A network with its weights, ready to paint. Not safe to share between threads.

    Args:
        weights: of any variant; see `load_colorizer` for the bundled ones.
    """

    def __init__(self, weights: LoadedWeights) -> None:
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = weights.network.to(self.device)
        self.network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.weights_name = weights.name
        self.weights_sha256 = weights.sha256

    @torch.inference_mode()
    def predict_chroma(self, luma: Image.Image, render_factor: int) -> Tensor:
        """Let the network paint.

        Args:
            luma: mode "L", any size.
            render_factor: MIN_RENDER_FACTOR..MAX_RENDER_FACTOR.

        Returns:
            2 x h x w, float32: Cb and Cr of the whole picture in 8-bit units around 0, at a quarter
            of `network_size`.

        Raises:
            ValueError: render factor out of range.
            MemoryError, torch.OutOfMemoryError: too little memory for this render factor.
        """
        check_render_factor(render_factor)
        size = network_size(luma.width, luma.height, render_factor)
        seen = np.asarray(luma.resize(size, Image.Resampling.BICUBIC), dtype=np.float32) / 255
        batch = torch.from_numpy(seen)[None, None]
        return self._run(batch.to(self.device, memory_format=torch.channels_last))[0].cpu()

    def _run(self, batch: Tensor) -> Tensor:
        try:
            chroma: Tensor = self.network(batch)
        except RuntimeError as error:
            # Torch has an exception of its own for a GPU's memory only.
            if CPU_OUT_OF_MEMORY in str(error):
                raise MemoryError(str(error)) from error
            raise
        return chroma

    def colorize(self, picture: Image.Image, render_factor: int) -> Image.Image:
        """Any mode in, "RGB" of the same size out; the luma stays the picture's own (BT.601)."""
        luma = picture.convert("L")
        return join_chroma(luma, self.predict_chroma(luma, render_factor))

    def colorize_file(
        self,
        source: Path,
        destination: Path,
        render_factor: int,
        on_progress: Callable[[int], None] = _ignore_progress,
    ) -> None:
        """Colorize a picture file; the format of the result is that of the destination's suffix.

        Args:
            on_progress: called with percents, 0..100, between the phases.

        Raises:
            UnreadablePictureError: the source is damaged or no picture.
            UnsupportedFormatError: the destination's suffix is not known.
            ValueError: render factor out of range.
            OSError: the destination cannot be written.
        """
        check_destination(destination)
        check_render_factor(render_factor)
        picture = read_gray(source)
        on_progress(20)
        chroma = self.predict_chroma(picture.luma, render_factor)
        on_progress(60)
        joined = join_chroma(picture.luma, chroma)
        on_progress(80)
        write_picture(joined, picture.alpha, destination)
        on_progress(100)


@cache
def load_colorizer(variant: Variant) -> Colorizer:
    """The bundled colorizer of a variant, loaded once per process.

    Raises:
        WeightsError: the bundled file is missing or damaged.
    """
    return Colorizer(load_weights(bundled_weights(variant)))
