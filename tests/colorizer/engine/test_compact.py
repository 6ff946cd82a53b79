"""The compact network: shapes, gradients, hints, and ImageNet's encoder weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized

from colorizer.engine.architectures.compact.context import Context
from colorizer.engine.architectures.compact.efficientnet_lite import (
    ENCODERS,
    EfficientNetLite,
    EncoderName,
    load_imagenet_weights,
)
from colorizer.engine.architectures.compact.guidance import HintStem
from colorizer.engine.architectures.compact.network import CompactUNet
from colorizer.engine.architectures.registry import ARCHITECTURES
from colorizer.engine.weights import load_weights, save_weights
from colorizer.imagenet import imagenet_encoder
from colorizer.training.chroma_bins import ChromaStatistics
from colorizer.training.generators.compact import CompactGenerator, apply_stochastic_depth

pytestmark = pytest.mark.slow

BINS = torch.tensor([[0.0, 0.0], [60.0, 0.0], [0.0, 60.0], [-60.0, -60.0]])


PALETTE = torch.tensor([[0.5, 0.25, 0.25, 0.0], [0.0, 0.0, 0.5, 0.5]])


def random_luma(height: int, width: int) -> Tensor:
    return torch.rand(2, 1, height, width, generator=torch.Generator().manual_seed(1))


def hint_at(row: int, column: int, height: int = 16, width: int = 16) -> Tensor:
    """The same hint for two pictures."""
    hints = torch.zeros(2, 3, height, width)
    hints[:, :, row, column] = torch.tensor([40.0, -30.0, 1.0])
    return hints


@torch.no_grad()
def randomize_zeros(network: nn.Module) -> None:
    """As if trained: what starts at zero, and so hides what is before it, has some value."""
    generator = torch.Generator().manual_seed(2)
    for parameter in network.parameters():
        if not parameter.any():
            parameter.normal_(0, 0.1, generator=generator)


@pytest.fixture
def guided() -> CompactUNet:
    """A network whose hints, palettes and context have an effect."""
    torch.manual_seed(3)
    network = CompactUNet(BINS, encoder="lite0").eval()
    randomize_zeros(network)
    return network


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


def test_every_parameter_gets_a_gradient(guided: CompactUNet) -> None:
    logits = guided.train().logits(random_luma(64, 64), hint_at(3, 5), PALETTE)
    logits.square().mean().backward()
    without = [
        name
        for name, parameter in guided.named_parameters()
        if parameter.grad is None or not parameter.grad.any()
    ]
    assert without == []


def test_the_first_step_reaches_all_that_starts_at_zero() -> None:
    """Zeros would stay zeros if their own gradients were zero, too."""
    network = CompactUNet(BINS, encoder="lite0")
    zeros = {
        name: parameter
        for name, parameter in network.named_parameters()
        if not name.endswith("bias") and not parameter.any()
    }
    network.logits(random_luma(64, 64), hint_at(3, 5), PALETTE).square().mean().backward()
    parts = {name.split(".")[0] for name in zeros}
    assert parts == {"context", "attention", "hint_stem", "palette_stem"}
    for name, parameter in zeros.items():
        assert parameter.grad is not None, name
        assert parameter.grad.any(), name


def test_context_changes_nothing_at_first_and_something_later() -> None:
    context, features = Context(64, blocks=2).eval(), torch.randn(1, 64, 4, 6)
    torch.testing.assert_close(context(features), features)
    randomize_zeros(context)
    assert not torch.allclose(context(features), features)


def test_context_carries_to_every_place() -> None:
    context, features = Context(64, blocks=1).eval(), torch.randn(1, 64, 4, 6)
    randomize_zeros(context)
    changed = features.clone()
    changed[..., 0, 0] += 1
    assert ((context(changed) - context(features)).abs().amax(dim=1) > 0).all()


def test_new_stems_change_nothing_whatever_they_are_given() -> None:
    network, luma = CompactUNet(BINS, encoder="lite0").eval(), random_luma(64, 64)
    torch.testing.assert_close(network(luma, hint_at(3, 5), PALETTE), network(luma))


def test_new_blocks_leave_an_older_network_as_it_was() -> None:
    older = CompactUNet(BINS, encoder="lite0", context_blocks=0, takes_hints=False).eval()
    newer = CompactUNet(BINS, encoder="lite0").eval()
    missing, unexpected = newer.load_state_dict(older.state_dict(), strict=False)
    assert unexpected == []
    assert {name.split(".")[0] for name in missing} == {"context", "hint_stem", "palette_stem"}
    luma = random_luma(64, 96)
    torch.testing.assert_close(newer(luma), older(luma))


def test_no_hints_and_no_palette_are_as_zeros(guided: CompactUNet) -> None:
    luma, hints = random_luma(64, 64), torch.zeros(2, 3, 16, 16)
    torch.testing.assert_close(guided(luma, hints, torch.zeros(2, 4)), guided(luma))


def test_hints_and_palettes_change_the_result(guided: CompactUNet) -> None:
    luma = random_luma(64, 64)
    for with_guidance in (guided(luma, hint_at(3, 5)), guided(luma, None, PALETTE)):
        assert (with_guidance - guided(luma)).abs().amax() > 0.01


def test_a_decoded_pyramid_is_what_the_whole_network_gives(guided: CompactUNet) -> None:
    luma, hints = random_luma(64, 64), hint_at(3, 5)
    decoded = guided.decoded(guided.encoder(luma), hints, PALETTE)
    torch.testing.assert_close(guided.chroma(decoded), guided(luma, hints, PALETTE))


def test_fine_features_of_a_hint_stay_around_it() -> None:
    """Only the coarser levels carry it on."""
    stem = HintStem((8, 8, 8, 8, 8))
    randomize_zeros(stem)
    features = stem(hint_at(20, 12, height=48, width=32))
    for level, stride, reach in (("head", 1, 1), ("at4", 1, 1), ("at8", 2, 3), ("at16", 4, 7)):
        rows, columns = getattr(features, level)[0].abs().sum(dim=0).nonzero().unbind(dim=1)
        assert len(rows) > 0, level
        assert (rows * stride - 20).abs().amax() <= reach, level
        assert (columns * stride - 12).abs().amax() <= reach, level


def test_a_file_keeps_hints_palettes_and_context(guided: CompactUNet, tmp_path: Path) -> None:
    guided.half().float()  # files have half precision
    save_weights(guided, ARCHITECTURES["compact"], tmp_path / "guided.safetensors", {})
    loaded = load_weights(tmp_path / "guided.safetensors").network
    luma, hints = random_luma(64, 64), hint_at(3, 5)
    torch.testing.assert_close(loaded(luma, hints, PALETTE), guided(luma, hints, PALETTE))


def test_files_without_hints_and_context_still_load(tmp_path: Path) -> None:
    older = CompactUNet(BINS, encoder="lite0", context_blocks=0, takes_hints=False).eval()
    older.half().float()
    save_weights(older, ARCHITECTURES["compact"], tmp_path / "older.safetensors", {})
    loaded = load_weights(tmp_path / "older.safetensors").network
    luma = random_luma(64, 64)
    assert loaded.state_dict().keys() == older.state_dict().keys()
    torch.testing.assert_close(loaded(luma), older(luma))
    torch.testing.assert_close(loaded(luma, hint_at(3, 5), PALETTE), older(luma))


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
