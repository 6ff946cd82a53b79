"""What a training leaves on disk.

state.pt             everything that the run needs to go on
losses.csv           a row every few steps
evaluations.csv      a row for every checkpoint that was measured
checkpoints/P-SSSSS.safetensors, .png    the averaged weights in phase P after S steps, and a sheet of theirs
result.safetensors   the chosen checkpoint
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import torch
from PIL import Image

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.files import finished_file
from colorizer.evaluation.contact_sheet import Strip, contact_sheet, save_sheet
from colorizer.evaluation.evaluate import Measurements, Row, evaluate, is_gray, made_gray
from colorizer.training.recipes import AdversarialPhase, GeneratorPhase, Phase
from colorizer.training.run import Run

METRICS: Final = ("psnr", "colorfulness", "frechet")
PICTURES_ON_SHEET: Final = 24
SHEET_ACROSS: Final = 2
RENDER_FACTOR: Final = 12
MIN_VALIDATION: Final = 2
"""One photo has no Fréchet distance."""

Figures = dict[str, float]


class RunFolder:
    """The files of one run, and its history.

    Args:
        validation: RGB pictures that checkpoints are measured on.

    Raises:
        ValueError: there are fewer than two of them, or one is gray.
    """

    def __init__(self, path: Path, validation: Sequence[Image.Image]) -> None:
        _check_validation(validation)
        self.path = path
        self.validation = validation
        self.losses: list[Figures] = []
        self.evaluations: list[Figures] = []
        (path / "checkpoints").mkdir(parents=True, exist_ok=True)

    @property
    def _state_file(self) -> Path:
        return self.path / "state.pt"

    def resume(self, run: Run) -> None:
        """Go on from the saved state, if there is one.

        Raises:
            ValueError: it is of another recipe.
        """
        if self._state_file.exists():
            saved = torch.load(self._state_file, map_location="cpu", weights_only=True)
            run.load(saved["run"])
            self.losses, self.evaluations = saved["losses"], saved["evaluations"]

    def save(self, run: Run) -> None:
        """History and state belong together: what came after it is told again."""
        state = {"run": run.state(), "losses": self.losses, "evaluations": self.evaluations}
        with finished_file(self._state_file) as file:
            torch.save(state, file)
        _write_table(self.path / "losses.csv", self.losses)
        _write_table(self.path / "evaluations.csv", self.evaluations)

    def log(self, phase: int, step: int, losses: dict[str, float]) -> None:
        self.losses.append({"phase": phase, "step": step, **losses})

    def evaluate(self, run: Run, phase: int, step: int) -> None:
        """Write the averaged weights as a checkpoint and measure it."""
        checkpoint = self.path / "checkpoints" / _checkpoint_name(phase, step)
        run.generator.write(run.ema.module.state_dict(), checkpoint)
        shown: list[Strip] = []

        def show(index: int, row: Row) -> None:
            if index < PICTURES_ON_SHEET:
                shown.append(Strip(str(index + 1), row))

        summary = evaluate(
            Colorizer.from_file(checkpoint),
            made_gray(self.validation[index] for index in range(len(self.validation))),
            RENDER_FACTOR,
            Measurements(METRICS),
            watch=show,
        )
        save_sheet(contact_sheet(Row._fields, shown, SHEET_ACROSS), checkpoint.with_suffix(".png"))
        self.evaluations.append({"phase": phase, "step": step, **summary.figures})

    def choose(self, run: Run) -> Path:
        """Copy the chosen checkpoint: of the last phase alone and all later ones, the most like photos.

        A critic helps until it misleads; the Frechet distance shows where they turn.
        """
        kinds = [type(phase) for phase in run.recipe.phases]
        last_alone = max(i for i, kind in enumerate(kinds) if kind is GeneratorPhase)
        candidates = [figures for figures in self.evaluations if figures["phase"] >= last_alone]
        best = min(candidates, key=lambda figures: figures["frechet"])
        checkpoint = self.path / "checkpoints" / _checkpoint_name(best["phase"], best["step"])
        result = self.path / "result.safetensors"
        shutil.copyfile(checkpoint, result)
        return checkpoint


def _check_validation(validation: Sequence[Image.Image]) -> None:
    """Before hours of work: what the first evaluation would refuse."""
    if len(validation) < MIN_VALIDATION:
        raise ValueError(
            "Checkpoints are measured on two validation photos at least. Name a shard with more."
        )
    for place in range(len(validation)):
        if is_gray(np.asarray(validation[place])):
            raise ValueError(f"Validation photo {place + 1} is gray. Leave it out of the shard.")


def _checkpoint_name(phase: float, step: float) -> str:
    return f"{phase:.0f}-{step:05.0f}.safetensors"


def is_measured(phase: Phase, step: int) -> bool:
    """Checkpoints: where the generator's phases end, and all along in those with the critic."""
    if isinstance(phase, AdversarialPhase):
        return step % phase.evaluate_every == 0 or step == phase.steps
    return isinstance(phase, GeneratorPhase) and step == phase.steps


def _write_table(path: Path, rows: list[Figures]) -> None:
    columns = dict.fromkeys(column for row in rows for column in row)
    with path.open("w", newline="") as file:
        table = csv.DictWriter(file, list(columns), restval="")
        table.writeheader()
        table.writerows(rows)
