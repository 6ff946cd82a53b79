"""Transformer blocks over the coarsest features, so that every place of a picture knows of every other."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

HEADS: Final = 8
EXPANSION: Final = 2


class TransformerBlock(nn.Module):
    """Attention over positions, then a layer for each; both start at zero, so that a new block changes nothing.

    Source: Vaswani et al., Attention Is All You Need (2017), normalized before each part as in Xiong
    et al. (ICML 2020). Positions are not encoded: the encoder's padding tells them.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(channels)
        self.query_key_value = nn.Linear(channels, 3 * channels)
        self.merge = nn.Linear(channels, channels)
        last = nn.Linear(EXPANSION * channels, channels)
        widened = nn.Linear(channels, EXPANSION * channels)
        self.layers = nn.Sequential(nn.LayerNorm(channels), widened, nn.GELU(), last)
        for layer in (self.merge, last):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x: Tensor) -> Tensor:
        """N x P x C, positions P in any order -> the same shape."""
        x = x + self._attended(self.attention_norm(x))
        changed: Tensor = x + self.layers(x)
        return changed

    def _attended(self, x: Tensor) -> Tensor:
        batch, positions, channels = x.shape
        split = self.query_key_value(x).reshape(batch, positions, 3, HEADS, channels // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        attended = scaled_dot_product_attention(query, key, value)
        merged: Tensor = self.merge(attended.transpose(1, 2).reshape(x.shape))
        return merged


class Context(nn.Module):
    """Transformer blocks on a feature map: N x C x H x W -> the same shape."""

    def __init__(self, channels: int, blocks: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(TransformerBlock(channels) for _ in range(blocks))

    def forward(self, x: Tensor) -> Tensor:
        """Any H and W."""
        if not self.blocks:
            return x
        positions = x.flatten(2).transpose(1, 2)
        for block in self.blocks:
            positions = block(positions)
        as_map = positions.transpose(1, 2).reshape(x.shape)
        return as_map.contiguous(memory_format=torch.channels_last)
