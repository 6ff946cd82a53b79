"""What makes networks fast on a device, whatever their architecture."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def best_device() -> torch.device:
    """CUDA where there is one, then MPS, then the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def fold_batch_norms(network: nn.Module) -> None:
    """Fold every batch norm that follows a convolution at once into that convolution, in place.

    Source: Jacob et al. (CVPR 2018), section 3.2.
    """
    for parent in list(network.modules()):
        for (name, conv), (norm_name, norm) in pairwise(list(parent.named_children())):
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                parent.set_submodule(name, fuse_conv_bn_eval(conv, norm))
                parent.set_submodule(norm_name, nn.Identity())
