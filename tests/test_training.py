"""Plain training: targets, losses, schedules, and a run that resumes where it stopped."""

from __future__ import annotations

import io
import math
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine.weights import load_weights
from colorizer.imagenet import imagenet_encoder
from colorizer.shards import read_shards
from colorizer.training.chroma_bins import (
    SoftEncoder,
    chroma_histogram,
    occupied_bins,
    rebalancing_weights,
)
from colorizer.training.data import Augmentation, PhotoCrops
from colorizer.training.export import averaged_network, fold_decoding, write_weights
from colorizer.training.losses import FeatureLoss, soft_cross_entropy, ycbcr_to_rgb
from colorizer.training.recipes import RECIPES, Recipe
from colorizer.training.train import (
    learning_rate_share,
    load_checkpoint,
    prepare_trainer,
    save_checkpoint,
    train,
)

TINY = Recipe(steps=4, side=64, batch_size=2, warmup=1, decay=0.5)


def encoded(picture: Image.Image) -> bytes:
    content = io.BytesIO()
    picture.save(content, "PNG")
    return content.getvalue()


@pytest.fixture(scope="module")
def pictures() -> list[bytes]:
    photos = (data.astronaut(), data.coffee(), data.chelsea(), data.rocket())
    return [encoded(Image.fromarray(photo).resize((64, 48))) for photo in photos]


def crops_of(pictures: list[bytes], recipe: Recipe) -> PhotoCrops:
    return PhotoCrops(
        pictures, recipe.side, recipe.batch_size, recipe.views, recipe.augmentation, recipe.seed
    )


def run(pictures: list[bytes], checkpoint: Path, recipe: Recipe, start: Path | None = None) -> None:
    torch.manual_seed(recipe.seed)
    trainer = prepare_trainer(recipe, checkpoint, start, pictures)
    train(trainer, crops_of(pictures, recipe), checkpoint)


def test_shards_give_their_pictures_and_nothing_else(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "shard.tar", "w") as tar:
        for name in ("a.jpg", "b.txt", "c.PNG"):
            member = tarfile.TarInfo(name)
            member.size = 3
            tar.addfile(member, io.BytesIO(name[:1].encode() * 3))
    assert read_shards([tmp_path / "shard.tar"]) == [b"aaa", b"ccc"]


def test_shards_without_pictures_are_refused(tmp_path: Path) -> None:
    tarfile.open(tmp_path / "empty.tar", "w").close()
    with pytest.raises(FileNotFoundError, match="no pictures"):
        read_shards([tmp_path / "empty.tar"])


def test_the_histogram_finds_the_chroma_of_a_picture() -> None:
    histogram = chroma_histogram([encoded(Image.new("RGB", (32, 32), (255, 0, 0)))])
    assert histogram[84, 255] == 1
    assert occupied_bins(histogram).tolist() == [[-48, 132]]


def test_a_chroma_on_a_bin_goes_mostly_to_that_bin() -> None:
    grid = torch.cartesian_prod(torch.arange(-24.0, 25, 12), torch.arange(-24.0, 25, 12))
    nearest, weights = SoftEncoder(grid)(torch.tensor([12.0, -12.0]).view(1, 2, 1, 1))
    assert grid[nearest[0, 0, 0, 0]].tolist() == [12, -12]
    assert weights.sum().item() == pytest.approx(1)
    neighbour = math.exp(-(12**2) / (2 * 6**2))
    assert weights[0, 0].item() == pytest.approx(1 / (1 + 4 * neighbour))


def test_class_shares_add_up(pictures: list[bytes]) -> None:
    histogram = chroma_histogram(pictures)
    shares = SoftEncoder(occupied_bins(histogram)).class_shares(histogram)
    assert shares.sum().item() == pytest.approx(1, abs=1e-4)


def test_rare_classes_weigh_more_and_the_expected_weight_is_one() -> None:
    shares = torch.tensor([0.9, 0.1])
    weights = rebalancing_weights(shares, uniform=0.5)
    assert (weights[1] / weights[0]).item() == pytest.approx(0.7 / 0.3)
    assert (weights * shares).sum().item() == pytest.approx(1)
    assert rebalancing_weights(shares, uniform=1).tolist() == [1, 1]


def test_cross_entropy_of_equal_scores_is_the_log_of_the_number_of_classes() -> None:
    nearest = torch.tensor([0, 1]).view(1, 2, 1, 1)
    shares = torch.tensor([0.75, 0.25]).view(1, 2, 1, 1)
    loss = soft_cross_entropy(torch.zeros(1, 4, 1, 1), nearest, shares, torch.full((4,), 2.0))
    assert loss.item() == pytest.approx(2 * math.log(4))


def test_the_conversion_is_pillows() -> None:
    ycbcr = Image.fromarray(data.coffee()).resize((20, 20)).convert("YCbCr")
    channels = torch.from_numpy(np.array(ycbcr)).permute(2, 0, 1)[None].float()
    rgb = ycbcr_to_rgb(channels[:, :1] / 255, channels[:, 1:] - 128)[0].permute(1, 2, 0)
    assert np.abs(rgb.numpy() * 255 - np.asarray(ycbcr.convert("RGB"))).max() <= 1.5


def test_feature_loss_is_zero_for_equal_pictures_only() -> None:
    loss = FeatureLoss(imagenet_encoder(in_channels=3)).train()
    real = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    assert loss(real, real).item() == 0
    assert loss(real.mean(dim=1, keepdim=True).expand(-1, 3, -1, -1), real).item() > 0.05


def test_the_learning_rate_rises_stays_and_falls() -> None:
    recipe = Recipe(steps=100, warmup=10, decay=0.2)
    shares = [learning_rate_share(step, recipe) for step in (0, 9, 50, 80, 90, 99)]
    assert shares == pytest.approx([0.1, 1, 1, 1, 0.5, 0.05])


def test_batches_depend_on_seed_and_step_alone(pictures: list[bytes]) -> None:
    first, second = (crops_of(pictures, TINY).batch(3) for _ in range(2))
    assert torch.equal(first.degraded, second.degraded)
    assert not torch.equal(first.degraded, crops_of(pictures, TINY).batch(4).degraded)


def test_every_picture_is_seen_once_an_epoch(pictures: list[bytes]) -> None:
    crops = crops_of(pictures, TINY)
    assert sorted(crops._indices(0) + crops._indices(1)) == [0, 1, 2, 3]


def test_degrading_leaves_the_target_alone(pictures: list[bytes]) -> None:
    strong = Augmentation(gamma=1, contrast=0.5, blur_probability=1, noise_probability=1)
    batch = PhotoCrops(pictures, 32, 2, views=2, augmentation=strong, seed=1).batch(0)
    assert batch.degraded.shape == (2, 2, 1, 32, 32)
    assert batch.chroma.shape == (2, 2, 8, 8)
    assert not torch.equal(batch.degraded[0], batch.degraded[1])
    assert not torch.equal(batch.degraded[0], batch.luma)


def test_a_resumed_run_is_the_straight_run(pictures: list[bytes], tmp_path: Path) -> None:
    run(pictures, tmp_path / "straight.pt", TINY)
    trainer_of_half = prepare_at_half(pictures, tmp_path / "resumed.pt")
    assert trainer_of_half == 2
    run(pictures, tmp_path / "resumed.pt", TINY)
    straight, resumed = (load_checkpoint(tmp_path / f"{n}.pt") for n in ("straight", "resumed"))
    for name, tensor in straight["average"].items():
        torch.testing.assert_close(resumed["average"][name], tensor, rtol=1e-4, atol=1e-5)


def prepare_at_half(pictures: list[bytes], checkpoint: Path) -> int:
    """The first two of four steps, stopped after a checkpoint; returns the step reached."""
    torch.manual_seed(TINY.seed)
    trainer = prepare_trainer(TINY, checkpoint, None, pictures)
    for step in range(2):
        trainer.train_step(crops_of(pictures, TINY).batch(step))
    save_checkpoint(trainer, checkpoint)
    return trainer.step


@pytest.mark.parametrize("name", ["artistic", "stable", "video"])
def test_a_finish_starts_from_the_trunk_and_becomes_weights(
    name: str, pictures: list[bytes], tmp_path: Path
) -> None:
    run(pictures, tmp_path / "trunk.pt", replace(TINY, steps=1))
    finish = replace(RECIPES[name], steps=1, side=64, batch_size=2)
    run(pictures, tmp_path / "finish.pt", finish, start=tmp_path / "trunk.pt")
    checkpoint = load_checkpoint(tmp_path / "finish.pt")
    network = averaged_network(checkpoint)
    fold_decoding(network, checkpoint, rebalance=0.5, temperature=0.8)
    write_weights(network, name, tmp_path / "weights.safetensors")
    chroma = load_weights(tmp_path / "weights.safetensors").network(torch.rand(1, 1, 32, 32))
    assert chroma.isfinite().all()


def test_dividing_the_class_weights_out_gives_back_the_probabilities() -> None:
    """Weighted by w, a classifier learns p * w; the head's new bias takes w away again."""
    shares = torch.tensor([0.7, 0.2, 0.1])
    trained_with = rebalancing_weights(shares, uniform=0.5)
    learned = (shares * trained_with).log()
    assert torch.allclose((learned - trained_with.log()).softmax(0), shares)
