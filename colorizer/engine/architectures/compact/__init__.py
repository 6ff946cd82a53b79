"""`compact`: our own light U-Net, small enough to be bundled and fast enough for a CPU."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from colorizer.engine.architectures.base import Architecture
from colorizer.engine.architectures.compact import processing
from colorizer.engine.architectures.compact.efficientnet_lite import ENCODERS, EncoderName
from colorizer.engine.architectures.compact.hinting import hint_planes
from colorizer.engine.architectures.compact.locality import hint_shares
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.architectures.compact.plausible import plausible_chroma
from colorizer.engine.errors import WeightsError
from colorizer.engine.guidance import UNGUIDED, Guidance

ENCODER: Final = "encoder"
"""In a file's metadata: see CompactUNet. A file that names none has Lite0."""


class Compact(Architecture):
    """See `Architecture`. It predicts chroma at a quarter of the size of its input."""

    name = "compact"
    default_render_factor = 20
    bytes_per_pixel = 600
    stored_dtype = torch.float16

    def build(
        self, tensors: Mapping[str, Tensor], metadata: Mapping[str, str], file_name: str
    ) -> nn.Module:
        encoder = metadata.get(ENCODER, "lite0")
        if encoder not in ENCODERS:
            raise WeightsError(f"The weights {file_name} have an unknown encoder: {encoder}.")
        try:
            network = CompactUNet(
                tensors["chroma_bins"].float(),
                cast("EncoderName", encoder),
                len({key.split(".")[2] for key in tensors if key.startswith("context.blocks.")}),
                takes_hints=any(key.startswith("hint_stem.") for key in tensors),
            )
            network.load_state_dict({key: tensor.float() for key, tensor in tensors.items()})
        except (KeyError, RuntimeError) as error:
            raise WeightsError(
                f"The weights {file_name} do not fit the network: {error}"
            ) from error
        return network.eval()

    def metadata_of(self, network: nn.Module) -> dict[str, str]:
        return {ENCODER: network.encoder.name} if isinstance(network, CompactUNet) else {}

    def preprocess(self, pixels: NDArray[Any], render_factor: int) -> Tensor:
        """See `processing.preprocess`."""
        return processing.preprocess(pixels, render_factor)

    def frame_size(self, width: int, height: int, render_factor: int) -> tuple[int, int]:
        """What the network takes: see `processing.network_size`."""
        return processing.network_size(width, height, render_factor)

    def postprocess(self, luma: NDArray[Any], prediction: Tensor) -> NDArray[Any]:
        """See `processing.postprocess`."""
        return processing.postprocess(luma, prediction)

    def takes_hints(self, network: nn.Module) -> bool:
        return isinstance(network, CompactUNet) and network.hint_stem is not None

    def encode(self, network: nn.Module, batch: Tensor) -> list[Tensor]:
        """The encoder's features, and the decoder's without any guidance."""
        unet = cast("CompactUNet", network)
        pyramid: list[Tensor] = unet.encoder(batch)
        return [*pyramid, unet.decoded(pyramid)]

    def decode(self, network: nn.Module, features: list[Tensor], guidance: Guidance) -> Tensor:
        """Hints enter behind the encoder; what they change counts where `locality` says."""
        unet = cast("CompactUNet", network)
        *pyramid, plain = features
        hints, palette = _stem_inputs(unet, features, guidance)
        if palette is not None:
            plain = unet.decoded(pyramid, None, palette)
        chroma = unet.chroma(plain)
        if hints is None:
            return chroma
        hinted = unet.chroma(unet.decoded(pyramid, hints, palette))
        return torch.lerp(chroma, hinted, hint_shares(plain, chroma, hints))

    def plausible_chroma(
        self,
        network: nn.Module,
        features: list[Tensor],
        guidance: Guidance,
        place: tuple[float, float],
        most: int,
    ) -> Tensor:
        """See `plausible.plausible_chroma`; of the cell of the place."""
        unet = cast("CompactUNet", network)
        logits = unet.decoded_logits(features[:-1], *_stem_inputs(unet, features, guidance))
        column, row = (
            min(side - 1, int(share * side))
            for share, side in zip(place, reversed(logits.shape[-2:]), strict=True)
        )
        shares = logits[0, :, row, column].softmax(dim=0)
        return plausible_chroma(shares.cpu(), unet.chroma_bins.cpu(), most)

    def belief(self, luma: NDArray[Any]) -> float:
        """See `processing.belief`."""
        return processing.belief(luma)

    def postprocess_guided(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance, belief: float
    ) -> NDArray[Any]:
        """See `processing.postprocess_hinted`."""
        return processing.postprocess_hinted(luma, prediction, guidance.hints, belief)

    def chroma(
        self, luma: NDArray[Any], prediction: Tensor, guidance: Guidance = UNGUIDED
    ) -> NDArray[np.float32]:
        """See `processing.hinted_chroma`."""
        believed = processing.belief(luma)
        chroma = processing.hinted_chroma(luma, prediction, guidance.hints, believed)
        found: NDArray[np.float32] = chroma.float().numpy()
        return found


def _stem_inputs(
    unet: CompactUNet, features: list[Tensor], guidance: Guidance
) -> tuple[Tensor | None, Tensor | None]:
    """Hints and palette as the network takes them."""
    device = features[0].device
    hints = palette = None
    if guidance.hints:
        planes = hint_planes(guidance.hints, guidance.size, features[0].shape[-2:])
        hints = torch.from_numpy(planes)[None].to(device)
    if guidance.reference is not None:
        palette = processing.palette(guidance.reference, unet.chroma_bins.cpu()).to(device)
    return hints, palette
