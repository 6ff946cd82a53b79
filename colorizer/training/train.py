"""Train a generator the NoGAN way: alone, then the critic alone, then both for a short while.

The same command goes on from where a run was stopped. Source: Antic, DeOldify (2018).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch
from PIL import Image
from tqdm import tqdm

from colorizer.training.cache import read_pictures
from colorizer.training.data import PhotoCrops
from colorizer.training.generators.registry import build_generator
from colorizer.training.recipes import RECIPES, Phase, Recipe
from colorizer.training.run import Run
from colorizer.training.run_folder import RunFolder, is_measured

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
SAVE_EVERY = 50
LOG_EVERY = 10
SEEDS_APART = 1000


def train(run: Run, folder: RunFolder, photos: Sequence[Image.Image]) -> Path:
    """Every phase to its end; returns the chosen checkpoint."""
    folder.resume(run)
    while not run.is_done:
        train_phase(run, folder, photos)
    return folder.choose(run)


def train_phase(run: Run, folder: RunFolder, photos: Sequence[Image.Image]) -> None:
    """The steps that are left of the phase that the run is in."""
    index, phase = run.phase_index, run.phase
    crops = crops_of(phase, index, run.recipe, photos)
    on_gpu = run.device.type == "cuda"
    batches = crops.batches(range(run.step, phase.steps), for_gpu=on_gpu)
    title = f"{index + 1}/{len(run.recipe.phases)} {type(phase).__name__} {phase.side} px"
    for step, batch in enumerate(
        tqdm(batches, title, phase.steps, initial=run.step, unit="step"), start=run.step + 1
    ):
        losses = run.train_step(batch.decoded(run.device))
        if step % LOG_EVERY == 0:
            folder.log(index, step, losses)
        if is_measured(phase, step):
            folder.evaluate(run, index, step)
        if step % SAVE_EVERY == 0 or step == phase.steps:
            folder.save(run)


def crops_of(phase: Phase, index: int, recipe: Recipe, photos: Sequence[Image.Image]) -> PhotoCrops:
    """Each phase has crops of its own."""
    return PhotoCrops(
        photos,
        phase.side,
        phase.batch_size,
        recipe.views,
        recipe.augmentation,
        recipe.seed + SEEDS_APART * index,
    )


def start(arguments: argparse.Namespace) -> None:
    recipe = RECIPES[arguments.recipe]
    torch.manual_seed(recipe.seed)
    validation = read_pictures([arguments.validation], arguments.cache)
    folder = RunFolder(arguments.run_folder, validation)
    photos = read_pictures(arguments.shards, arguments.cache)
    generator = build_generator(recipe, photos, arguments.start)
    if arguments.compile:
        generator.compile()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(recipe, generator, device, PRECISIONS[arguments.precision])
    checkpoint = train(run, folder, photos)
    sys.stdout.write(
        f"Chosen: {checkpoint.name}, copied to {arguments.run_folder / 'result.safetensors'}\n"
    )


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("run_folder", type=Path, help="holds, or will hold, everything of this run")
    parser.add_argument("shards", type=Path, nargs="+", help="tar files of color photos")
    parser.add_argument("--validation", type=Path, required=True, help="a tar file of other photos")
    parser.add_argument("--start", type=Path, help="weights file to start from, not ImageNet's")
    parser.add_argument("--cache", type=Path, help="folder for decoded photos")
    parser.add_argument(
        "--precision",
        choices=PRECISIONS,
        default="bfloat16" if torch.cuda.is_available() else "float32",
        help="bfloat16 is faster on GPUs and on processors that have instructions for it, "
        "and many times slower on those that have none",
    )
    parser.add_argument("--compile", action="store_true", help="torch.compile the generator")
    parser.set_defaults(run=start)
