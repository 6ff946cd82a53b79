"""What is known of DeOldify at commit 5f86c28: its keys, and what it made of made-up weights.

`example_<name>_256.npz` holds a normalized input `x` and DeOldify's output `y`, 1 x 3 x 256 x 256;
`example_<name>_gray_rf16.png` is what it made of `input_gray.png` at render factor 16.
Names are "artistic", "wide" (stable and video) and, keys only, "critic".
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

FOLDER = Path(__file__).parent
INPUT_PICTURE = FOLDER / "input_gray.png"


def checkpoint_keys(name: str) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of every tensor, in the order of the file."""
    with (FOLDER / f"{name}.keys.tsv").open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return {row["key"]: (_shape(row["shape"]), row["dtype"]) for row in rows}


def _shape(sides: str) -> tuple[int, ...]:
    return () if sides == "scalar" else tuple(map(int, sides.split("x")))


def deoldify_output(name: str) -> tuple[Tensor, Tensor]:
    """(x, y)."""
    with np.load(FOLDER / f"example_{name}_256.npz") as example:
        return torch.from_numpy(example["x"]), torch.from_numpy(example["y"])


def deoldify_picture(name: str) -> Path:
    return FOLDER / f"example_{name}_gray_rf16.png"
