"""Losses of the plain training against values worked out by hand, Pillow's and torchvision's."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data
from torch import Tensor, nn

from colorizer.imagenet import imagenet_encoder, vgg16_bn_features
from colorizer.training.losses import (
    FeatureLoss,
    VggFeatureLoss,
    rgb_to_chroma,
    soft_cross_entropy,
    ycbcr_to_rgb,
)

pytestmark = pytest.mark.slow


def pictures() -> Tensor:
    return torch.rand(2, 3, 32, 32, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def vgg() -> nn.Sequential:
    torch.manual_seed(1)
    return vgg16_bn_features(pretrained=False)


def test_cross_entropy_of_equal_scores_is_the_log_of_the_number_of_classes() -> None:
    nearest = torch.tensor([0, 1]).view(1, 2, 1, 1)
    shares = torch.tensor([0.75, 0.25]).view(1, 2, 1, 1)
    loss = soft_cross_entropy(torch.zeros(1, 4, 1, 1), nearest, shares, torch.full((4,), 2.0))
    assert loss.item() == pytest.approx(2 * math.log(4))


def test_cross_entropy_weighs_a_pixel_by_its_nearest_class() -> None:
    nearest = torch.tensor([1, 0]).view(1, 2, 1, 1)
    shares = torch.tensor([0.75, 0.25]).view(1, 2, 1, 1)
    logits = torch.tensor([0.2, 0.8]).log().view(1, 2, 1, 1)
    loss = soft_cross_entropy(logits, nearest, shares, torch.tensor([5.0, 3.0]))
    expected = -3 * (0.75 * math.log(0.8) + 0.25 * math.log(0.2))
    assert loss.item() == pytest.approx(expected)


def test_the_conversion_is_pillows() -> None:
    ycbcr = Image.fromarray(data.coffee()).resize((20, 20)).convert("YCbCr")
    channels = torch.from_numpy(np.array(ycbcr)).permute(2, 0, 1)[None].float()
    rgb = ycbcr_to_rgb(channels[:, :1] / 255, channels[:, 1:] - 128)[0].permute(1, 2, 0)
    assert np.abs(rgb.numpy() * 255 - np.asarray(ycbcr.convert("RGB"))).max() <= 1.5


def test_chroma_is_pillows() -> None:
    photo = Image.fromarray(data.coffee()).resize((20, 20))
    chroma = rgb_to_chroma(torch.from_numpy(np.array(photo)).permute(2, 0, 1)[None] / 255)
    pillows = np.asarray(photo.convert("YCbCr"), dtype=np.float32)[..., 1:] - 128
    assert np.abs(chroma[0].permute(1, 2, 0).numpy() - pillows).max() <= 1


def test_feature_loss_is_zero_for_equal_pictures_only() -> None:
    loss = FeatureLoss(imagenet_encoder("lite0", in_channels=3)).train()
    real = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert loss(real, real).item() == 0
    assert loss(real.mean(dim=1, keepdim=True).expand(-1, 3, -1, -1), real).item() > 0.05


def test_deoldifys_feature_loss_weighs_the_three_layers_before_poolings(vgg: nn.Sequential) -> None:
    predicted, real = pictures(), pictures().flip(3)
    loss = VggFeatureLoss(vgg).train()(predicted, real)
    expected = 0.0
    weights = {22: 20, 32: 70, 42: 10}
    for index, layer in enumerate(vgg):
        predicted, real = layer(predicted), layer(real)
        expected += weights.get(index, 0) * (predicted - real).abs().mean().item()
    assert loss.item() == pytest.approx(expected, rel=1e-4)
    assert all(isinstance(vgg[index + 1], nn.MaxPool2d) for index in weights)


def test_deoldifys_feature_loss_teaches_the_picture_and_not_itself(vgg: nn.Sequential) -> None:
    loss = VggFeatureLoss(vgg).train()
    predicted = pictures().requires_grad_()
    statistics = {name: buffer.clone() for name, buffer in loss.named_buffers()}
    loss(predicted, pictures().flip(3)).backward()
    assert predicted.grad is not None
    assert predicted.grad.any()
    assert all(parameter.grad is None for parameter in loss.parameters())
    assert all(torch.equal(buffer, statistics[name]) for name, buffer in loss.named_buffers())


def test_deoldifys_feature_loss_of_equal_pictures_is_zero(vgg: nn.Sequential) -> None:
    assert VggFeatureLoss(vgg)(pictures(), pictures()).item() == 0
