"""EfficientNet-Lite without its classifier, as a pyramid of features.

Source: Tan and Le, EfficientNet (ICML 2019), and the Lite variant of its authors: no
squeeze-and-excitation, ReLU6 for swish, stem and last stage not scaled.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, TypeAlias

import torch
from torch import Tensor, nn

BATCH_NORM_EPS = 1e-3
BATCH_NORM_MOMENTUM = 0.01
PIXEL_MEAN = 127 / 255
PIXEL_STD = 128 / 255


class Stage(NamedTuple):
    """Blocks of one resolution: the first one strides, all of them expand by the same ratio."""

    expand: int
    channels: int
    blocks: int
    kernel: int
    stride: int


LITE0: Final = (
    Stage(1, 16, 1, 3, 1),
    Stage(6, 24, 2, 3, 2),
    Stage(6, 40, 2, 5, 2),
    Stage(6, 80, 3, 3, 2),
    Stage(6, 112, 3, 5, 1),
    Stage(6, 192, 4, 5, 2),
    Stage(6, 320, 1, 3, 1),
)
LITE2: Final = (
    Stage(1, 16, 1, 3, 1),
    Stage(6, 24, 3, 3, 2),
    Stage(6, 48, 3, 5, 2),
    Stage(6, 88, 4, 3, 2),
    Stage(6, 120, 4, 5, 1),
    Stage(6, 208, 5, 5, 2),
    Stage(6, 352, 1, 3, 1),
)
"""Lite0 with its channels times 1.1, in multiples of 8, and its blocks times 1.2."""
EncoderName: TypeAlias = Literal["lite0", "lite2"]
ENCODERS: Final[Mapping[EncoderName, tuple[Stage, ...]]] = {"lite0": LITE0, "lite2": LITE2}
STEM_CHANNELS = 32
PYRAMID_STAGES = (1, 2, 4, 6)
"""Indices into the stages: the last ones at strides 4, 8, 16 and 32."""


def _batch_norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPS, momentum=BATCH_NORM_MOMENTUM)


class SamePadConv2d(nn.Conv2d):
    """TensorFlow's SAME padding: when striding over an even size, one pixel less at the top left."""

    def __init__(
        self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel, stride=stride, groups=groups, bias=False
        )
        total = kernel - stride
        before = total // 2
        self.same_padding = (before, total - before, before, total - before)

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x O x H/stride x W/stride."""
        padded = nn.functional.pad(x, self.same_padding)
        if self.groups == 1 or x.device.type != "cpu":
            return super().forward(padded)
        # On CPUs, gradients of depthwise convolutions are slower in bfloat16 than in float32.
        with torch.autocast("cpu", enabled=False):
            return super().forward(padded.float())


class MBConv(nn.Module):
    """Inverted residual block: 1x1 expansion, depthwise convolution, linear 1x1 projection."""

    def __init__(
        self, in_channels: int, out_channels: int, expand: int, kernel: int, stride: int
    ) -> None:
        super().__init__()
        hidden = in_channels * expand
        layers: list[nn.Module] = []
        if expand != 1:
            layers += [
                nn.Conv2d(in_channels, hidden, 1, bias=False),
                _batch_norm(hidden),
                nn.ReLU6(),
            ]
        layers += [
            SamePadConv2d(hidden, hidden, kernel, stride, groups=hidden),
            _batch_norm(hidden),
            nn.ReLU6(),
            nn.Conv2d(hidden, out_channels, 1, bias=False),
            _batch_norm(out_channels),
        ]
        self.layers = nn.Sequential(*layers)
        self.is_residual = stride == 1 and in_channels == out_channels

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x O x H/stride x W/stride."""
        projected: Tensor = self.layers(x)
        return x + projected if self.is_residual else projected


class EfficientNetLite(nn.Module):
    """Feature pyramid at strides 4, 8, 16 and 32.

    Args:
        name: which of its sizes.
        in_channels: 3 for RGB, 1 for luma (ImageNet's stem, summed over its three input channels,
            gives the same features as RGB with three equal channels).
    """

    def __init__(self, name: EncoderName, in_channels: int) -> None:
        super().__init__()
        self.name = name
        stages = ENCODERS[name]
        self.pyramid_channels = tuple(stages[index].channels for index in PYRAMID_STAGES)
        self.stem = nn.Sequential(
            SamePadConv2d(in_channels, STEM_CHANNELS, 3, stride=2),
            _batch_norm(STEM_CHANNELS),
            nn.ReLU6(),
        )
        self.stages = nn.ModuleList()
        channels = STEM_CHANNELS
        for stage in stages:
            blocks = []
            for index in range(stage.blocks):
                stride = stage.stride if index == 0 else 1
                blocks.append(MBConv(channels, stage.channels, stage.expand, stage.kernel, stride))
                channels = stage.channels
            self.stages.append(nn.Sequential(*blocks))

    def forward(self, picture: Tensor) -> list[Tensor]:
        """Compute the pyramid.

        Args:
            picture: N x in_channels x H x W, float, range 0..1; H and W multiples of 32.

        Returns:
            Four tensors N x C x H/s x W/s for strides s = 4, 8, 16, 32 and C = pyramid_channels.
        """
        x = self.stem((picture - PIXEL_MEAN) / PIXEL_STD)
        pyramid = []
        for index, stage in enumerate(self.stages):
            x = stage(x)
            if index in PYRAMID_STAGES:
                pyramid.append(x)
        return pyramid


def load_imagenet_weights(encoder: EfficientNetLite, released: Mapping[str, Tensor]) -> None:
    """Fill the encoder from the ImageNet weights as they are released for PyTorch.

    Both list the same layers in the same order, so tensors are matched by position within stem and
    blocks and checked by shape; the classifier is left out.

    Raises:
        ValueError: the two do not describe the same layers.
    """
    own = encoder.state_dict()
    tensors = [
        tensor
        for name, tensor in released.items()
        if name.startswith(("_conv_stem.", "_bn0.", "_blocks."))
    ]
    if len(tensors) != len(own):
        raise ValueError(f"Expected {len(own)} encoder tensors, the file has {len(tensors)}.")
    matched = dict(zip(own, tensors, strict=True))
    stem = "stem.0.weight"
    if own[stem].shape[1] == 1:
        matched[stem] = matched[stem].sum(dim=1, keepdim=True)
    for name, tensor in matched.items():
        if own[name].shape != tensor.shape:
            raise ValueError(
                f"{name}: expected {tuple(own[name].shape)}, got {tuple(tensor.shape)}."
            )
    encoder.load_state_dict({name: torch.as_tensor(tensor) for name, tensor in matched.items()})
