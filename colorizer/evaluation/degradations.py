"""A sheet of what a network gets to see of old photographs, one row for each of a few pictures:

python -m colorizer.evaluation.degradations DATA OUT.png [--pictures N]
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from colorizer.degradation import aging, scanning
from colorizer.degradation.film import RESPONSES, Pixels, Plane, as_levels, on_film
from colorizer.degradation.old_photograph import old_photograph
from colorizer.evaluation.command import count, run_command
from colorizer.evaluation.contact_sheet import Strip, contact_sheet, save_sheet
from colorizer.evaluation.photographs import Photograph, photographs, spread

PICTURES = 8
SEED: Final = 1


def _seen(picture: Image.Image) -> dict[str, Plane]:
    """By the name of what was done to it."""
    rgb = np.asarray(picture)
    films = {name: on_film(rgb, shares) for name, shares in RESPONSES.items()}
    plane = films["panchromatic"]
    rng = np.random.default_rng(SEED)
    return {
        **films,
        "vignette": aging.vignetted(plane, 35),
        "fading": aging.faded(plane, 0.25, 0.8),
        "uneven fading": aging.unevenly_faded(plane, 0.3, 0.7, rng),
        "border": aging.bordered(plane, 0.06, 0.9),
        "grain": scanning.grainy(plane, 0.8, 0.08, rng),
        "blur": scanning.blurred(plane, 1.5),
        "unsharp mask": scanning.sharpened(plane, 1.5, 1),
        "banding": scanning.banded(plane, 0.02, rng),
        "scratches": scanning.scratched(plane, 8, rng),
        "JPEG 40": scanning.as_jpeg(plane, 40),
        **{f"all together, {seed}": _old(rgb, seed) for seed in (1, 2, 3)},
    }


def _old(rgb: Pixels, seed: int) -> Plane:
    return old_photograph(rgb, np.random.default_rng((SEED, seed))).luma


def run(arguments: argparse.Namespace) -> None:
    pictures = photographs(arguments.data)
    chosen = [pictures[index] for index in spread(len(pictures), arguments.pictures)]
    columns = ("real", *_seen(chosen[0].image()))
    strips = [_strip(picture) for picture in chosen]
    save_sheet(contact_sheet(columns, strips, across=1), arguments.out)


def _strip(picture: Photograph) -> Strip:
    real = picture.image()
    return Strip(picture.name, (real, *map(_shown, _seen(real).values())))


def _shown(plane: Plane) -> Image.Image:
    return Image.fromarray(as_levels(plane)).convert("RGB")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, help="tar shard or folder of color photographs")
    parser.add_argument("out", type=Path, help="the sheet, .png or .jpg")
    parser.add_argument("--pictures", type=count, default=PICTURES, metavar="N")


def main() -> None:
    run_command(__doc__, configure, run)


if __name__ == "__main__":
    main()
