"""DeOldify's generators on a CPU: the same function in a third of the time and of the memory.

Batch norm is folded into the convolution before it, where there is one; large 3x3 convolutions are
computed by Winograd's method; everything after the last doubling, more than half of the arithmetic
and nearly all of the memory of DeOldify's own order, runs in strips of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import tee
from typing import Final

import torch
from torch import Tensor, nn

from colorizer.engine.architectures.deoldify.network import DeOldifyUNet, squashed
from colorizer.engine.architectures.deoldify.winograd import convolved, strip_rows

WORTHWHILE_CHANNELS: Final = 256
WORTHWHILE_PIXELS: Final = 48 * 48
"""Below these the transforms cost more than the multiplications that they save."""


class Affine(nn.Module):
    """Batch norm in inference: x * scale + shift for each channel."""

    scale: Tensor
    shift: Tensor

    def __init__(self, norm: nn.BatchNorm2d) -> None:
        super().__init__()
        mean, variance = norm.get_buffer("running_mean"), norm.get_buffer("running_var")
        scale = norm.weight.detach() / torch.sqrt(variance + norm.eps)
        self.register_buffer("scale", scale)
        self.register_buffer("shift", norm.bias.detach() - mean * scale)

    def write(self, x: Tensor, target: Tensor) -> None:
        """... x C -> ... x C."""
        torch.addcmul(self.shift, x, self.scale, out=target)


class ConvReluNorm(nn.Module):
    """3x3 convolution without bias, ReLU, batch norm."""

    def __init__(self, conv: nn.Conv2d, norm: nn.BatchNorm2d) -> None:
        super().__init__()
        self.conv = conv
        self.norm = norm
        self.affine = Affine(norm)

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x O x H x W."""
        is_worthwhile = (
            x.shape[1] >= WORTHWHILE_CHANNELS and x.shape[2] * x.shape[3] >= WORTHWHILE_PIXELS
        )
        if not is_worthwhile:
            small: Tensor = self.norm(self.conv(x).relu_())
            return small
        out = torch.empty(
            (x.shape[0], self.conv.out_channels, *x.shape[2:]), memory_format=torch.channels_last
        )
        for source, target in zip(x, out, strict=True):
            self._convolve(source.permute(1, 2, 0), target.permute(1, 2, 0))
        return out

    def _convolve(self, source: Tensor, target: Tensor) -> None:
        width = source.shape[1]
        strips = source.split(strip_rows(width))
        top = 0
        for rows in convolved(strips, self.conv.weight, width):
            bottom = top + rows.shape[0]
            self.affine.write(rows.relu_(), target[top:bottom])
            top = bottom


class FastDeOldify(nn.Module):
    """Predicts what the network predicts, float32, on a CPU.

    All but the encoder works on channels last, which is faster; the encoder, where most rounding
    errors begin, is a small part of the arithmetic and rounds less in torch's own layout.

    Args:
        network: with folded norms, in inference mode; it is taken apart.
    """

    def __init__(self, network: DeOldifyUNet) -> None:
        super().__init__()
        _replace_conv_relu_norms(network)
        self.up = _conv_of(network, "layers.8.conv.0")
        self.residual = [_conv_of(network, f"layers.10.layers.{index}.0") for index in range(2)]
        self.last = _conv_of(network, "layers.11.0")
        self.network = network
        for layer in network.layers[1:]:
            layer.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def forward(self, x: Tensor) -> Tensor:
        """As DeOldifyUNet: N x 3 x H x W -> N x 3 x H x W."""
        features = self.network.features(x.contiguous())
        predictions = [
            self._predicted(one.permute(1, 2, 0), picture.permute(1, 2, 0)).permute(2, 0, 1)
            for one, picture in zip(features, x, strict=True)
        ]
        return torch.stack(predictions)

    def _predicted(self, features: Tensor, picture: Tensor) -> Tensor:
        """Layers 8 to 12: h x w x C and 2h x 2w x 3 -> 2h x 2w x 3."""
        width = picture.shape[1]
        rows, kept = tee(_with_input(self.up, features, picture))
        residual: Iterator[Tensor] = rows
        for conv in self.residual:
            residual = _conv_relu(conv, residual, width)
        to_rgb = self.last.weight.flatten(1).T
        strips = [strip @ to_rgb + _bias_of(self.last) for strip in _summed(residual, kept)]
        return squashed(torch.cat(strips))


def _conv_of(network: nn.Module, name: str) -> nn.Conv2d:
    conv = network.get_submodule(name)
    if not isinstance(conv, nn.Conv2d):
        raise TypeError(f"{name} is no convolution: its norm has not been folded.")
    return conv


def _replace_conv_relu_norms(network: nn.Module) -> None:
    for parent in list(network.modules()):
        match list(parent.children()):
            case [nn.Conv2d() as conv, nn.ReLU(), nn.BatchNorm2d() as norm, *_]:
                parent.set_submodule("0", ConvReluNorm(conv, norm))
                parent.set_submodule("1", nn.Identity())
                parent.set_submodule("2", nn.Identity())


def _with_input(up: nn.Conv2d, features: Tensor, picture: Tensor) -> Iterator[Tensor]:
    """Strips of the doubled features with the network's input: R x W x (C + 3)."""
    rows = strip_rows(picture.shape[1])
    upsampled = _upsampled(up, features.split(rows // 2))
    for above, strip in zip(upsampled, picture.split(rows), strict=True):
        yield torch.cat([_blurred(above), strip], dim=2)


def _upsampled(up: nn.Conv2d, strips: Iterable[Tensor]) -> Iterator[Tensor]:
    """1x1 convolution, ReLU, sub-pixel shuffle; each strip begins with the row above it."""
    above = None
    weight, bias = _in_shuffled_order(up)
    for strip in strips:
        rows, columns, channels = strip.shape
        shuffled = torch.addmm(bias, strip.reshape(-1, channels), weight).relu_()
        shuffled = shuffled.view(rows, columns, 2, 2, -1).transpose(1, 2)
        shuffled = shuffled.reshape(2 * rows, 2 * columns, -1)
        yield torch.cat([shuffled[:1] if above is None else above, shuffled])
        above = shuffled[-1:]


def _in_shuffled_order(up: nn.Conv2d) -> tuple[Tensor, Tensor]:
    """Weight and bias of the 1x1 convolution, outputs ordered as (row, column, channel).

    Quartered, since the blur is a sum of four, and ReLU leaves factors alone.
    """
    weight, bias = (
        values.reshape(-1, 4, values[0].numel()).transpose(0, 1).flatten(0, 1) / 4
        for values in (up.weight, _bias_of(up))
    )
    return weight.T.contiguous(), bias.flatten()


def _bias_of(conv: nn.Conv2d) -> Tensor:
    return conv.get_parameter("bias")


def _blurred(rows: Tensor) -> Tensor:
    """(R + 1) x W x C -> R x W x C: sums of each pixel, its left, upper and upper left neighbors."""
    pairs = rows[1:] + rows[:-1]
    sums = torch.empty_like(pairs)
    torch.add(pairs[:, 1:], pairs[:, :-1], out=sums[:, 1:])
    torch.mul(pairs[:, :1], 2, out=sums[:, :1])
    return sums


def _conv_relu(conv: nn.Conv2d, strips: Iterable[Tensor], width: int) -> Iterator[Tensor]:
    for rows in convolved(strips, conv.weight, width):
        yield rows.add_(_bias_of(conv)).relu_()


def _summed(strips: Iterator[Tensor], others: Iterator[Tensor]) -> Iterator[Tensor]:
    """Sum two streams of rows whose strips are cut differently; the others come earlier."""
    waiting = next(others)
    for rows in strips:
        while waiting.shape[0] < rows.shape[0]:
            waiting = torch.cat([waiting, next(others)])
        yield rows.add_(waiting[: rows.shape[0]])
        waiting = waiting[rows.shape[0] :]
