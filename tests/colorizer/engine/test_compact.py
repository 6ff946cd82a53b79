"""The compact network: shapes, gradients, and ImageNet's encoder weights."""

from __future__ import annotations

import pytest
import torch
from torch.nn.utils.parametrize import is_parametrized

from colorizer.engine.architectures.compact.efficientnet_lite import (
    ENCODERS,
    EfficientNetLite,
    EncoderName,
    load_imagenet_weights,
)
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.imagenet import imagenet_encoder
from colorizer.training.chroma_bins import ChromaStatistics
from colorizer.training.generators.compact import CompactGenerator, apply_stochastic_depth

BINS = torch.tensor([[0.0, 0.0], [60.0, 0.0], [0.0, 60.0], [-60.0, -60.0]])


def random_luma(height: int, width: int) -> torch.Tensor:
    return torch.rand(2, 1, height, width, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("encoder", ENCODERS)
@pytest.mark.parametrize(("height", "width"), [(32, 32), (64, 128), (160, 96)])
def test_chroma_comes_at_a_quarter_of_the_size(
    height: int, width: int, encoder: EncoderName
) -> None:
    chroma = CompactUNet(BINS, encoder=encoder).eval()(random_luma(height, width))
    assert chroma.shape == (2, 2, height // 4, width // 4)
    assert chroma.isfinite().all()


def test_chroma_stays_within_the_bins() -> None:
    chroma = CompactUNet(BINS).eval()(random_luma(64, 64))
    assert chroma.amin() >= BINS.min()
    assert chroma.amax() <= BINS.max()


def test_expected_chroma_is_the_mean_of_the_distribution() -> None:
    probabilities = torch.tensor([0.5, 0.25, 0.25, 1e-12]).log().view(1, 4, 1, 1)
    chroma = CompactUNet(BINS).expected_chroma(probabilities)
    torch.testing.assert_close(chroma.flatten(), torch.tensor([15.0, 15.0]))


def test_every_parameter_gets_a_gradient() -> None:
    network = CompactUNet(BINS)
    network.attention.gamma.data.fill_(0.5)
    network.logits(random_luma(64, 64)).square().mean().backward()
    without = [
        name
        for name, parameter in network.named_parameters()
        if parameter.grad is None or not parameter.grad.any()
    ]
    assert without == []


def test_attention_changes_nothing_at_first_and_something_later() -> None:
    attention = CompactUNet(BINS).attention
    features = torch.randn(1, 192, 4, 4)
    torch.testing.assert_close(attention(features), features)
    attention.gamma.data.fill_(1.0)
    assert not torch.allclose(attention(features), features)


@pytest.mark.parametrize("name", ENCODERS)
def test_the_luma_stem_sees_what_the_rgb_stem_sees(name: EncoderName) -> None:
    luma = random_luma(64, 64)
    gray_encoder = imagenet_encoder(name, in_channels=1).eval()
    gray_features = gray_encoder(luma)
    rgb_features = imagenet_encoder(name, in_channels=3).eval()(luma.expand(-1, 3, -1, -1))
    levels = zip(gray_features, rgb_features, gray_encoder.pyramid_channels, strict=True)
    for gray, rgb, channels in levels:
        assert gray.shape[1] == channels
        torch.testing.assert_close(gray, rgb, rtol=1e-3, atol=1e-3)


def test_reduced_precision_leaves_the_features_nearly_as_they_are() -> None:
    encoder, luma = imagenet_encoder("lite2", in_channels=1).eval(), random_luma(64, 64)
    with torch.autocast("cpu", torch.bfloat16):
        reduced = encoder(luma)
    for exact, rounded in zip(encoder(luma), reduced, strict=True):
        assert (exact - rounded).norm() < 0.05 * exact.norm()


def test_stochastic_depth_leaves_blocks_out_in_training_alone() -> None:
    encoder, luma = imagenet_encoder("lite2", in_channels=1), random_luma(64, 64)
    plain, names = encoder.eval()(luma)[-1], list(encoder.state_dict())
    apply_stochastic_depth(encoder, 0.5)
    assert list(encoder.state_dict()) == names
    torch.testing.assert_close(encoder.eval()(luma)[-1], plain)
    residual = encoder.stages[5][-1].train()  # type: ignore[index]
    features = torch.rand(64, 208, 4, 4)
    left_out = (residual(features) == features).flatten(1).all(dim=1)
    assert 0 < left_out.sum() < 64


def test_encoder_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="encoder tensors"):
        load_imagenet_weights(EfficientNetLite("lite0", 1), {"_conv_stem.weight": torch.zeros(1)})


def test_folding_spectral_norm_keeps_the_function() -> None:
    bins = torch.cat([BINS, BINS[1:] / 2])
    statistics = ChromaStatistics(bins, torch.full((7,), 1 / 7))
    generator = CompactGenerator(statistics, uniform=1, encoder="lite2", drop_path=0.2)
    folded = generator.folded(generator.network.state_dict())
    assert not any(is_parametrized(module) for module in folded.modules())
    for module in (folded.up16.convs[0][0], folded.attention.value):  # type: ignore[index]
        largest = torch.linalg.matrix_norm(module.weight.flatten(1), ord=2)
        torch.testing.assert_close(largest, torch.tensor(1.0), rtol=0.02, atol=0)
