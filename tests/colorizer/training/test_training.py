"""A whole training, small: every phase, a stop in the middle, checkpoints, a variant made of one."""

from __future__ import annotations

import csv
import tarfile
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from skimage import data

from colorizer.engine.errors import WeightsError
from colorizer.engine.weights import load_weights
from colorizer.training import export
from colorizer.training import train as train_command
from colorizer.training.chroma_bins import (
    SoftEncoder,
    chroma_histogram,
    chroma_statistics,
    occupied_bins,
    read_class_weights,
    rebalancing_weights,
)
from colorizer.training.export import average_with, fold_decoding, reweight
from colorizer.training.generators.registry import build_generator
from colorizer.training.recipes import (
    RECIPES,
    AdversarialPhase,
    CriticPhase,
    GeneratorPhase,
    Recipe,
)
from colorizer.training.run import Run, learning_rate_share
from colorizer.training.run_folder import RunFolder
from colorizer.training.train import crops_of, train

pytestmark = pytest.mark.slow
ADVERSARIAL = AdversarialPhase(
    steps=4,
    side=128,
    batch_size=2,
    learning_rate=1e-4,
    critic_learning_rate=4e-4,
    adversarial_weight=0.1,
    critic_steps=1,
    evaluate_every=2,
)
TINY = Recipe(
    architecture="compact",
    phases=(
        GeneratorPhase(steps=2, side=64, batch_size=2, learning_rate=1e-3),
        CriticPhase(steps=2, side=128, batch_size=2, learning_rate=1e-3),
        ADVERSARIAL,
    ),
    loss_weights={"classes": 1.0, "features": 1.0, "consistency": 0.1},
    views=2,
    uniform=0.5,
    critic_width=8,
)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def photos() -> list[Image.Image]:
    """Sixteen: four quarters of each of four photographs."""
    whole = [Image.fromarray(p) for p in (data.astronaut(), data.coffee(), data.chelsea())]
    whole.append(Image.fromarray(data.rocket()))
    corners = [(x, y) for x in (0, 0.5) for y in (0, 0.5)]
    return [
        photo.resize((144, 144), box=(x * w, y * h, (x + 0.5) * w, (y + 0.5) * h))
        for photo in whole
        for w, h in [photo.size]
        for x, y in corners
    ]


def new_run(photos: Sequence[Image.Image], recipe: Recipe = TINY) -> Run:
    torch.manual_seed(recipe.seed)
    return Run(recipe, build_generator(recipe, photos, None), CPU)


@pytest.fixture(scope="module")
def straight(photos: list[Image.Image], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nobody stopped."""
    folder = tmp_path_factory.mktemp("straight")
    train(new_run(photos), RunFolder(folder, photos[:2]), photos)
    return folder


def rows_of(table: Path) -> list[dict[str, str]]:
    with table.open(newline="") as file:
        return list(csv.DictReader(file))


def test_every_phase_leaves_its_checkpoints(straight: Path) -> None:
    checkpoints = sorted(path.name for path in (straight / "checkpoints").glob("*.safetensors"))
    names = [f"{checkpoint}.safetensors" for checkpoint in ("0-00002", "2-00002", "2-00004")]
    assert checkpoints == names
    evaluations = rows_of(straight / "evaluations.csv")
    assert [(row["phase"], row["step"]) for row in evaluations] == [
        ("0", "2"), ("2", "2"), ("2", "4")
    ]  # fmt: skip
    with Image.open(straight / "checkpoints" / "2-00004.png") as sheet:
        assert sheet.width > sheet.height


def test_the_result_is_the_checkpoint_most_like_photographs(straight: Path) -> None:
    best = min(rows_of(straight / "evaluations.csv"), key=lambda row: float(row["frechet"]))
    checkpoint = straight / "checkpoints" / f"{best['phase']}-{int(best['step']):05}.safetensors"
    assert (straight / "result.safetensors").read_bytes() == checkpoint.read_bytes()


@pytest.mark.parametrize("stop", [(0, 1), (2, 1)])
def test_a_resumed_run_is_the_straight_run(
    stop: tuple[int, int], straight: Path, photos: list[Image.Image], tmp_path: Path
) -> None:
    run, folder = new_run(photos), RunFolder(tmp_path, photos[:2])
    while (run.phase_index, run.step) != stop:
        crops = crops_of(run.phase, run.phase_index, TINY, photos)
        run.train_step(crops.batch(run.step).decoded(CPU))
    folder.save(run)
    torch.manual_seed(99)
    train(new_run(photos), RunFolder(tmp_path, photos[:2]), photos)
    last = Path("checkpoints", "2-00004.safetensors")
    states = [load_weights(f / last).network.state_dict() for f in (straight, tmp_path)]
    for name, tensor in states[0].items():
        torch.testing.assert_close(states[1][name], tensor, rtol=1e-3, atol=1e-4)


def test_a_folder_with_a_run_of_another_recipe_is_refused(
    straight: Path, photos: list[Image.Image]
) -> None:
    other = replace(TINY, seed=2)
    with pytest.raises(ValueError, match="another recipe"):
        train(new_run(photos, other), RunFolder(straight, photos[:2]), photos)


def test_a_gray_validation_photo_is_refused_before_anything_is_made(
    photos: list[Image.Image], tmp_path: Path
) -> None:
    gray = photos[2].convert("L").convert("RGB")
    with pytest.raises(ValueError, match="Validation photo 3 is gray"):
        RunFolder(tmp_path / "run", [*photos[:2], gray])
    assert not (tmp_path / "run").exists()


def test_a_single_validation_photo_is_refused_before_anything_is_made(
    photos: list[Image.Image], tmp_path: Path
) -> None:
    photos[0].save(tmp_path / "photo.png")
    shard, folder = tmp_path / "validation.tar", tmp_path / "run"
    with tarfile.open(shard, "w") as tar:
        tar.add(tmp_path / "photo.png", "photo.png")
    parser = ArgumentParser()
    train_command.configure(parser)
    arguments = ["pretrain", str(folder), str(shard), "--validation", str(shard)]
    with pytest.raises(ValueError, match="two validation photos"):
        train_command.start(parser.parse_args(arguments))
    assert not folder.exists()


def test_the_critic_alone_leaves_the_generator_as_it_is(photos: list[Image.Image]) -> None:
    critic_alone = CriticPhase(steps=3, side=128, batch_size=2, learning_rate=1e-3)
    run = new_run(photos, replace(TINY, phases=(critic_alone,)))
    before = {name: value.clone() for name, value in run.generator.network.state_dict().items()}
    crops = crops_of(run.phase, 0, TINY, photos)
    assert set(run.train_step(crops.batch(0).decoded(CPU))) == {"critic"}
    after = run.generator.network.state_dict()
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_the_generator_waits_for_a_critic_that_fell_behind(photos: list[Image.Image]) -> None:
    phase = replace(ADVERSARIAL, critic_steps=2, switch_below=0.0)
    assert turns(photos, phase) == ["critic", "critic", "generator", "critic"]


def test_a_good_critic_steps_once(photos: list[Image.Image]) -> None:
    phase = replace(ADVERSARIAL, critic_steps=2, switch_below=100.0)
    assert turns(photos, phase) == ["critic", "generator", "critic", "generator"]


def turns(photos: list[Image.Image], phase: AdversarialPhase) -> list[str]:
    run = new_run(photos, replace(TINY, phases=(phase,)))
    crops = crops_of(phase, 0, TINY, photos)
    steps = [run.train_step(crops.batch(step).decoded(CPU)) for step in range(phase.steps)]
    return ["critic" if "critic" in losses else "generator" for losses in steps]


def test_the_encoders_convolutions_rest_while_the_critic_teaches(
    photos: list[Image.Image],
) -> None:
    run = new_run(photos, replace(TINY, phases=TINY.phases[2:]))
    frozen = {p.requires_grad for p in run.generator.encoder.parameters() if p.ndim > 1}
    assert frozen == {False}


def test_the_learning_rate_rises_and_falls() -> None:
    shares = [learning_rate_share(step, 100, 0.1) for step in (0, 9, 10, 55, 99)]
    assert shares == pytest.approx([1 / 11, 10 / 11, 1, 0.5, 0], abs=1e-3)


def test_a_run_starts_from_a_weights_file(straight: Path, photos: list[Image.Image]) -> None:
    start = straight / "result.safetensors"
    generator = build_generator(TINY, photos, start)
    generator.write(generator.network.state_dict(), straight / "again.safetensors")
    states = [
        load_weights(path).network.state_dict() for path in (start, straight / "again.safetensors")
    ]
    for name, tensor in states[0].items():
        torch.testing.assert_close(states[1][name], tensor, rtol=1e-2, atol=1e-3)


def test_weights_of_another_architecture_are_no_start(
    straight: Path, photos: list[Image.Image]
) -> None:
    deep = replace(TINY, architecture="deoldify-deep")
    with pytest.raises(WeightsError, match="trains deoldify-deep"):
        build_generator(deep, photos, straight / "result.safetensors")


def test_weights_with_another_encoder_are_no_start(
    straight: Path, photos: list[Image.Image]
) -> None:
    with pytest.raises(WeightsError, match="the encoder lite2, the recipe trains lite0"):
        build_generator(replace(TINY, encoder="lite0"), photos, straight / "result.safetensors")


def test_a_run_in_bfloat16_learns_nearly_the_same(photos: list[Image.Image]) -> None:
    losses = []
    for precision in (torch.float32, torch.bfloat16):
        torch.manual_seed(TINY.seed)
        run = Run(TINY, build_generator(TINY, photos, None), CPU, precision)
        losses.append(run.train_step(crops_of(run.phase, 0, TINY, photos).batch(0).decoded(CPU)))
        assert {p.dtype for p in run.generator.network.parameters()} == {torch.float32}
    for name in ("classes", "features"):
        assert losses[0][name] == pytest.approx(losses[1][name], rel=0.05)


def test_dividing_the_class_weights_out_gives_back_the_probabilities(straight: Path) -> None:
    """Weighted by w, a classifier learns p * w; the head's new bias takes w away again."""
    checkpoint = straight / "result.safetensors"
    network = load_weights(checkpoint).network
    bias = network.get_parameter("head.bias").detach().clone()
    trained_with = read_class_weights(checkpoint, len(bias))
    assert trained_with.std() > 0
    fold_decoding(network, trained_with, rebalance=0, temperature=0.5)  # type: ignore[arg-type]
    expected = (bias - trained_with.log()) / 0.5
    torch.testing.assert_close(network.get_parameter("head.bias").detach(), expected)


def test_an_export_keeps_its_saturation(straight: Path, tmp_path: Path) -> None:
    checkpoint, exported = straight / "result.safetensors", tmp_path / "exported.safetensors"
    options = ["--saturation", "1.5"]
    parser = ArgumentParser()
    export.configure(parser)
    export.run(parser.parse_args([str(checkpoint), "stable", str(exported), *options]))
    bins = load_weights(checkpoint).network.get_buffer("chroma_bins")
    saturated = load_weights(exported).network.get_buffer("chroma_bins")
    torch.testing.assert_close(saturated, 1.5 * bins)


@pytest.mark.parametrize(
    "option",
    [
        ("--temperature", "0"),
        ("--temperature", "inf"),
        ("--saturation", "0"),
        ("--saturation", "-1"),
        ("--rebalance", "nan"),
    ],
)
def test_weights_that_would_hold_no_numbers_are_not_exported(option: tuple[str, str]) -> None:
    parser = ArgumentParser()
    export.configure(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["checkpoint.safetensors", "stable", "exported.safetensors", *option])


def test_an_average_lies_between_its_checkpoints(straight: Path) -> None:
    checkpoints = [
        straight / "checkpoints" / f"{name}.safetensors" for name in ("0-00002", "2-00004")
    ]
    biases = [
        load_weights(checkpoint).network.state_dict()["head.bias"] for checkpoint in checkpoints
    ]
    network = load_weights(checkpoints[0]).network
    trained_with = read_class_weights(checkpoints[0], len(biases[0]))
    average_with(network, checkpoints[1:], trained_with)  # type: ignore[arg-type]
    mean = torch.stack(biases).mean(dim=0)
    torch.testing.assert_close(network.state_dict()["head.bias"], mean)


def test_reweighted_checkpoint_decodes_as_if_trained_with_other_weights(straight: Path) -> None:
    checkpoint = straight / "checkpoints/2-00004.safetensors"
    network, same = (load_weights(checkpoint).network for _ in range(2))
    own = read_class_weights(checkpoint, len(network.get_parameter("head.bias")))
    reweight(network, own, torch.ones_like(own))  # type: ignore[arg-type]
    fold_decoding(same, own, rebalance=0, temperature=1)  # type: ignore[arg-type]
    torch.testing.assert_close(network.state_dict(), same.state_dict())


def test_recipes_name_losses_that_their_generators_have(photos: list[Image.Image]) -> None:
    for recipe in RECIPES.values():
        needed = {"classes" if recipe.architecture == "compact" else "pixels", "features"}
        if recipe.views > 1:
            needed.add("consistency")
        assert set(recipe.loss_weights) == needed


def test_recipes_grow_their_pictures_and_lower_their_rates() -> None:
    for recipe in RECIPES.values():
        alone = [phase for phase in recipe.phases if isinstance(phase, GeneratorPhase)]
        assert alone == sorted(alone, key=lambda phase: phase.side)
        assert alone == sorted(alone, key=lambda phase: -phase.learning_rate)


def test_the_histogram_finds_the_chroma_of_a_picture() -> None:
    histogram = chroma_histogram([Image.new("RGB", (32, 32), (255, 0, 0))])
    assert histogram[84, 255] == 1
    assert occupied_bins(histogram).tolist() == [[-48, 132]]


def test_a_chroma_on_a_bin_goes_mostly_to_that_bin() -> None:
    grid = torch.cartesian_prod(torch.arange(-24.0, 25, 12), torch.arange(-24.0, 25, 12))
    nearest, weights = SoftEncoder(grid)(torch.tensor([12.0, -12.0]).view(1, 2, 1, 1))
    assert grid[nearest[0, 0, 0, 0]].tolist() == [12, -12]
    assert weights.sum().item() == pytest.approx(1)
    neighbor = torch.tensor(-(12**2) / (2 * 6**2)).exp().item()
    assert weights[0, 0].item() == pytest.approx(1 / (1 + 4 * neighbor))


def test_class_shares_add_up(photos: list[Image.Image]) -> None:
    assert chroma_statistics(photos, None).shares.sum().item() == pytest.approx(1, abs=1e-4)


def test_rare_classes_weigh_more_and_the_expected_weight_is_one() -> None:
    shares = torch.tensor([0.9, 0.1])
    weights = rebalancing_weights(shares, uniform=0.5)
    assert (weights[1] / weights[0]).item() == pytest.approx(0.7 / 0.3)
    assert (weights * shares).sum().item() == pytest.approx(1)
    assert rebalancing_weights(shares, uniform=1).tolist() == [1, 1]
