"""A network on its device: encoded once, decoded with as many sets of hints as there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.architectures.optimization import best_device
from colorizer.engine.errors import N_, HintsNotTakenError
from colorizer.engine.guidance import UNGUIDED, Guidance
from colorizer.engine.hints import Hint, check_hints
from colorizer.engine.memory import TooLittleMemoryError, largest_render_factor, out_of_memory_named
from colorizer.engine.references import reference_chroma
from colorizer.engine.variants import MIN_RENDER_FACTOR
from colorizer.engine.weights import LoadedWeights

Result = TypeVar("Result")


class NetworkRunner:
    """Runs a network, in its fastest form, with as large a render factor as there is memory for.

    Args:
        weights: the network in them is taken over.

    Attributes:
        device: CUDA where there is one, then MPS, then the CPU.
    """

    def __init__(self, weights: LoadedWeights) -> None:
        self.device = best_device()
        self.architecture = weights.architecture
        self._weights_name = weights.name
        optimized = self.architecture.optimize(weights.network, self.device)
        self._network = optimized.requires_grad_(requires_grad=False)

    @property
    def parameter_bytes(self) -> int:
        """What the network takes in memory, beside what a picture needs."""
        tensors = (*self._network.parameters(), *self._network.buffers())
        return sum(tensor.nbytes for tensor in tensors)

    def check_takes_hints(self) -> None:
        """Raises HintsNotTakenError for an architecture, or older weights, that cannot use them."""
        if not self.architecture.takes_hints(self._network):
            raise HintsNotTakenError(
                N_(
                    "The weights %(name)s take neither hints nor a reference photo. "
                    "Choose other weights, or leave hints and reference out."
                ),
                name=self._weights_name,
            )

    def guidance(
        self, hints: Sequence[Hint], reference: Image.Image | None, size: tuple[int, int]
    ) -> Guidance:
        """For a picture of this width and height.

        Raises:
            HintError: see `check_hints`.
            GrayReferenceError, UnreadablePictureError: see `reference_chroma`.
            HintsNotTakenError: see `check_takes_hints`.
        """
        if hints or reference is not None:
            self.check_takes_hints()
        check_hints(hints, *size)
        return Guidance(hints, size, None if reference is None else reference_chroma(reference))

    def predict(
        self, pixels: NDArray[Any], render_factor: int, guidance: Guidance = UNGUIDED
    ) -> tuple[Tensor, int]:
        """The network's output, and the render factor for which there was memory.

        Raises:
            TooLittleMemoryError: not even the smallest render factor fits.
        """
        return self._fitted(
            render_factor, lambda used: self.decode(self._encode(pixels, used), guidance)
        )

    def encode(self, pixels: NDArray[Any], render_factor: int) -> tuple[list[Tensor], int]:
        """What `decode` needs of a picture, on the device; otherwise as `predict`."""
        return self._fitted(render_factor, lambda used: self._encode(pixels, used))

    @torch.inference_mode()
    def decode(self, features: list[Tensor], guidance: Guidance) -> Tensor:
        """The network's output, of what `encode` gave."""
        with out_of_memory_named():
            return self.architecture.decode(self._network, features, guidance).cpu()

    @torch.inference_mode()
    def plausible_chroma(
        self, features: list[Tensor], guidance: Guidance, place: tuple[float, float], most: int
    ) -> Tensor:
        """See `Architecture.plausible_chroma`."""
        with out_of_memory_named():
            return self.architecture.plausible_chroma(
                self._network, features, guidance, place, most
            )

    @torch.inference_mode()
    def _encode(self, pixels: NDArray[Any], render_factor: int) -> list[Tensor]:
        batch = self.architecture.preprocess(pixels, render_factor)
        with out_of_memory_named():
            return self.architecture.encode(self._network, batch.to(self.device))

    def _fitted(self, render_factor: int, run: Callable[[int], Result]) -> tuple[Result, int]:
        fitting = largest_render_factor(self.architecture.bytes_per_pixel, self.device)
        used = max(MIN_RENDER_FACTOR, min(render_factor, fitting))
        while True:
            try:
                return run(used), used
            except TooLittleMemoryError:
                if used == MIN_RENDER_FACTOR:
                    raise
                used = max(MIN_RENDER_FACTOR, used * 3 // 4)
