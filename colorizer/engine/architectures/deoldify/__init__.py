"""`deoldify-deep` and `deoldify-wide`: DeOldify's generators (Antic, 2018), with their own checkpoints.

Their networks are torchvision's, which is not always installed: they are imported when a network is
built, not before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.architectures.deoldify import processing
from colorizer.engine.architectures.optimization import fold_batch_norms
from colorizer.engine.guidance import UNGUIDED, Guidance

KEY_OF_DEOLDIFY: Final = "layers.0.0.weight"
KEY_OF_BOTTLENECKS: Final = "layers.0.4.0.conv3.weight"
"""Of all ResNets only those with bottlenecks, such as ResNet101, have it."""


@dataclass(frozen=True)
class DeOldify(Architecture):
    """See `Architecture`.

    Attributes:
        has_bottlenecks: the encoder is ResNet101, not ResNet34.
    """

    name: str
    bytes_per_pixel: int
    has_bottlenecks: bool
    default_render_factor: int = 35

    def build(
        self, tensors: Mapping[str, Tensor], metadata: Mapping[str, str], file_name: str
    ) -> nn.Module:
        """Norms were folded when the file was written."""
        from colorizer.engine.architectures.deoldify import checkpoints  # noqa: PLC0415

        return checkpoints.build_folded(self.name, tensors, file_name)

    def recognizes(self, keys: Collection[str]) -> bool:
        return KEY_OF_DEOLDIFY in keys and (KEY_OF_BOTTLENECKS in keys) == self.has_bottlenecks

    def build_from_checkpoint(self, tensors: Mapping[str, Tensor], file_name: str) -> nn.Module:
        from colorizer.engine.architectures.deoldify import checkpoints  # noqa: PLC0415

        return checkpoints.build_from_checkpoint(self.name, tensors, file_name)

    def preprocess(self, pixels: NDArray[Any], render_factor: int) -> Tensor:
        """See `processing.preprocess`."""
        return processing.preprocess(pixels, render_factor)

    def postprocess(self, luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
        """See `processing.postprocess`."""
        return processing.postprocess(luma, prediction)

    def chroma(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance = UNGUIDED
    ) -> NDArray[np.float32]:
        """See `processing.predicted_chroma`."""
        return processing.predicted_chroma(prediction)

    def optimize(self, network: nn.Module, device: torch.device) -> nn.Module:
        """On a CPU, `FastDeOldify`."""
        if device.type != "cpu":
            return super().optimize(network, device)
        from colorizer.engine.architectures.deoldify.network import DeOldifyUNet  # noqa: PLC0415
        from colorizer.engine.architectures.deoldify.optimized import FastDeOldify  # noqa: PLC0415

        fold_batch_norms(network)
        return FastDeOldify(cast("DeOldifyUNet", network))


DEOLDIFY_DEEP: Final = DeOldify("deoldify-deep", bytes_per_pixel=3_000, has_bottlenecks=False)
DEOLDIFY_WIDE: Final = DeOldify("deoldify-wide", bytes_per_pixel=4_000, has_bottlenecks=True)
