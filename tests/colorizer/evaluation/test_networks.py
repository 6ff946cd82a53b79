"""Measures on networks that are not bundled, with random weights, and flicker of known chroma."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine.errors import WeightsError
from colorizer.engine.torchvision_models import models
from colorizer.evaluation.flicker import difference, still_camera
from colorizer.evaluation.perceptual import LinearLayers, inception_features, lpips_metric

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def alexnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("networks") / "alexnet.pth"
    torch.save(models.alexnet(weights=None).state_dict(), path)
    return path


def test_lpips_is_nothing_for_equal_pictures_and_grows_with_the_difference(
    alexnet: Path, tmp_path: Path
) -> None:
    layers = LinearLayers()
    for parameter in layers.parameters():
        torch.nn.init.constant_(parameter, 1)
    torch.save(layers.state_dict(), tmp_path / "linear.pth")
    lpips = lpips_metric(alexnet, tmp_path / "linear.pth")
    real = data.coffee()[:64, :96]
    assert lpips(real, real) == 0
    assert 0 < lpips(real // 16 * 16, real) < lpips(np.full_like(real, 128), real)


def test_inception_gives_a_vector_for_each_picture(tmp_path: Path) -> None:
    network = models.inception_v3(weights=None, transform_input=True, init_weights=False)
    torch.save(network.state_dict(), tmp_path / "inception.pth")
    extract = inception_features(tmp_path / "inception.pth")
    features = extract([Image.fromarray(data.coffee()), Image.fromarray(data.chelsea())])
    assert features.shape == (2, 2048)
    assert np.isfinite(features).all()


def test_weights_of_another_network_are_refused(alexnet: Path) -> None:
    with pytest.raises(WeightsError, match="does not hold the weights of Inception3"):
        inception_features(alexnet)


def test_a_file_that_is_not_there_is_named(alexnet: Path, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"linear\.pth"):
        lpips_metric(alexnet, tmp_path / "linear.pth")


def test_chroma_that_stays_does_not_flicker() -> None:
    camera = still_camera((96, 64))
    width, height = camera.size
    chroma = np.random.default_rng(1).normal(size=(2, height, width)).astype(np.float32)
    assert difference(chroma, chroma, camera, camera) == pytest.approx(0, abs=1e-6)
    assert difference(chroma, chroma + 3, camera, camera) == pytest.approx(3, abs=1e-5)
