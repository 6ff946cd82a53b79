"""Measures that need networks whose weights are in no package: FID's Inception v3, and LPIPS.

Nothing is downloaded: their weights files are put somewhere by hand.

The Fréchet distance is that of Heusel et al. (NeurIPS 2017), but with torchvision's ImageNet weights,
not with those of the original TensorFlow graph: figures cannot be compared with FIDs of papers.
LPIPS: Zhang et al., The Unreasonable Effectiveness of Deep Features as a Perceptual Metric (CVPR
2018), section 3, version 0.1 of its authors with AlexNet.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar

import torch
from PIL import Image
from torch import Tensor, nn

from colorizer.engine.architectures.deoldify.processing import IMAGENET_MEAN, IMAGENET_STD
from colorizer.engine.architectures.optimization import best_device
from colorizer.engine.errors import WeightsError
from colorizer.engine.torchvision_models import models
from colorizer.evaluation.evaluate import PairMetric
from colorizer.evaluation.frechet import FeatureExtractor, Features, pixels_of
from colorizer.evaluation.metrics import Pixels

INCEPTION_SIDE: Final = 299

LPIPS_SHIFT: Final = torch.tensor((-0.030, -0.088, -0.188)).view(3, 1, 1)
LPIPS_SCALE: Final = torch.tensor((0.458, 0.448, 0.450)).view(3, 1, 1)
"""Of values -1..1."""
LEVELS: Final = ((1, 64), (4, 192), (7, 384), (9, 256), (11, 256))
"""Indices of AlexNet's ReLUs, and their channels."""
SMALLEST_SIDE: Final = 31
EPSILON: Final = 1e-10

Network = TypeVar("Network", bound=nn.Module)


def filled(network: Network, path: Path) -> Network:
    """The network with a file's weights, frozen, on the best device.

    Args:
        path: a state dict as torch.save writes it; nothing in it is executed.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    try:
        network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    except OSError as error:
        raise WeightsError(f"The weights {path} cannot be read: {error}") from error
    except Exception as error:
        # Torch's unpickler raises whatever a damaged or hostile file leads it to.
        reason = str(error).strip().splitlines()[:2]
        raise WeightsError(
            f"{path} does not hold the weights of {type(network).__name__}: {' '.join(reason)}"
        ) from error
    return network.eval().requires_grad_(False).to(best_device())


def inception_features(path: Path) -> FeatureExtractor:
    """An extractor of N x 2048 features (after the global pooling) of pictures, mode "RGB".

    Args:
        path: torchvision's `inception_v3_google-0cc3c7bd.pth`.

    Raises:
        WeightsError: the file is missing, damaged or of another network.
    """
    network = filled(
        models.inception_v3(weights=None, transform_input=True, init_weights=False), path
    )
    network.fc = nn.Identity()

    @torch.inference_mode()
    def extract(pictures: Sequence[Image.Image]) -> Features:
        normalized = (pixels_of(pictures, INCEPTION_SIDE) - IMAGENET_MEAN) / IMAGENET_STD
        features: Tensor = network(normalized.to(best_device()))
        return features.double().cpu().numpy()

    return extract


class _Linear(nn.Module):
    """A 1 x 1 convolution under the name that it has in the authors' file."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.model = nn.Sequential(nn.Dropout(), nn.Conv2d(channels, 1, 1, bias=False))

    def forward(self, squares: Tensor) -> Tensor:
        weighted: Tensor = self.model(squares)
        return weighted


class LinearLayers(nn.Module):
    """One weight for every channel of every level: `lin0.model.1.weight` and so on."""

    def __init__(self) -> None:
        super().__init__()
        for index, (_, channels) in enumerate(LEVELS):
            self.add_module(f"lin{index}", _Linear(channels))


def lpips_metric(alexnet: Path, linear: Path) -> PairMetric:
    """A metric of two pictures, H x W x 3 uint8: 0 for equal ones, about 0.5 for unlike ones.

    Args:
        alexnet: torchvision's `alexnet-owt-7be5be79.pth`.
        linear: `alex.pth` of the authors' folder `lpips/weights/v0.1`.

    Raises:
        WeightsError: a file is missing, damaged or of another network.
    """
    backbone = filled(models.alexnet(weights=None), alexnet).features
    layers = filled(LinearLayers(), linear)

    @torch.inference_mode()
    def lpips(colorized: Pixels, real: Pixels) -> float:
        levels = zip(
            layers.children(), *(_levels(backbone, p) for p in (colorized, real)), strict=True
        )
        distances = [layer((first - second) ** 2).mean() for layer, first, second in levels]
        return float(torch.stack(distances).sum())

    return lpips


def _levels(backbone: nn.Sequential, pixels: Pixels) -> list[Tensor]:
    """Features after each ReLU of LEVELS, each pixel's of length 1; 1 x C x h x w."""
    if min(pixels.shape[:2]) < SMALLEST_SIDE:
        raise ValueError(f"LPIPS needs pictures of at least {SMALLEST_SIDE} pixels a side.")
    x = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 127.5 - 1
    x = ((x - LPIPS_SHIFT) / LPIPS_SCALE).to(best_device())
    kept = {index for index, _ in LEVELS}
    levels = []
    for index, layer in enumerate(backbone):
        x = layer(x)
        if index in kept:
            levels.append(x / (x.norm(dim=1, keepdim=True) + EPSILON))
    return levels
