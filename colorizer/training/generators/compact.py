"""`compact` in training: chroma as a distribution over classes, spectral norm in the decoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.nn.utils.parametrize import is_parametrized, remove_parametrizations

from colorizer.engine.architectures.compact import Compact
from colorizer.engine.architectures.compact.efficientnet_lite import (
    EfficientNetLite,
    EncoderName,
    MBConv,
)
from colorizer.engine.architectures.compact.network import CHROMA_STRIDE, CompactUNet
from colorizer.engine.errors import WeightsError
from colorizer.engine.torchvision_models import ops
from colorizer.engine.weights import save_weights
from colorizer.imagenet import imagenet_encoder
from colorizer.training.chroma_bins import (
    ChromaStatistics,
    SoftEncoder,
    chroma_statistics,
    class_weights_metadata,
    read_class_weights,
    rebalancing_weights,
)
from colorizer.training.data import Batch
from colorizer.training.generators.base import Prediction, load_start
from colorizer.training.hints import with_random_hints
from colorizer.training.losses import FeatureLoss, soft_cross_entropy, ycbcr_to_rgb
from colorizer.training.recipes import Recipe

ENCODER_SHARE = 1 / 3
"""Of the peak learning rate: pretrained layers move less."""
JUDGED_SHRINK = 2
"""Feature loss and critic see pictures of half the size: a CPU's time, and chroma has a quarter."""
POWER_ITERATIONS = 100
PALETTE_PROBABILITY = 0.15
PARAMETRIZED = ".parametrizations.weight.original"


def apply_spectral_norm(network: CompactUNet) -> None:
    """Every decoder and attention convolution (Miyato et al., ICLR 2018); the head stays free."""
    for part in (network.up16, network.up8, network.up4, network.attention):
        for module in part.modules():
            if isinstance(module, nn.Conv2d):
                spectral_norm(module)


def apply_stochastic_depth(encoder: EfficientNetLite, probability: float) -> None:
    """Huang et al., Deep Networks with Stochastic Depth (ECCV 2016), as EfficientNet's own."""
    blocks = [block for block in encoder.modules() if isinstance(block, MBConv)]
    for depth, block in enumerate(blocks):
        if block.is_residual:
            block.layers.append(ops.StochasticDepth(probability * depth / len(blocks), "row"))


def converge_power_iteration(network: nn.Module) -> None:
    """Singular vectors neither average nor load: a weight that was set needs its own.

    A parametrized weight runs one power iteration each time it is read in training mode.
    """
    for module in network.modules():
        if is_parametrized(module, "weight"):
            module.train()
            for _ in range(POWER_ITERATIONS):
                _ = module.weight


class CompactGenerator:
    """See `Generator`. Losses: classes, features and (several views) consistency.

    Args:
        statistics: the classes and how much of the photographs each one covers.
        uniform: see `rebalancing_weights`; 1 weighs all classes alike.
        encoder: the size of the network's EfficientNet-Lite.
        drop_path: probability, 0..1, in proportion to its depth, with which a residual block of the
            encoder is left out for a picture.
    """

    def __init__(
        self,
        statistics: ChromaStatistics,
        uniform: float,
        encoder: EncoderName,
        drop_path: float = 0.0,
    ) -> None:
        self.encode = SoftEncoder(statistics.bins)
        self.class_weights = rebalancing_weights(statistics.shares, uniform)
        self.network = CompactUNet(statistics.bins, encoder=encoder)
        self.network.encoder = imagenet_encoder(encoder, in_channels=1)
        apply_stochastic_depth(self.network.encoder, drop_path)
        apply_spectral_norm(self.network)
        self.feature_loss = FeatureLoss(imagenet_encoder("lite0", in_channels=3))
        self.logits = self.network.logits

    @property
    def encoder(self) -> nn.Module:
        return self.network.encoder

    def compile(self) -> None:
        self.logits = torch.compile(self.network.logits, dynamic=False)

    @torch.no_grad()
    def start_from(self, weights: Mapping[str, Tensor], trained_with: Tensor) -> None:
        """Take a weights file's values; the head's bias goes over to this run's class weights.

        A classifier trained with class weights w estimates p * w: dividing by w in the head's bias
        gives back p (Saerens et al., Neural Computation 2002).

        Args:
            weights: a folded network's state dict.
            trained_with: K float, its class weights.
        """
        for name, tensor in self.network.state_dict().items():
            plain = name.replace(PARAMETRIZED, ".weight")
            if plain in weights:
                tensor.copy_(weights[plain])
        converge_power_iteration(self.network)
        shift = (self.class_weights / trained_with).log()
        self.network.head.bias += shift  # type: ignore[operator]

    def parameter_groups(self) -> list[tuple[float, list[nn.Parameter]]]:
        pretrained = list(self.encoder.parameters())
        known = {id(parameter) for parameter in pretrained}
        rest = [p for p in self.network.parameters() if id(p) not in known]
        return [(ENCODER_SHARE, pretrained), (1.0, rest)]

    def predict(self, batch: Batch) -> Prediction:
        device = self.network.chroma_bins.device
        views, size = batch.degraded.shape[:2]
        degraded = batch.degraded.flatten(0, 1).to(device, memory_format=torch.channels_last)
        wanted = nn.functional.avg_pool2d(batch.chroma.to(device), CHROMA_STRIDE)
        wanted, hints = with_random_hints(wanted)
        palette = self._random_palette(wanted)
        logits = self.logits(
            degraded, hints.repeat(views, 1, 1, 1), palette.repeat(views, 1)
        ).float()
        chroma = self.network.expected_chroma(logits)
        losses = self._chroma_losses(logits, chroma, wanted, views)
        luma = nn.functional.avg_pool2d(batch.luma.to(device), JUDGED_SHRINK)
        rgb, real = (self._judged(luma, c) for c in (chroma[:size], wanted))
        losses["features"] = self.feature_loss.to(device)(rgb, real)
        return Prediction(rgb, real, losses)

    def _chroma_losses(
        self, logits: Tensor, chroma: Tensor, wanted: Tensor, views: int
    ) -> dict[str, Tensor]:
        nearest, weights = (part.repeat(views, 1, 1, 1) for part in self.encode(wanted))
        class_weights = self.class_weights.to(logits.device)
        losses = {"classes": soft_cross_entropy(logits, nearest, weights, class_weights)}
        if views > 1:
            first, second = chroma.chunk(views)[:2]
            losses["consistency"] = (first - second).abs().mean()
        return losses

    def _random_palette(self, wanted: Tensor) -> Tensor:
        """N x K: for some crops their own shares of the classes, for the others none."""
        nearest = self.encode(wanted)[0][:, 0].flatten(1)
        counts = torch.zeros(len(wanted), len(self.encode.bins), device=wanted.device)
        counts.scatter_add_(1, nearest, torch.ones_like(nearest, dtype=counts.dtype))
        given = torch.rand(len(wanted), 1, device=wanted.device) < PALETTE_PROBABILITY
        return counts / nearest.shape[1] * given

    @staticmethod
    def _judged(luma: Tensor, chroma: Tensor) -> Tensor:
        """The real chroma is as coarse as the predicted one: its sharpness must not tell them apart."""
        size = luma.shape[-2:]
        return ycbcr_to_rgb(luma, nn.functional.interpolate(chroma, size, mode="bilinear"))

    def write(self, state: Mapping[str, Any], destination: Path) -> None:
        metadata = class_weights_metadata(self.class_weights)
        save_weights(self.folded(state), Compact(), destination, metadata)

    def folded(self, state: Mapping[str, Any]) -> CompactUNet:
        network = CompactUNet(self.encode.bins, encoder=self.network.encoder.name)
        apply_spectral_norm(network)
        network.load_state_dict(state)
        converge_power_iteration(network)
        network.eval()
        for module in network.modules():
            if is_parametrized(module, "weight"):
                remove_parametrizations(module, "weight")
        return network


def build(recipe: Recipe, pictures: Sequence[Image.Image], start: Path | None) -> CompactGenerator:
    """See `build_generator`."""
    if start is None:
        return _generator(recipe, chroma_statistics(pictures, None))
    network = load_start(start, recipe).network
    if isinstance(network, CompactUNet) and network.encoder.name != recipe.encoder:
        raise WeightsError(
            f"{start.name} has the encoder {network.encoder.name}, "
            f"the recipe trains {recipe.encoder}."
        )
    statistics = chroma_statistics(pictures, network.get_buffer("chroma_bins"))
    generator = _generator(recipe, statistics)
    trained_with = read_class_weights(start, len(generator.class_weights))
    generator.start_from(network.state_dict(), trained_with)
    return generator


def _generator(recipe: Recipe, statistics: ChromaStatistics) -> CompactGenerator:
    return CompactGenerator(statistics, recipe.uniform, recipe.encoder, recipe.drop_path)
