"""Losses of the plain (not adversarial) training."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from colorizer.engine.networks.efficientnet_lite import EfficientNetLite0


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


class FeatureLoss(nn.Module):
    """Perceptual loss: L1 between frozen ImageNet features of the painted and the real picture.

    Source: Johnson et al., Perceptual Losses (ECCV 2016), with EfficientNet-Lite0 for VGG; each
    level is divided by the real features' mean magnitude, so that all levels count alike.
    """

    def __init__(self, encoder: EfficientNetLite0) -> None:
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
