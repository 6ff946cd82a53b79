"""Losses of the phases with a critic.

All take the critic's logits, N x P (one per patch), and give a scalar.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, relu


def critic_cross_entropy(painted: Tensor, real: Tensor) -> Tensor:
    """Of the critic as a classifier: painted is 0, real is 1, for every patch (DeOldify, 2018)."""
    painted_loss = binary_cross_entropy_with_logits(painted, torch.zeros_like(painted))
    real_loss = binary_cross_entropy_with_logits(real, torch.ones_like(real))
    return (painted_loss + real_loss) / 2


def critic_hinge(painted: Tensor, real: Tensor) -> Tensor:
    """Real patches are pushed above 1, painted ones below -1.

    Source: Lim and Ye, Geometric GAN (2017); Miyato et al. (ICLR 2018), equation 16.
    """
    return relu(1 + painted).mean() + relu(1 - real).mean()


def generator_hinge(painted: Tensor) -> Tensor:
    """The painted patches' negative mean (Miyato et al., ICLR 2018, equation 17)."""
    return -painted.mean()
