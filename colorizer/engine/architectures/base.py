"""What the engine asks of an architecture."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from colorizer.engine.architectures.optimization import fold_batch_norms
from colorizer.engine.architectures.sizes import proportional_size
from colorizer.engine.errors import WeightsError
from colorizer.engine.guidance import UNGUIDED, Guidance

FRAME_MULTIPLE: Final = 32
"""Of pixels: in less, no motion is found."""


class Architecture(ABC):
    """A kind of network: how it is built from a file, what goes in, what becomes of what comes out.

    Stateless; one instance serves all networks of its kind. What is slow to import, torchvision for
    example, is imported where it is used.

    Attributes:
        name: in the metadata of weights files, in records and in recipes.
        default_render_factor: the one that is best for most photos.
        bytes_per_pixel: memory that the network takes for a pixel of its input, at most, on top of
            its weights; measured by benchmarks/engine.py.
        stored_dtype: of the floating-point tensors of its weights files.
    """

    name: str
    default_render_factor: int
    bytes_per_pixel: int
    stored_dtype: torch.dtype = torch.float32

    @abstractmethod
    def build(
        self, tensors: Mapping[str, Tensor], metadata: Mapping[str, str], file_name: str
    ) -> nn.Module:
        """The network of a safetensors file, float32, in inference mode.

        Args:
            tensors: of the file, by key, as they are stored; may become the network's own.
            metadata: of the file.
            file_name: for messages.

        Raises:
            WeightsError: keys, shapes or metadata that do not fit.
        """

    @abstractmethod
    def preprocess(self, pixels: NDArray[Any], render_factor: int) -> Tensor:
        """The network's input.

        Args:
            pixels: H x W x 1 or H x W x 3 (sRGB), uint8 or uint16.
            render_factor: MIN_RENDER_FACTOR..MAX_RENDER_FACTOR.

        Returns:
            1 x C x h x w, float32, on the CPU.
        """

    @abstractmethod
    def postprocess(self, luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
        """The result: the photo's luma with the chroma that was predicted.

        Args:
            luma: H x W, uint8 or uint16 (full range), C-contiguous.
            prediction: the network's output, 1 x C x h x w, float32, on the CPU.

        Returns:
            H x W x 3, sRGB, dtype of `luma`.
        """

    @abstractmethod
    def chroma(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance = UNGUIDED
    ) -> NDArray[np.float32]:
        """What was predicted, for whoever joins it to luma by other means than `postprocess`: films.

        Args:
            luma: as for `postprocess`.
            prediction: as for `postprocess`.
            guidance: hinted places have their colors.

        Returns:
            2 x h x w, Cb and Cr (BT.601) in 8-bit units around 0, at the size of the prediction.
        """

    def frame_size(self, width: int, height: int, render_factor: int) -> tuple[int, int]:
        """What frames of a film are reduced to, each once, before `preprocess` and the search for motion.

        Here: proportions are kept, since hints are placed and motion is found in what comes out.

        Args:
            width, height: of the film as it is shown.
            render_factor: as for `preprocess`.

        Returns:
            Width and height.
        """
        return proportional_size(width, height, render_factor, FRAME_MULTIPLE)

    def takes_hints(self, network: nn.Module) -> bool:
        """Whether a network can use hints and reference photos. If not, `guidance` is empty below."""
        return False

    def encode(self, network: nn.Module, batch: Tensor) -> list[Tensor]:
        """The part of a run that guidance has no influence on. Here: none of it.

        Args:
            network: the optimized one.
            batch: as `preprocess` returns it, on the network's device.
        """
        return [batch]

    def decode(self, network: nn.Module, features: list[Tensor], guidance: Guidance) -> Tensor:
        """The rest of it, of what `encode` returned: the network's output, on its device."""
        prediction: Tensor = network(*features)
        return prediction

    def plausible_chroma(
        self,
        network: nn.Module,
        features: list[Tensor],
        guidance: Guidance,
        place: tuple[float, float],
        most: int,
    ) -> Tensor:
        """Which chroma the network would believe at a place of the picture, the likeliest first.

        See `decode` for the other arguments. Here: none, as of any network that takes no hints.

        Args:
            place: shares of the picture's width and height, 0..1.
            most: how many at most.

        Returns:
            n x 2, n up to `most`, Cb and Cr in 8-bit units around 0, on the CPU.
        """
        return torch.zeros(0, 2)

    def belief(self, luma: NDArray[Any]) -> float:
        """How far predictions for a picture are believed, 0..1; the same whatever the guidance."""
        return 1.0

    def postprocess_guided(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance, belief: float
    ) -> NDArray[Any]:
        """`postprocess` that sees to it that hinted places have their colors."""
        return self.postprocess(luma, prediction)

    def metadata_of(self, network: nn.Module) -> dict[str, str]:
        """What a weights file of this network says besides name and variant, for `build`."""
        return {}

    def recognizes(self, keys: Collection[str]) -> bool:
        """Whether a foreign checkpoint (`.pth`) with these keys is of this architecture."""
        return False

    def build_from_checkpoint(self, tensors: Mapping[str, Tensor], file_name: str) -> nn.Module:
        """The network of a foreign checkpoint that `recognizes` has said yes to; see `build`.

        Raises:
            WeightsError: keys or shapes that do not fit; they are named.
        """
        raise WeightsError(f"{file_name}: there are no foreign checkpoints of {self.name}.")

    def optimize(self, network: nn.Module, device: torch.device) -> nn.Module:
        """The fastest form of a network for a device, on it, float32; the one given is taken apart.

        It computes the same. Here: batch norms are folded, memory is laid out channels last.
        """
        fold_batch_norms(network)
        optimized: nn.Module = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        return optimized
