"""An architecture as somebody else would add it: a folder of its own, and an entry in the registry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor, nn

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.color import chroma_of, reduced_luma
from colorizer.engine.errors import WeightsError
from colorizer.engine.guidance import UNGUIDED, Guidance

TINT = "toy.tint"


class Tint(nn.Module):
    """Every picture gets the same offsets to R, G and B: N x 1 x h x w -> N x 3 x h x w."""

    tint: Tensor

    def __init__(self, tint: Tensor) -> None:
        super().__init__()
        self.register_buffer("tint", tint)

    def forward(self, luma: Tensor) -> Tensor:
        return self.tint.view(1, 3, 1, 1).expand(len(luma), 3, *luma.shape[2:])


class Toy(Architecture):
    name = "toy"
    default_render_factor = 9
    bytes_per_pixel = 10

    def build(
        self, tensors: Mapping[str, Tensor], metadata: Mapping[str, str], file_name: str
    ) -> nn.Module:
        if metadata.get("made_of") != "toys":
            raise WeightsError(f"{file_name} is not made of toys.")
        return Tint(tensors["tint"].float()).eval()

    def metadata_of(self, network: nn.Module) -> dict[str, str]:
        return {"made_of": "toys"}

    def recognizes(self, keys: Collection[str]) -> bool:
        return TINT in keys

    def build_from_checkpoint(self, tensors: Mapping[str, Tensor], file_name: str) -> nn.Module:
        return Tint(tensors[TINT]).eval()

    def preprocess(self, pixels: NDArray[Any], render_factor: int) -> Tensor:
        luma = reduced_luma(pixels, (render_factor, render_factor), Image.Resampling.BOX)
        return torch.from_numpy(luma)[None, None]

    def frame_size(self, width: int, height: int, render_factor: int) -> tuple[int, int]:
        return 4 * render_factor, 3 * render_factor

    def postprocess(self, luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
        tint = prediction[0, :, 0, 0].numpy()
        tinted: NDArray[Any] = np.clip(luma[..., None] + tint, 0, np.iinfo(luma.dtype).max)
        return tinted.astype(luma.dtype)

    def chroma(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance = UNGUIDED
    ) -> NDArray[np.float32]:
        return chroma_of(prediction[0].permute(1, 2, 0).numpy())
