"""Self-attention over positions (Zhang et al., SAGAN, ICML 2019, section 3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class SelfAttention(nn.Module):
    """x + gamma * attention(x); gamma starts at 0, so that a new layer changes nothing.

    Source: SAGAN, equations 1 to 4; query and key have an eighth of the channels. Scores are scaled
    by 1/sqrt(d) as in Vaswani et al. (2017), which keeps the softmax soft at any input size.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.query = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.key = nn.Conv2d(channels, channels // 8, 1, bias=False)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.gamma = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """N x C x H x W -> N x C x H x W."""
        query, key, value = (
            projection(x).flatten(2).transpose(1, 2)
            for projection in (self.query, self.key, self.value)
        )
        attended = nn.functional.scaled_dot_product_attention(query, key, value)
        return x + self.gamma * attended.transpose(1, 2).reshape(x.shape)
