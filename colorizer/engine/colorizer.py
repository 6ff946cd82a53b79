"""From a photo to a color photo: the one stateful object of the engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.color import eight_bit, luma_of, sixteen_bit
from colorizer.engine.errors import HintsNotTakenError
from colorizer.engine.guidance import Guidance
from colorizer.engine.hints import Hint
from colorizer.engine.imageio.flaws import Flaw
from colorizer.engine.imageio.formats import (
    HIGH_DEPTH,
    SaveOptions,
    bits_of_result,
    check_destination,
)
from colorizer.engine.imageio.provenance import PROGRAM, Provenance
from colorizer.engine.imageio.reading import read_picture
from colorizer.engine.imageio.writing import write_picture
from colorizer.engine.model_registry import bundled_weights
from colorizer.engine.prepared import PreparedPicture
from colorizer.engine.running import NetworkRunner
from colorizer.engine.variants import MAX_RENDER_FACTOR, MIN_RENDER_FACTOR, VARIANTS, Variant
from colorizer.engine.version import __version__
from colorizer.engine.weights import LoadedWeights, load_weights

Candidate = TypeVar("Candidate")


@dataclass(frozen=True)
class Outcome:
    """What became of a picture.

    Attributes:
        width, height: of the result, in pixels, upright.
        render_factor: the one used; smaller than asked for when memory did not suffice.
        flaw: what is wrong with the source's file, although its picture could be read.
    """

    width: int
    height: int
    render_factor: int
    flaw: Flaw | None = None


def check_render_factor(render_factor: int) -> None:
    """Raises ValueError outside of MIN_RENDER_FACTOR..MAX_RENDER_FACTOR."""
    if not MIN_RENDER_FACTOR <= render_factor <= MAX_RENDER_FACTOR:
        raise ValueError(
            f"The render factor must be {MIN_RENDER_FACTOR} to {MAX_RENDER_FACTOR}, "
            f"not {render_factor}."
        )


def _ignore_progress(percent: int) -> None:
    """Nobody is watching."""


class Colorizer:
    """A network with its weights, ready to colorize. Not safe to share between threads.

    Args:
        weights: of any architecture; the network in them is taken over.

    Attributes:
        architecture: the name of the network's, "compact" for example.
        device: CUDA where there is one, then MPS, then the CPU.
        default_render_factor: the architecture's own.
    """

    def __init__(self, weights: LoadedWeights) -> None:
        self.architecture = weights.architecture.name
        self.variant = weights.variant
        self.weights_name = weights.name
        self.weights_sha256 = weights.sha256
        self.default_render_factor = weights.architecture.default_render_factor
        self._architecture = weights.architecture
        self._runner = NetworkRunner(weights)
        self.device = self._runner.device

    @property
    def parameter_bytes(self) -> int:
        """What the network takes in memory, beside what a picture needs."""
        return self._runner.parameter_bytes

    @classmethod
    def for_variant(cls, variant: Variant) -> Colorizer:
        """The bundled one of a variant.

        Raises:
            ValueError: no such variant.
            WeightsError: the bundled file is missing or damaged.
        """
        if variant not in VARIANTS:
            raise ValueError(f"The variants are {', '.join(VARIANTS)}, not {variant!r}.")
        return cls.from_file(bundled_weights(variant))

    @classmethod
    def from_file(cls, path: Path) -> Colorizer:
        """Any weights file: safetensors of a known architecture, or one of DeOldify's checkpoints.

        Raises:
            WeightsError: missing or damaged, or of no known architecture.
        """
        return cls(load_weights(path))

    def check_takes_hints(self) -> None:
        """Raises HintsNotTakenError where neither hints nor a reference can be used."""
        self._runner.check_takes_hints()

    def colorize(
        self,
        picture: Image.Image,
        render_factor: int | None = None,
        *,
        hints: Sequence[Hint] = (),
        reference: Image.Image | None = None,
    ) -> Image.Image:
        """Colorize a picture in memory.

        Args:
            picture: any mode that Pillow converts to RGB; its colors and alpha are not looked at.
            render_factor: MIN_RENDER_FACTOR..MAX_RENDER_FACTOR; None is the architecture's own.
            hints: colors at places of the picture; where two overlap, the later one counts.
            reference: a photo whose palette is taken, of any mode and size.

        Returns:
            Mode "RGB", the same size; the luma stays the picture's own (BT.601).

        Raises:
            ValueError: render factor out of range.
            HintError: a hint outside of the picture, or too many.
            GrayReferenceError: the reference has no colors.
            HintsNotTakenError: the weights take neither hints nor a reference.
            TooLittleMemoryError: not even the smallest render factor fits.
        """
        pixels = _pixels_of(picture)
        guidance = self._runner.guidance(hints, reference, picture.size)
        prediction, _ = self._runner.predict(pixels, self._checked(render_factor), guidance)
        return Image.fromarray(self._postprocessed(luma_of(pixels), prediction, guidance))

    def prepared(self, picture: Image.Image, render_factor: int | None = None) -> PreparedPicture:
        """A picture that is to be colorized several times, with other hints each time.

        Args and errors: see `colorize`.
        """
        pixels = _pixels_of(picture)
        features, used = self._runner.encode(pixels, self._checked(render_factor))
        return PreparedPicture(self._runner, luma_of(pixels), features, used)

    def frame_size(
        self, width: int, height: int, render_factor: int | None = None
    ) -> tuple[int, int]:
        """Width and height that frames of a film are to have for `predict_chroma`.

        Raises:
            ValueError: render factor out of range.
        """
        return self._architecture.frame_size(width, height, self._checked(render_factor))

    def predict_chroma(
        self,
        luma: NDArray[np.uint8],
        render_factor: int | None = None,
        *,
        hints: Sequence[Hint] = (),
        reference: Image.Image | None = None,
    ) -> tuple[NDArray[np.float32], int]:
        """The colors alone, for whoever joins them to luma otherwise than a picture: films.

        Args:
            luma: H x W, full range, of `frame_size` or larger.
            render_factor: MIN_RENDER_FACTOR..MAX_RENDER_FACTOR; None is the architecture's own.
            hints, reference: see `colorize`; places are those of `luma`.

        Returns:
            2 x h x w, Cb and Cr (BT.601) in 8-bit units around 0, at the size of the prediction, and
            the render factor for which there was memory.

        Raises:
            ValueError: render factor out of range.
            HintError, GrayReferenceError, HintsNotTakenError: see `colorize`.
            TooLittleMemoryError: not even the smallest render factor fits.
        """
        guidance = self._runner.guidance(hints, reference, (luma.shape[1], luma.shape[0]))
        factor = self._checked(render_factor)
        prediction, used = self._runner.predict(luma[..., None], factor, guidance)
        return self._architecture.chroma(luma, prediction, guidance), used

    def colorize_file(  # noqa: PLR0913  (what is done, how it is written and followed)
        self,
        source: Path,
        destination: Path,
        render_factor: int | None = None,
        options: SaveOptions = SaveOptions(),  # noqa: B008  (frozen)
        on_progress: Callable[[int], None] = _ignore_progress,
        *,
        hints: Sequence[Hint] = (),
        reference: Image.Image | None = None,
    ) -> Outcome:
        """Colorize a picture file; the format of the result is that of the destination's suffix.

        The result appears under its name only when it is complete. Memory beside the network's is
        at most 2.5 x 3 bytes a pixel in 8 bits.

        Args:
            render_factor: MIN_RENDER_FACTOR..MAX_RENDER_FACTOR; None is the architecture's own.
            on_progress: called with percents, 0..100, between the phases.
            hints, reference: see `colorize`; places are those of the upright picture.

        Raises:
            UnreadablePictureError: the source is damaged, no picture or too large.
            UnsupportedFormatError: the destination's format is unknown or does not hold the result.
            ValueError: render factor out of range.
            HintError, GrayReferenceError, HintsNotTakenError: see `colorize`.
            TooLittleMemoryError: not even the smallest render factor fits.
            OSError: the source cannot be opened or the destination not be written.
        """
        asked = self._checked(render_factor)
        check_destination(destination, options)
        picture = read_picture(source)
        height, width = picture.pixels.shape[:2]
        check_destination(destination, options, (width, height))
        guidance = self._runner.guidance(hints, reference, (width, height))
        on_progress(20)
        prediction, used = self._runner.predict(picture.pixels, asked, guidance)
        on_progress(60)
        luma = _in_bits_of_result(luma_of(picture.pixels), destination, options)
        alpha, metadata, flaw = picture.alpha, picture.metadata, picture.flaw
        del picture  # its colors are not needed any more; the result needs the memory
        pixels = self._postprocessed(luma, prediction, guidance)
        on_progress(80)
        write_picture(
            pixels, alpha, destination, options, self._provenance(used, guidance), metadata
        )
        on_progress(100)
        return Outcome(width, height, used, flaw)

    def _checked(self, render_factor: int | None) -> int:
        asked = self.default_render_factor if render_factor is None else render_factor
        check_render_factor(asked)
        return asked

    def _postprocessed(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance
    ) -> NDArray[Any]:
        belief = self._architecture.belief(luma)
        return self._architecture.postprocess_guided(luma, prediction, guidance, belief)

    def _provenance(self, render_factor: int, guidance: Guidance) -> Provenance:
        return Provenance(
            PROGRAM,
            __version__,
            self.variant,
            self.weights_name,
            self.weights_sha256,
            render_factor,
            len(guidance.hints),
            guidance.reference is not None,
        )


def first_that_takes_hints(
    candidates: Sequence[Candidate], load: Callable[[Candidate], Colorizer]
) -> Candidate:
    """The first whose colorizer does; those after it are not loaded.

    Raises:
        HintsNotTakenError: none does.
    """
    *others, last = candidates
    for candidate in others:
        with suppress(HintsNotTakenError):
            load(candidate).check_takes_hints()
            return candidate
    load(last).check_takes_hints()
    return last


def _pixels_of(picture: Image.Image) -> NDArray[Any]:
    if picture.mode.startswith("I"):
        return eight_bit(np.asarray(picture).astype(np.uint16))[..., None]
    if picture.mode == "L":
        return np.asarray(picture)[..., None]
    return np.asarray(picture.convert("RGB"))


def _in_bits_of_result(luma: NDArray[Any], destination: Path, options: SaveOptions) -> NDArray[Any]:
    bits = bits_of_result(destination, options, 16 if luma.dtype == np.uint16 else 8)
    return sixteen_bit(luma) if bits == HIGH_DEPTH else eight_bit(luma)
