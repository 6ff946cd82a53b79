"""DeOldify's generators, laid out and named as in its checkpoints.

A U-Net on torchvision's ResNet34 (`deep`: DeOldify's artistic) or ResNet101 (`wide`: its
stable and video). Parts are numbered as in the files: the keys start with `layers.<index>`.

Source: Antic, DeOldify (2018), on the dynamic U-Net of fastai 1.0; Shi et al., sub-pixel
convolution (CVPR 2016), with the initial values of Aitken et al., ICNR (2017); Sugawara et al.,
checkerboard artifacts (2018), for the blur; Zhang et al., SAGAN (ICML 2019), for self-attention and
spectral norm; Salimans and Kingma, weight norm (2016).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils import remove_spectral_norm, spectral_norm

from colorizer.engine.torchvision_models import models

LOGIT_SCALE = 6.0
LOGIT_SHIFT = -3.0
SMALL_BIAS = 1e-3
SKIP_LAYERS = (6, 5, 4, 2)
"""Indices in the encoder of the layers whose outputs go to the decoder, deepest first."""


class Block(NamedTuple):
    """Channels of one step of the decoder."""

    upsampled: int
    skip: int
    out: int
    has_attention: bool


class Layout(NamedTuple):
    """What sets one generator apart from the other."""

    backbone: Callable[[], nn.Module]
    bottom: int
    blocks: tuple[Block, ...]
    convs_per_block: int


DEEP = Layout(
    backbone=models.resnet34,
    bottom=512,
    blocks=(
        Block(256, 256, 768, has_attention=False),
        Block(384, 128, 768, has_attention=True),
        Block(384, 64, 672, has_attention=False),
        Block(336, 64, 300, has_attention=False),
    ),
    convs_per_block=2,
)
WIDE = Layout(
    backbone=models.resnet101,
    bottom=2048,
    blocks=(
        Block(512, 1024, 512, has_attention=False),
        Block(512, 512, 512, has_attention=True),
        Block(512, 256, 512, has_attention=False),
        Block(256, 64, 256, has_attention=False),
    ),
    convs_per_block=1,
)


@torch.no_grad()
def _icnr_(weight: Tensor) -> None:
    """He-normal, the same for the four channels that become one 2x2 (Aitken et al., 2017)."""
    shared = nn.init.kaiming_normal_(weight[::4].clone())
    weight.copy_(shared.repeat_interleave(4, dim=0))


def _spectral(
    conv: nn.Module, initialize: Callable[[Tensor], object] = nn.init.kaiming_normal_
) -> nn.Module:
    initialize(conv.get_parameter("weight"))
    normalized: nn.Module = spectral_norm(conv)
    return normalized


def _conv_relu_norm(in_channels: int, out_channels: int) -> nn.Sequential:
    """DeOldify's order: batch norm comes last."""
    conv = nn.Conv2d(in_channels, out_channels, 3, padding=1, bias=False)
    return nn.Sequential(_spectral(conv), nn.ReLU(inplace=True), nn.BatchNorm2d(out_channels))


def _small_bias_norm(channels: int) -> nn.BatchNorm2d:
    norm = nn.BatchNorm2d(channels)
    nn.init.constant_(norm.bias, SMALL_BIAS)
    return norm


def blurred(x: Tensor) -> Tensor:
    """Mean of each pixel with its left, upper and upper left neighbors; the border is repeated."""
    padded = nn.functional.pad(x, (1, 0, 1, 0), mode="replicate")
    return nn.functional.avg_pool2d(padded, 2, stride=1)


class SelfAttention(nn.Module):
    """x + gamma * attention(x), as DeOldify computes it.

    The softmax runs over the queries' positions, so that DeOldify's `key` is what others call the
    query, and nothing is scaled by 1/sqrt(d).
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = _spectral(nn.Conv1d(channels, channels // 8, 1, bias=False))
        self.key = _spectral(nn.Conv1d(channels, channels // 8, 1, bias=False))
        self.value = _spectral(nn.Conv1d(channels, channels, 1, bias=False))
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x C x H x W."""
        positions = x.flatten(2)
        query, key, value = (
            projection(positions).transpose(1, 2)
            for projection in (self.query, self.key, self.value)
        )
        attended = nn.functional.scaled_dot_product_attention(key, query, value, scale=1.0)
        return x + self.gamma * attended.transpose(1, 2).reshape(x.shape)


class ShuffleUp(nn.Module):
    """Twice the size: 1x1 convolution with batch norm, sub-pixel shuffle, blur."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        conv = nn.Conv2d(in_channels, 4 * out_channels, 1, bias=False)
        self.conv = nn.Sequential(_spectral(conv, _icnr_), nn.BatchNorm2d(4 * out_channels))

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x out_channels x 2H x 2W."""
        return blurred(nn.functional.pixel_shuffle(self.conv(x).relu_(), 2))


class DecoderBlock(nn.Module):
    """Double the size, append the encoder's features of that size, convolve."""

    def __init__(self, in_channels: int, block: Block, convs: int) -> None:
        super().__init__()
        self.shuf = ShuffleUp(in_channels, block.upsampled)
        self.bn = _small_bias_norm(block.skip)
        channels = block.upsampled + block.skip
        self.conv_names = ("conv1", "conv2") if convs == 2 else ("conv",)  # noqa: PLR2004
        for name in self.conv_names:
            self.add_module(name, _conv_relu_norm(channels, block.out))
            channels = block.out
        if block.has_attention:
            last = self.get_submodule(self.conv_names[-1])
            last.add_module("3", SelfAttention(block.out))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        """N x C x H x W and N x S x 2H x 2W (or a pixel less a side) -> N x O x its size."""
        rows, columns = skip.shape[2:]
        # Odd sizes: fastai's nearest resize drops the last row and column.
        upsampled = self.shuf(x)[:, :, :rows, :columns]
        features = torch.cat([upsampled, self.bn(skip)], dim=1).relu_()
        for name in self.conv_names:
            features = self.get_submodule(name)(features)
        return features


class WeightNormConv1x1(nn.Module):
    """Keys as in the files: w = g * v / |v| for each output channel."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.channels = (in_channels, out_channels)
        conv = nn.Conv2d(in_channels, out_channels, 1)
        # DeOldify means this as well, but its weight norm, already in place, undoes it.
        _icnr_(conv.weight)
        self.bias = nn.Parameter(torch.zeros(out_channels))
        self.weight_v = nn.Parameter(conv.weight.detach())
        self.weight_g = nn.Parameter(torch.norm_except_dim(self.weight_v.detach()))

    @property
    def weight(self) -> Tensor:
        """O x C x 1 x 1."""
        return self.weight_v * (self.weight_g / torch.norm_except_dim(self.weight_v))

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.conv2d(x, self.weight, self.bias)


class FinalShuffleUp(nn.Module):
    """Twice the size, with weight norm where the other steps have batch norm."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Sequential(WeightNormConv1x1(channels, 4 * channels))

    def shuffled(self, x: Tensor) -> Tensor:
        """Before the blur: N x C x H x W -> N x C x 2H x 2W."""
        return nn.functional.pixel_shuffle(self.conv(x).relu_(), 2)

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x C x 2H x 2W."""
        return blurred(self.shuffled(x))


class ResidualBlock(nn.Module):
    """x + two 3x3 convolutions with ReLU: N x C x H x W -> N x C x H x W."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            *(
                nn.Sequential(
                    _spectral(nn.Conv2d(channels, channels, 3, padding=1)), nn.ReLU(inplace=True)
                )
                for _ in range(2)
            )
        )

    def forward(self, x: Tensor) -> Tensor:
        residual: Tensor = self.layers(x)
        return x + residual


def without_classifier(resnet: nn.Module) -> nn.Sequential:
    """Children 0 to 7: up to the last block, neither pooling nor classifier."""
    return nn.Sequential(*itertools.islice(resnet.children(), 8))


class DeOldifyUNet(nn.Module):
    """Gray picture in, color picture out.

    Args:
        layout: DEEP or WIDE.

    Fresh instances have He-normal convolutions, those before a shuffle by ICNR, and a random
    encoder; a checkpoint's or torchvision's ImageNet weights are loaded by the caller.
    """

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        bottom = layout.bottom
        blocks = []
        channels = bottom
        for block in layout.blocks:
            blocks.append(DecoderBlock(channels, block, layout.convs_per_block))
            channels = block.out
        self.layers = nn.ModuleList(
            [
                without_classifier(layout.backbone()),
                _small_bias_norm(bottom),
                nn.ReLU(inplace=True),
                nn.Sequential(
                    _conv_relu_norm(bottom, 2 * bottom), _conv_relu_norm(2 * bottom, bottom)
                ),
                *blocks,
                FinalShuffleUp(channels),
                nn.Identity(),  # appends the network's input
                ResidualBlock(channels + 3),
                nn.Sequential(_spectral(nn.Conv2d(channels + 3, 3, 1))),
            ]
        )

    def features(self, x: Tensor) -> Tensor:
        """Everything before the last doubling: N x 3 x H x W -> N x C x H/2 x W/2."""
        skips = {}
        for index, layer in enumerate(self.layers[0].children()):
            x = layer(x)
            if index in SKIP_LAYERS:
                skips[index] = x
        for layer in self.layers[1:4]:
            x = layer(x)
        for block, index in zip(self.layers[4:8], SKIP_LAYERS, strict=True):
            x = block(x, skips.pop(index))
        return x

    def forward(self, x: Tensor) -> Tensor:
        """Predict.

        Args:
            x: N x 3 x H x W, float: gray in three equal channels, normalized by ImageNet's mean and
                standard deviation; H and W even.

        Returns:
            N x 3 x H x W, float, -3..3: RGB, normalized likewise.
        """
        upsampled = self.layers[8](self.features(x))
        logits = self.layers[11](self.layers[10](torch.cat([upsampled, x], dim=1)))
        return squashed(logits)


def squashed(logits: Tensor) -> Tensor:
    """Into the range of normalized pixels, -3..3."""
    return logits.sigmoid() * LOGIT_SCALE + LOGIT_SHIFT


def fold_norms(network: DeOldifyUNet) -> None:
    """Replace spectral and weight norm by the weights that they stand for, as stored, in place."""
    for name, conv in list(network.named_modules()):
        if isinstance(conv, WeightNormConv1x1):
            plain: nn.Module = nn.Conv2d(*conv.channels, 1, device="meta")
        elif isinstance(conv, nn.Conv1d | nn.Conv2d) and hasattr(conv, "weight_u"):
            plain = _without_values(remove_spectral_norm(conv))
        else:
            continue
        plain.weight = nn.Parameter(conv.weight.detach())
        plain.bias = conv.bias
        network.set_submodule(name, plain)


def _without_values(conv: nn.Conv1d | nn.Conv2d) -> nn.Module:
    # A new one: torch leaves a hook on the old one that asks for its spectral norm when loading.
    return type(conv)(
        conv.in_channels,
        conv.out_channels,
        conv.kernel_size,  # type: ignore[arg-type]
        padding=conv.padding,  # type: ignore[arg-type]
        bias=conv.bias is not None,
        device="meta",
    )
