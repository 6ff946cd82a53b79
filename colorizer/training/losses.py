"""Losses of the plain (not adversarial) training."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn

from colorizer.engine.networks.efficientnet_lite import EfficientNetLite

VGG_LAYERS: Final = (22, 32, 42)
"""Of VGG16-BN's `features`: the last ReLU before each of the last three poolings."""
VGG_LAYER_WEIGHTS: Final = (20.0, 70.0, 10.0)


def soft_cross_entropy(
    logits: Tensor, nearest: Tensor, soft_weights: Tensor, class_weights: Tensor
) -> Tensor:
    """Cross-entropy against soft targets, each pixel weighted by its nearest bin's class weight.

    Source: Zhang et al. (ECCV 2016), equations 2 and 3.

    Args:
        logits: N x K x h x w.
        nearest: N x n x h x w int64, bins that share a pixel's target, the nearest one first.
        soft_weights: N x n x h x w, their shares, sum 1.
        class_weights: K.
    """
    log_probabilities = logits.log_softmax(dim=1).gather(1, nearest)
    per_pixel = -(soft_weights * log_probabilities).sum(dim=1)
    return (class_weights[nearest[:, 0]] * per_pixel).mean()


def ycbcr_to_rgb(luma: Tensor, chroma: Tensor) -> Tensor:
    """JPEG's YCbCr to RGB (ITU-T T.871, section 7), clipped to 0..1.

    Args:
        luma: N x 1 x H x W, 0..1.
        chroma: N x 2 x H x W, 8-bit units around 0.
    """
    cb, cr = (chroma / 255).chunk(2, dim=1)
    rgb = [luma + 1.402 * cr, luma - 0.344136 * cb - 0.714136 * cr, luma + 1.772 * cb]
    return torch.cat(rgb, dim=1).clamp(0, 1)


def rgb_to_chroma(rgb: Tensor) -> Tensor:
    """Cb and Cr of JPEG's YCbCr (ITU-T T.871, section 7).

    Args:
        rgb: N x 3 x H x W, 0..1, not clipped.

    Returns:
        N x 2 x H x W, 8-bit units around 0.
    """
    red, green, blue = (rgb * 255).chunk(3, dim=1)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return torch.cat([(blue - luma) / 1.772, (red - luma) / 1.402], dim=1)


class FeatureLoss(nn.Module):
    """Perceptual loss: L1 between frozen ImageNet features of the painted and the real picture.

    Source: Johnson et al., Perceptual Losses (ECCV 2016), with EfficientNet-Lite0 for VGG; each
    level is divided by the real features' mean magnitude, so that all levels count alike.
    """

    def __init__(self, encoder: EfficientNetLite) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> FeatureLoss:
        """The batch norms of the frozen network stay in inference mode."""
        return super().train(False)

    def forward(self, painted: Tensor, real: Tensor) -> Tensor:
        """Both N x 3 x H x W, RGB, 0..1, H and W multiples of 32 -> scalar."""
        with torch.no_grad():
            wanted = self.encoder(real)
        levels = zip(self.encoder(painted), wanted, strict=True)
        return torch.stack([(a - b).abs().mean() / b.abs().mean() for a, b in levels]).mean()


class VggFeatureLoss(nn.Module):
    """What DeOldify adds to L1(pixels): 20, 70 and 10 times the L1 of VGG16-BN's layers 22, 32, 42.

    Source: Antic, DeOldify (2018), after Johnson et al. (ECCV 2016).

    Args:
        features: the `features` of torchvision's VGG16-BN; frozen here.
    """

    def __init__(self, features: nn.Sequential) -> None:
        super().__init__()
        features = features.requires_grad_(False).eval()
        ends = [layer + 1 for layer in VGG_LAYERS]
        starts = (0, *ends[:-1])
        self.stages = nn.ModuleList(features[a:b] for a, b in zip(starts, ends, strict=True))

    def train(self, mode: bool = True) -> VggFeatureLoss:
        """The batch norms of the frozen network stay in inference mode."""
        return super().train(False)

    def _levels(self, picture: Tensor) -> list[Tensor]:
        levels = []
        for stage in self.stages:
            picture = stage(picture)
            levels.append(picture)
        return levels

    def forward(self, painted: Tensor, real: Tensor) -> Tensor:
        """Compare.

        Args:
            painted: N x 3 x H x W, RGB, normalized by ImageNet's mean and deviation; H and W at
                least 16.
            real: likewise.

        Returns:
            Scalar.
        """
        with torch.no_grad():
            wanted = self._levels(real)
        levels = zip(VGG_LAYER_WEIGHTS, self._levels(painted), wanted, strict=True)
        return torch.stack([weight * nn.functional.l1_loss(a, b) for weight, a, b in levels]).sum()
