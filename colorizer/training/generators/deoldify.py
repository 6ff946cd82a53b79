"""DeOldify's generators in training.

Source: Antic, DeOldify (2018): gray in, RGB out, both normalized by ImageNet's mean and deviation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.functional import l1_loss, normalize

from colorizer.engine.architectures.deoldify import DEOLDIFY_DEEP, DEOLDIFY_WIDE
from colorizer.engine.architectures.deoldify.checkpoints import LAYOUTS
from colorizer.engine.architectures.deoldify.network import DEEP, DeOldifyUNet, Layout, fold_norms
from colorizer.engine.architectures.deoldify.processing import IMAGENET_MEAN, IMAGENET_STD
from colorizer.engine.weights import save_weights
from colorizer.imagenet import resnet_encoder, vgg16_bn_features
from colorizer.training.data import Batch
from colorizer.training.generators.base import Prediction, load_start
from colorizer.training.losses import VggFeatureLoss, rgb_to_chroma, ycbcr_to_rgb
from colorizer.training.recipes import Recipe

FIRST_LAYERS_SHARE: Final = 1e-3
"""Of the peak learning rate; the last layers of the encoder have its square root, as fastai's."""
FIRST_LAYERS: Final = 6
"""Children of the encoder up to ResNet's layer2."""
MOST_POWER_ITERATIONS: Final = 500
CONVERGED: Final = 1e-6
"""Growth of the largest singular value in one iteration, relative."""


class DeOldifyGenerator:
    """See `Generator`. Losses: pixels, features and (several views) consistency.

    The sum of pixels and features is DeOldify's feature loss. Consistency is the mean difference of
    the first two views' Cb and Cr, 8-bit units.

    Args:
        layout: DEEP or WIDE.
        pretrained: with torchvision's ImageNet weights in encoder and feature loss; else random.

    Raises:
        OSError: the ImageNet weights cannot be had; the message says which file to put where.
    """

    def __init__(self, layout: Layout, *, pretrained: bool = True) -> None:
        self.layout = layout
        self.network = DeOldifyUNet(layout)
        self.network.layers[0] = resnet_encoder(layout, pretrained=pretrained)
        for module in self.network.modules():
            if hasattr(module, "weight_u"):
                module.register_forward_hook(_release_graph)
        self.feature_loss = VggFeatureLoss(vgg16_bn_features(pretrained=pretrained))
        self.forward: Callable[[Tensor], Tensor] = self.network

    @property
    def encoder(self) -> nn.Module:
        return self.network.layers[0]

    def compile(self) -> None:
        self.forward = torch.compile(self.network)

    def parameter_groups(self) -> list[tuple[float, list[nn.Parameter]]]:
        """DeOldify's three: encoder to layer2, layer3 and layer4, the rest."""
        encoder_layers = list(self.encoder.children())
        first, last = encoder_layers[:FIRST_LAYERS], encoder_layers[FIRST_LAYERS:]
        return [
            (FIRST_LAYERS_SHARE, _parameters(first)),
            (FIRST_LAYERS_SHARE**0.5, _parameters(last)),
            (1.0, _parameters(list(self.network.layers)[1:])),
        ]

    def predict(self, batch: Batch) -> Prediction:
        """All views count for pixels and consistency, the first one for the rest."""
        device = next(self.network.parameters()).device
        mean, std = IMAGENET_MEAN.to(device), IMAGENET_STD.to(device)
        views, size = batch.degraded.shape[:2]
        gray = batch.degraded.flatten(0, 1).to(device)
        predicted = self.forward((gray - mean) / std).float()
        real = ycbcr_to_rgb(batch.luma.to(device), batch.chroma.to(device))
        wanted = (real - mean) / std
        losses = {
            "pixels": l1_loss(predicted, wanted.repeat(views, 1, 1, 1)),
            "features": self.feature_loss.to(device)(predicted[:size], wanted),
        }
        rgb = predicted * std + mean
        if views > 1:
            first, second = rgb_to_chroma(rgb[: 2 * size]).chunk(2)
            losses["consistency"] = l1_loss(first, second)
        return Prediction(rgb[:size].clamp(0, 1), real, losses)

    def write(self, state: Mapping[str, Any], destination: Path) -> None:
        architecture = DEOLDIFY_DEEP if self.layout is DEEP else DEOLDIFY_WIDE
        save_weights(self.folded(state), architecture, destination, {})

    def folded(self, state: Mapping[str, Any]) -> DeOldifyUNet:
        with torch.device("meta"):
            network = DeOldifyUNet(self.layout)
        network.to_empty(device="cpu").load_state_dict(state)
        _converge_power_iteration(network)
        fold_norms(network)
        return network.eval()

    @torch.no_grad()
    def start_from(self, weights: Mapping[str, Tensor]) -> None:
        """Take the values of a folded network's state dict; its norms are found anew."""
        for name, tensor in self.network.state_dict().items():
            if name in weights:
                tensor.copy_(weights[name])
            elif name.endswith((".weight_orig", ".weight_v")) and tensor.ndim > 1:
                tensor.copy_(weights[name.rpartition(".")[0] + ".weight"])
            elif name.endswith(".weight_g"):
                folded = weights[name.rpartition(".")[0] + ".weight"]
                tensor.copy_(torch.norm_except_dim(folded))
        _converge_power_iteration(self.network)


def build(recipe: Recipe, pictures: Sequence[Image.Image], start: Path | None) -> DeOldifyGenerator:
    """See `build_generator`; the pictures are not looked at."""
    loaded = load_start(start, recipe) if start else None
    generator = DeOldifyGenerator(LAYOUTS[recipe.architecture], pretrained=recipe.pretrained)
    if loaded:
        generator.start_from(loaded.network.state_dict())
    return generator


def _parameters(layers: list[nn.Module]) -> list[nn.Parameter]:
    return [parameter for layer in layers for parameter in layer.parameters()]


def _release_graph(conv: nn.Module, _inputs: object, _output: object) -> None:
    """Torch's spectral norm leaves its result on the layer, which then cannot be copied (EMA)."""
    conv.weight = conv.weight.detach()  # type: ignore[operator]


@torch.no_grad()
def _converge_power_iteration(network: nn.Module) -> None:
    """Singular vectors do not average: the averaged weight needs its own."""
    for module in network.modules():
        if hasattr(module, "weight_u"):
            matrix = module.get_parameter("weight_orig").flatten(1)
            u, v = module.get_buffer("weight_u"), module.get_buffer("weight_v")
            largest = 0.0
            for _ in range(MOST_POWER_ITERATIONS):
                before = largest
                v.copy_(normalize(u @ matrix, dim=0))
                product = matrix @ v
                u.copy_(normalize(product, dim=0))
                largest = product.norm().item()
                if largest - before <= CONVERGED * largest:
                    break
