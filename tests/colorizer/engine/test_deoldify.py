"""DeOldify's networks: the layout of its checkpoints, equal to its own code, fast or plain."""

from __future__ import annotations

import copy
import importlib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from skimage import data
from skimage.metrics import peak_signal_noise_ratio
from torch import Tensor, nn

from colorizer.engine.architectures.deoldify import DEOLDIFY_DEEP
from colorizer.engine.architectures.deoldify.network import (
    DEEP,
    WIDE,
    DeOldifyUNet,
    Layout,
    SelfAttention,
    blurred,
)
from colorizer.engine.architectures.deoldify.processing import preprocess
from colorizer.engine.colorizer import Colorizer
from colorizer.engine.weights import convert, load_weights
from colorsite.environment import BASE_DIR
from tests.colorizer.engine.deoldify.kit import (
    INPUT_PICTURE,
    checkpoint_keys,
    deoldify_output,
    deoldify_picture,
)

pytestmark = pytest.mark.slow  # networks of a quarter to half a gigabyte

LAYOUTS = {"artistic": DEEP, "wide": WIDE}
LARGEST_DIFFERENCE = 5e-4
"""Of float32 outputs, -3..3, by the parity kit."""


class Networks(NamedTuple):
    """Of one checkpoint; what they compute is to be the same."""

    plain: nn.Module
    fast: nn.Module


@pytest.fixture(scope="module", params=["artistic", "wide"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def pth(name: str, request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(f"{name}_pth")
    return path


@pytest.fixture(scope="module")
def networks(pth: Path) -> Networks:
    loaded = load_weights(pth)
    plain = loaded.network
    fast = loaded.architecture.optimize(copy.deepcopy(plain), torch.device("cpu"))
    return Networks(plain, fast)


def unfolded(pth: Path, layout: Layout) -> DeOldifyUNet:
    with torch.device("meta"):
        network = DeOldifyUNet(layout)
    network.load_state_dict(torch.load(pth, weights_only=True, mmap=True)["model"], assign=True)
    return network.eval()


def photo(height: int, width: int) -> Tensor:
    """As the network sees it, 1 x 3 x height x width."""
    pixels = np.asarray(Image.fromarray(data.astronaut()).resize((width, height)).convert("L"))
    luma = torch.from_numpy(pixels.astype(np.float32) / 255)
    mean, std = (
        torch.tensor(v).view(3, 1, 1) for v in ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))
    )
    return ((luma - mean) / std)[None]


@torch.inference_mode()
def largest_difference(network: nn.Module, x: Tensor, expected: Tensor) -> float:
    prediction = network(x)
    assert prediction.shape == expected.shape
    return float((prediction - expected).abs().max())


def test_keys_shapes_and_types_are_those_of_the_checkpoints(name: str) -> None:
    with torch.device("meta"):
        network = DeOldifyUNet(LAYOUTS[name])
    state = {
        key: (tuple(tensor.shape), str(tensor.dtype).removeprefix("torch."))
        for key, tensor in network.state_dict().items()
    }
    assert state == checkpoint_keys(name)


def test_the_network_predicts_what_deoldifys_own_code_predicts(
    name: str, networks: Networks
) -> None:
    x, y = deoldify_output(name)
    assert largest_difference(networks.plain, x, y) <= LARGEST_DIFFERENCE
    assert largest_difference(networks.fast, x, y) <= LARGEST_DIFFERENCE


def test_a_file_becomes_the_picture_that_deoldifys_own_code_makes(
    name: str, pth: Path, networks: Networks, tmp_path: Path
) -> None:
    """Converted, it has the same values to the bit: the checkpoint makes the same picture."""
    converted, destination = tmp_path / "converted.safetensors", tmp_path / "color.png"
    convert(pth, converted, "artistic")
    stored, read = load_file(converted), networks.plain.state_dict()
    assert stored.keys() == read.keys()
    assert all(torch.equal(stored[key], tensor) for key, tensor in read.items())
    Colorizer.from_file(converted).colorize_file(INPUT_PICTURE, destination, render_factor=16)
    expected, result = (
        np.asarray(Image.open(path)) for path in (deoldify_picture(name), destination)
    )
    assert peak_signal_noise_ratio(expected, result) >= 60
    assert np.abs(result.astype(int) - expected).max() <= 4


@pytest.mark.parametrize("size", [(48, 80), (2, 2), (130, 98)])
def test_fast_equals_plain_where_maps_have_odd_sizes(
    networks: Networks, size: tuple[int, int]
) -> None:
    x = photo(*size)
    with torch.inference_mode():
        expected = networks.plain(x)
    assert largest_difference(networks.fast, x, expected) <= LARGEST_DIFFERENCE


def test_each_picture_of_a_batch_is_predicted_as_if_alone(networks: Networks) -> None:
    pictures = torch.cat([photo(32, 48), photo(32, 48).flip(3)])
    with torch.inference_mode():
        alone = torch.cat([networks.fast(picture[None]) for picture in pictures])
    assert largest_difference(networks.fast, pictures, alone) <= LARGEST_DIFFERENCE
    assert largest_difference(networks.plain, pictures, alone) <= LARGEST_DIFFERENCE


def test_predicting_twice_gives_the_same_and_leaves_the_input(networks: Networks) -> None:
    x = photo(32, 48)
    before = x.clone()
    with torch.inference_mode():
        first = networks.fast(x)
    assert largest_difference(networks.fast, x, first) == 0
    torch.testing.assert_close(x, before, rtol=0, atol=0)


def test_folding_norms_keeps_the_function(name: str, pth: Path, networks: Networks) -> None:
    x = photo(32, 48)
    with torch.inference_mode():
        expected = unfolded(pth, LAYOUTS[name])(x)
    assert largest_difference(networks.plain, x, expected) <= LARGEST_DIFFERENCE


def test_what_is_predicted_is_finite_and_in_range(networks: Networks) -> None:
    extremes = torch.cat([torch.full((1, 3, 32, 48), value) for value in (-2.2, 0.0, 2.7)])
    with torch.inference_mode():
        prediction = networks.fast(extremes)
    assert prediction.isfinite().all()
    assert prediction.abs().max() <= 3


def test_no_norm_is_left_after_folding(networks: Networks) -> None:
    parts = ("weight_orig", "weight_u", "weight_v", "weight_g")
    assert [key for key in networks.plain.state_dict() if key.endswith(parts)] == []


def test_every_parameter_gets_a_gradient(name: str, pth: Path) -> None:
    network = unfolded(pth, LAYOUTS[name]).train()
    prediction = network(photo(64, 32))
    assert prediction.shape == (1, 3, 64, 32)
    assert prediction.isfinite().all()
    prediction.square().mean().backward()
    without = [
        key
        for key, parameter in network.named_parameters()
        if parameter.grad is None or not parameter.grad.isfinite().all() or not parameter.grad.any()
    ]
    assert without == []


def test_spectral_norm_iterates_in_training_and_is_used_as_stored_in_inference() -> None:
    attention = SelfAttention(16).eval()
    x = torch.randn(1, 16, 3, 5)
    stored = attention.query.get_buffer("weight_u").clone()
    attention(x)
    assert torch.equal(attention.query.get_buffer("weight_u"), stored)
    attention.train()(x)
    assert not torch.equal(attention.query.get_buffer("weight_u"), stored)


def test_attention_is_a_softmax_over_the_positions_of_queries() -> None:
    attention = SelfAttention(16).eval()
    attention.gamma.data.fill_(0.7)
    x = torch.randn(2, 16, 3, 5, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        positions = x.flatten(2)
        logits = attention.query(positions).transpose(1, 2) @ attention.key(positions)
        attended = attention.value(positions) @ logits.softmax(dim=1)
        expected = 0.7 * attended.view(x.shape) + x
        torch.testing.assert_close(attention(x), expected)


def test_the_blur_is_the_mean_with_the_upper_and_left_neighbors() -> None:
    x = torch.tensor([[0.0, 4.0, 8.0], [16.0, 0.0, 0.0]])
    expected = torch.tensor([[0.0, 2.0, 6.0], [8.0, 5.0, 3.0]])
    assert torch.equal(blurred(x[None, None])[0, 0], expected)


def test_a_network_whose_norms_are_not_folded_is_not_made_fast() -> None:
    with torch.device("meta"):
        network = DeOldifyUNet(DEEP).eval()
    with pytest.raises(TypeError, match=r"layers\.8.* has not been folded"):
        DEOLDIFY_DEEP.optimize(network, torch.device("cpu"))


def test_a_color_photo_is_seen_as_its_luma_in_a_square() -> None:
    seen = preprocess(np.ascontiguousarray(data.astronaut()[:100]), render_factor=8)
    assert seen.shape == (1, 3, 128, 128)
    red, _, blue = seen[0] * torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    torch.testing.assert_close(red + 0.485, blue + 0.406)


def imported(script: str) -> str:
    command = [sys.executable, "-c", script]
    response = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert response.returncode == 0, response.stderr
    return response.stdout


SHIM = "colorizer.engine.torchvision_models"


def test_torchvisions_models_can_be_imported() -> None:
    """By nothing else than the engine's module in this process: torchvision alone would raise."""
    assert importlib.import_module(SHIM).models.resnet34.__name__ == "resnet34"


def test_operators_that_exist_are_not_defined_again() -> None:
    """A second definition would be an error of torch's."""
    script = f"""
import torch
theirs = torch.library.Library("torchvision", "DEF")
for name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, name):
        theirs.define(name + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import {SHIM} as shim
print(hasattr(shim, "schemas"))
"""
    assert imported(script) == "False\n"
