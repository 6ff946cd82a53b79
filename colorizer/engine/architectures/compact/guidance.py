"""How hints and palettes enter the decoder of `compact`.

Source: Zhang et al., Real-Time User-Guided Image Colorization with Learned Deep Priors (SIGGRAPH
2017): sparse chroma with a mask as local, a histogram of chroma as global hints. Here they enter behind the
encoder, whose features serve every further set of hints of the same photo.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor, nn

CHROMA_CHANNELS: Final = 2
HINT_CHANNELS: Final = 3
"""Cb, Cr and the mask."""
CHROMA_SCALE: Final = 64.0
"""8-bit units of Cb and Cr that the network sees as 1."""
STEM_CHANNELS: Final = (32, 64, 96, 128)
"""At strides 4, 8, 16 and 32."""
PALETTE_CHANNELS: Final = 128


class HintFeatures(NamedTuple):
    """What is added to the decoder's own, each N x C x H/s x W/s.

    bottom: to the coarsest features, stride 32.
    at16, at8, at4: to the inputs of the decoder's blocks of these strides.
    head: to the input of the head, stride 4.
    """

    bottom: Tensor
    at16: Tensor
    at8: Tensor
    at4: Tensor
    head: Tensor


def _zero(layer: nn.Conv2d | nn.Linear) -> nn.Conv2d | nn.Linear:
    """A new one changes nothing."""
    nn.init.zeros_(layer.weight)
    return layer


class HintStem(nn.Module):
    """Features of hints at every stride of the decoder. Without biases: no hints, no features.

    Args:
        channels: of the decoder where `HintFeatures` are added, in their order.
    """

    def __init__(self, channels: tuple[int, int, int, int, int]) -> None:
        super().__init__()
        inputs = (HINT_CHANNELS, *STEM_CHANNELS[:-1])
        self.convs = nn.ModuleList(
            nn.Conv2d(inner, outer, 3, stride=1 if index == 0 else 2, padding=1, bias=False)
            for index, (inner, outer) in enumerate(zip(inputs, STEM_CHANNELS, strict=True))
        )
        at4, at8, at16, at32 = STEM_CHANNELS
        self.projections = nn.ModuleList(
            _zero(nn.Conv2d(inner, outer, 1, bias=False))
            for inner, outer in zip((at32, at16, at8, at4, at4), channels, strict=True)
        )

    def forward(self, hints: Tensor) -> HintFeatures:
        """Args: hints: see `CompactUNet.logits`."""
        chroma, mask = hints[:, :CHROMA_CHANNELS], hints[:, CHROMA_CHANNELS:]
        x = torch.cat([chroma / CHROMA_SCALE, mask], dim=1)
        maps = [x := conv(x).relu() for conv in self.convs]
        ordered = (*reversed(maps), maps[0])
        return HintFeatures(*(p(m) for p, m in zip(self.projections, ordered, strict=True)))


class PaletteStem(nn.Module):
    """Features of a palette, for the coarsest features. Without biases: no palette, no features."""

    def __init__(self, classes: int, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(classes, PALETTE_CHANNELS, bias=False),
            nn.ReLU(),
            _zero(nn.Linear(PALETTE_CHANNELS, channels, bias=False)),
        )

    def forward(self, palette: Tensor) -> Tensor:
        """N x K, shares of the classes -> N x C x 1 x 1."""
        features: Tensor = self.layers(palette.sqrt())
        return features[..., None, None]
