"""DeOldify's critic: patch by patch, is the picture real or predicted?

Source: Antic, DeOldify (2018), after Radford et al., DCGAN (ICLR 2016), with a convolution for the
linear head and no batch norm; spectral norm: Miyato et al. (ICLR 2018); attention: Zhang et al.,
SAGAN (ICML 2019).
"""

from __future__ import annotations

from typing import Final

from torch import Tensor, nn
from torch.nn.utils import spectral_norm

from colorizer.engine.architectures.deoldify.network import SelfAttention

SMALLEST_SIDE: Final = 64
"""Pixels: the head's 4x4 kernel at an eighth of half the size."""
NEGATIVE_SLOPE: Final = 0.2
DROPOUT: Final = 0.15
BLOCKS: Final = 3


def _spectral_conv(
    in_channels: int, out_channels: int, kernel: int, stride: int = 1
) -> nn.Sequential:
    conv = nn.Conv2d(in_channels, out_channels, kernel, stride, padding=1)
    nn.init.kaiming_normal_(conv.weight)
    nn.init.zeros_(conv.get_parameter("bias"))
    return nn.Sequential(spectral_norm(conv), nn.LeakyReLU(NEGATIVE_SLOPE, inplace=True))


def _head(in_channels: int) -> nn.Sequential:
    conv = nn.Conv2d(in_channels, 1, 4, bias=False)
    nn.init.kaiming_normal_(conv.weight)
    return nn.Sequential(spectral_norm(conv))


class Critic(nn.Sequential):
    """Logits of "real", one per overlapping patch.

    At width 256 it has the keys, shapes and order of DeOldify's own critics.

    Args:
        width: channels of the first layer, a multiple of 4; the last ones have eight times as many.
    """

    def __init__(self, width: int = 256) -> None:
        layers: list[nn.Module] = [_spectral_conv(3, width, 4, stride=2), nn.Dropout2d(DROPOUT / 2)]
        for block in range(BLOCKS):
            doubling = _spectral_conv(width, 2 * width, 4, stride=2)
            if block == 0:
                doubling.append(SelfAttention(2 * width))
            layers += [_spectral_conv(width, width, 3), nn.Dropout2d(DROPOUT), doubling]
            width *= 2
        layers += [_spectral_conv(width, width, 3), _head(width), nn.Flatten()]
        super().__init__(*layers)

    def forward(self, picture: Tensor) -> Tensor:
        """Judge.

        Args:
            picture: N x 3 x H x W, float, RGB, H and W at least 64; normalized as the caller likes,
                predicted and real pictures alike (DeOldify: by ImageNet's mean and deviation).

        Returns:
            N x P logits, P = (H // 16 - 3) * (W // 16 - 3): 81 for 192 x 192.

        Raises:
            ValueError: the picture is too small.
        """
        height, width = picture.shape[-2:]
        if min(height, width) < SMALLEST_SIDE:
            raise ValueError(
                f"The critic needs pictures of at least {SMALLEST_SIDE} x {SMALLEST_SIDE} pixels, "
                f"not {width} x {height}: train this phase at a larger size."
            )
        logits: Tensor = super().forward(picture)  # type: ignore[no-untyped-call]
        return logits
