"""Features of torchvision's Inception v3 for the Fréchet distance.

The distance is that of Heusel et al. (NeurIPS 2017), but with torchvision's ImageNet weights, not
with those of the original TensorFlow graph: figures cannot be compared with published FIDs.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import torch
from PIL import Image
from torch import Tensor, nn

from colorizer.engine.inference.preparing import best_device
from colorizer.engine.networks.torchvision_models import models
from colorizer.evaluation.frechet import FeatureExtractor, Features, pixels_of
from colorizer.evaluation.published_networks import filled

SIDE: Final = 299
MEAN: Final = torch.tensor((0.485, 0.456, 0.406)).view(3, 1, 1)
STD: Final = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)


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
        normalized = (pixels_of(pictures, SIDE) - MEAN) / STD
        features: Tensor = network(normalized.to(best_device()))
        return features.double().cpu().numpy()

    return extract
