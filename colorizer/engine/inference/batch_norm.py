"""Batch norm as part of the convolution before it (Jacob et al., CVPR 2018, section 3.2)."""

from __future__ import annotations

from itertools import pairwise

from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


def fold_batch_norms(network: nn.Module) -> None:
    """Fold every batch norm that follows a convolution at once into that convolution, in place."""
    for parent in list(network.modules()):
        for (name, conv), (norm_name, norm) in pairwise(list(parent.named_children())):
            if isinstance(conv, nn.Conv2d) and isinstance(norm, nn.BatchNorm2d):
                parent.set_submodule(name, fuse_conv_bn_eval(conv, norm))
                parent.set_submodule(norm_name, nn.Identity())
