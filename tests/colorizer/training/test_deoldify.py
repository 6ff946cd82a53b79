"""DeOldify's generators in training: what they predict, how they learn, what becomes of them."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from skimage import data
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from colorizer.engine.architectures.deoldify.network import (
    DEEP,
    WIDE,
    Block,
    DeOldifyUNet,
    FinalShuffleUp,
    Layout,
    SelfAttention,
    ShuffleUp,
)
from colorizer.engine.torchvision_models import models
from colorizer.engine.weights import load_weights
from colorizer.imagenet import resnet_encoder, vgg16_bn_features
from colorizer.training.data import Batch
from colorizer.training.generators.deoldify import DeOldifyGenerator

pytestmark = pytest.mark.slow

SIDE = 64


def narrow_resnet() -> nn.Sequential:
    """As many parts as torchvision's ResNets have, at the same strides, in milliseconds."""

    def halving(in_channels: int, out_channels: int) -> nn.Sequential:
        conv = nn.Conv2d(in_channels, out_channels, 3, stride=2, padding=1)
        return nn.Sequential(conv, nn.ReLU())

    start = (nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.ReLU())
    stages = (nn.Conv2d(8, 8, 3, padding=1), halving(8, 16), halving(16, 24), halving(24, 32))
    return nn.Sequential(*start, nn.MaxPool2d(2), *stages)


NARROW = Layout(
    backbone=narrow_resnet,
    bottom=32,
    blocks=(
        Block(16, 24, 32, has_attention=False),
        Block(16, 16, 32, has_attention=True),
        Block(16, 8, 24, has_attention=False),
        Block(12, 8, 16, has_attention=False),
    ),
    convs_per_block=2,
)


def ycbcr(photo: npt.NDArray[Any]) -> Tensor:
    small = Image.fromarray(photo).resize((SIDE, SIDE)).convert("YCbCr")
    return torch.from_numpy(np.array(small)).permute(2, 0, 1).float()


def two_photos() -> Batch:
    """In two views: unchanged and darker."""
    channels = torch.stack([ycbcr(data.astronaut()), ycbcr(data.coffee())])
    luma = channels[:, :1] / 255
    return Batch(torch.stack([luma, 0.7 * luma]), luma, channels[:, 1:] - 128)


def first_view(batch: Batch) -> Batch:
    return Batch(batch.degraded[:1], batch.luma, batch.chroma)


def fresh_generator(layout: Layout) -> DeOldifyGenerator:
    """Its attention counts from the start, so that its projections learn at once."""
    torch.manual_seed(1)
    generator = DeOldifyGenerator(layout, pretrained=False)
    for module in generator.network.modules():
        if isinstance(module, SelfAttention):
            module.gamma.data.fill_(0.5)
    generator.network.train()
    return generator


def train_step(generator: DeOldifyGenerator, batch: Batch, rate: float = 1e-3) -> float:
    groups = [{"params": p, "lr": share * rate} for share, p in generator.parameter_groups()]
    optimizer = torch.optim.Adam(groups)
    losses = generator.predict(batch).losses
    loss = losses["pixels"] + losses["features"]
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


@pytest.fixture(scope="module")
def batch() -> Batch:
    return two_photos()


@pytest.fixture(scope="module")
def fresh() -> DeOldifyGenerator:
    return fresh_generator(NARROW)


@pytest.fixture
def generator(fresh: DeOldifyGenerator) -> DeOldifyGenerator:
    """Each test has its own."""
    return copy.deepcopy(fresh)


def test_prediction_and_real_are_what_the_critic_compares(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    rgb, real, losses = generator.predict(batch)
    assert rgb.shape == real.shape == (2, 3, SIDE, SIDE)
    assert rgb.min() >= 0
    assert rgb.max() <= 1
    assert rgb.requires_grad
    astronaut = np.asarray(Image.fromarray(data.astronaut()).resize((SIDE, SIDE)))
    assert np.abs(real[0].permute(1, 2, 0).numpy() * 255 - astronaut).max() <= 3
    assert set(losses) == {"pixels", "features", "consistency"}
    assert all(loss.shape == () and loss.isfinite() for loss in losses.values())


def test_the_network_sees_gray_in_three_normalised_channels(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    seen: list[Tensor] = []
    generator.network.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
    generator.predict(batch)
    red, green, blue = seen[0].unbind(dim=1)
    gray = batch.degraded.flatten(0, 2)
    for channel, mean, std in ((red, 0.485, 0.229), (green, 0.456, 0.224), (blue, 0.406, 0.225)):
        torch.testing.assert_close(channel * std + mean, gray)


def test_losses_by_hand_for_a_network_that_predicts_gray(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    """Its second view is darker, but gray as well: nothing to be inconsistent about."""
    generator.forward = lambda gray: gray
    predicted = generator.predict(batch)
    std = torch.tensor((0.229, 0.224, 0.225)).view(3, 1, 1)
    off = [((view - predicted.real) / std).abs().mean() for view in batch.degraded]
    assert predicted.losses["pixels"].item() == pytest.approx(torch.stack(off).mean().item())
    assert predicted.losses["consistency"].item() == pytest.approx(0, abs=1e-4)
    assert predicted.losses["features"].item() > 0


def test_one_view_has_nothing_to_be_consistent_with(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    assert set(generator.predict(first_view(batch)).losses) == {"pixels", "features"}


def test_steps_lower_the_loss(generator: DeOldifyGenerator, batch: Batch) -> None:
    losses = [train_step(generator, first_view(batch)) for _ in range(8)]
    assert losses[-1] < 0.95 * losses[0]


@pytest.mark.parametrize("layout", [DEEP, WIDE])
def test_groups_hold_every_parameter_once_at_growing_rates(layout: Layout) -> None:
    with torch.device("meta"):
        generator = DeOldifyGenerator(layout, pretrained=False)
    names = {id(p): name for name, p in generator.network.named_parameters()}
    (first, early), (second, late), (third, rest) = (
        (share, [names[id(p)] for p in parameters])
        for share, parameters in generator.parameter_groups()
    )
    assert (first, second, third) == pytest.approx((1e-3, 1e-3**0.5, 1))
    assert sorted(early + late + rest) == sorted(names.values())
    assert all(name.startswith(("layers.0.6.", "layers.0.7.")) for name in late)
    assert not any(name.startswith("layers.0.") for name in rest)
    encoder = {id(p) for p in generator.encoder.parameters()}
    assert {names[key] for key in encoder} == {*early, *late}


def test_the_network_can_be_averaged_fresh_and_after_a_step(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    AveragedModel(generator.network)
    train_step(generator, batch)
    halving = get_ema_multi_avg_fn(0.5)
    average = AveragedModel(generator.network, multi_avg_fn=halving, use_buffers=True)
    average.update_parameters(generator.network)
    name = "layers.11.0.weight_orig"
    before = generator.network.get_parameter(name).detach().clone()
    train_step(generator, batch)
    average.update_parameters(generator.network)
    after = generator.network.get_parameter(name)
    torch.testing.assert_close(average.module.get_parameter(name), (before + after) / 2)


def test_what_is_folded_predicts_the_same_also_when_training_starts_from_it(
    generator: DeOldifyGenerator, batch: Batch
) -> None:
    x = batch.luma.expand(-1, 3, -1, -1)
    with torch.no_grad():
        for _ in range(300):  # until the power iterations in training have converged
            generator.network(x[..., ::2, ::2])
        expected = generator.network.eval()(x)
        folded = generator.folded(generator.network.state_dict())
        started = fresh_generator(NARROW)
        started.start_from(folded.state_dict())
        for network in (folded, started.network.eval()):
            torch.testing.assert_close(network(x), expected, rtol=0, atol=2e-2)


def test_folding_leaves_the_state_alone(generator: DeOldifyGenerator) -> None:
    state = generator.network.state_dict()
    before = {key: tensor.clone() for key, tensor in state.items()}
    generator.folded(state)
    assert all(torch.equal(tensor, before[key]) for key, tensor in state.items())


def test_folded_layers_have_norm_one_though_averages_of_singular_vectors_have_not(
    generator: DeOldifyGenerator,
) -> None:
    averaged = {
        key: tensor / 2 if key.endswith(("weight_u", "weight_v")) else tensor
        for key, tensor in generator.network.state_dict().items()
    }
    folded = generator.folded(averaged)
    for name in ("layers.3.0.0", "layers.11.0"):
        weight = folded.get_parameter(f"{name}.weight").flatten(1)
        assert torch.linalg.matrix_norm(weight, 2).item() == pytest.approx(1, abs=1e-2)


def test_a_step_of_deoldifys_network_changes_every_parameter_and_its_weights_load(
    batch: Batch, tmp_path: Path
) -> None:
    generator = fresh_generator(DEEP)
    before = {name: p.detach().clone() for name, p in generator.network.named_parameters()}
    train_step(generator, first_view(batch))
    unchanged = [n for n, p in generator.network.named_parameters() if torch.equal(p, before[n])]
    assert unchanged == []
    folded = generator.folded(generator.network.state_dict())
    path = tmp_path / "trained.safetensors"
    metadata = {"architecture": "deoldify-deep", "variant": "artistic"}
    save_file({key: t.contiguous() for key, t in folded.state_dict().items()}, path, metadata)
    loaded = load_weights(path)
    assert (loaded.architecture.name, loaded.variant) == ("deoldify-deep", "artistic")
    x = batch.luma.expand(-1, 3, -1, -1)
    with torch.inference_mode():
        assert torch.equal(loaded.network(x), folded(x))


def test_a_fresh_networks_shuffles_start_without_checkerboards() -> None:
    torch.manual_seed(1)
    x = torch.randn(1, 16, 3, 5)
    shuffled = [
        nn.functional.pixel_shuffle(ShuffleUp(16, 6).train().conv(x).relu(), 2),
        FinalShuffleUp(16).shuffled(x),
    ]
    for picture in shuffled:
        corner = picture[..., ::2, ::2]
        for row, column in itertools.product((0, 1), (0, 1)):
            torch.testing.assert_close(picture[..., row::2, column::2], corner)
        assert corner.std() > 0.1


@pytest.mark.parametrize("layout", [DEEP, WIDE])
def test_the_encoders_keys_are_those_of_deoldifys_network(layout: Layout) -> None:
    with torch.device("meta"):
        encoder = resnet_encoder(layout, pretrained=False)
        network = DeOldifyUNet(layout)
    assert list(encoder.state_dict()) == list(network.layers[0].state_dict())


def test_imagenet_weights_come_from_torch_hubs_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    trained = models.resnet34()
    url = models.ResNet34_Weights.IMAGENET1K_V1.url
    cached = tmp_path / "checkpoints" / url.rsplit("/", 1)[1]
    cached.parent.mkdir()
    torch.save(trained.state_dict(), cached)
    encoder = resnet_encoder(DEEP, pretrained=True)
    assert torch.equal(encoder.get_parameter("0.weight"), trained.conv1.weight)
    assert torch.equal(encoder.get_parameter("7.2.conv2.weight"), trained.layer4[2].conv2.weight)


def test_a_damaged_file_in_the_cache_is_named_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.hub, "_hub_dir", str(tmp_path))
    url = models.VGG16_BN_Weights.IMAGENET1K_V1.url
    cached = tmp_path / "checkpoints" / url.rsplit("/", 1)[1]
    cached.parent.mkdir()
    cached.write_bytes(b"no weights")
    with pytest.raises(OSError, match="vgg16_bn cannot be loaded") as failure:
        vgg16_bn_features(pretrained=True)
    assert f"Download {url} and put it at {cached}." in str(failure.value)
