"""Losses: of the generator alone, and, last, of the phases with a critic.

The latter take the critic's logits, N x P (one per patch), and give a scalar.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, relu

from colorizer.engine.architectures.compact.efficientnet_lite import EfficientNetLite
from colorizer.engine.ycbcr import BLUE_OF_CB, GREEN_OF_CB, GREEN_OF_CR, LUMA_OF_RGB, RED_OF_CR

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
    green = luma + GREEN_OF_CB * cb + GREEN_OF_CR * cr
    return torch.cat([luma + RED_OF_CR * cr, green, luma + BLUE_OF_CB * cb], dim=1).clamp(0, 1)


def rgb_to_chroma(rgb: Tensor) -> Tensor:
    """Cb and Cr of JPEG's YCbCr (ITU-T T.871, section 7).

    Args:
        rgb: N x 3 x H x W, 0..1, not clipped.

    Returns:
        N x 2 x H x W, 8-bit units around 0.
    """
    red, green, blue = (rgb * 255).chunk(3, dim=1)
    of_red, of_green, of_blue = LUMA_OF_RGB
    luma = of_red * red + of_green * green + of_blue * blue
    return torch.cat([(blue - luma) / BLUE_OF_CB, (red - luma) / RED_OF_CR], dim=1)


class FeatureLoss(nn.Module):
    """Perceptual loss: L1 between frozen ImageNet features of the predicted and the real picture.

    Source: Johnson et al., Perceptual Losses (ECCV 2016), with EfficientNet-Lite0 for VGG; each
    level is divided by the real features' mean magnitude, so that all levels count alike.
    """

    def __init__(self, encoder: EfficientNetLite) -> None:
        super().__init__()
        self.encoder = encoder.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> FeatureLoss:
        """The batch norms of the frozen network stay in inference mode."""
        return super().train(False)

    def forward(self, predicted: Tensor, real: Tensor) -> Tensor:
        """Both N x 3 x H x W, RGB, 0..1, H and W multiples of 32 -> scalar."""
        with torch.no_grad():
            wanted = self.encoder(real)
        levels = zip(self.encoder(predicted), wanted, strict=True)
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

    def forward(self, predicted: Tensor, real: Tensor) -> Tensor:
        """Compare.

        Args:
            predicted: N x 3 x H x W, RGB, normalized by ImageNet's mean and deviation; H and W at
                least 16.
            real: likewise.

        Returns:
            Scalar.
        """
        with torch.no_grad():
            wanted = self._levels(real)
        levels = zip(VGG_LAYER_WEIGHTS, self._levels(predicted), wanted, strict=True)
        return torch.stack([weight * nn.functional.l1_loss(a, b) for weight, a, b in levels]).sum()


def critic_cross_entropy(predicted: Tensor, real: Tensor) -> Tensor:
    """Of the critic as a classifier: predicted is 0, real is 1, for every patch (DeOldify, 2018)."""
    predicted_loss = binary_cross_entropy_with_logits(predicted, torch.zeros_like(predicted))
    real_loss = binary_cross_entropy_with_logits(real, torch.ones_like(real))
    return (predicted_loss + real_loss) / 2


def critic_hinge(predicted: Tensor, real: Tensor) -> Tensor:
    """Real patches are pushed above 1, predicted ones below -1.

    Source: Lim and Ye, Geometric GAN (2017); Miyato et al. (ICLR 2018), equation 16.
    """
    return relu(1 + predicted).mean() + relu(1 - real).mean()


def generator_hinge(predicted: Tensor) -> Tensor:
    """The predicted patches' negative mean (Miyato et al., ICLR 2018, equation 17)."""
    return -predicted.mean()
