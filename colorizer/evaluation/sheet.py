"""A sheet to look at: each photo gray, as every variant colorizes it, and real (docs/sheets.md):

python -m colorizer.evaluation.sheet DATA OUT.png [--pictures N | --worst N [--of NAME]] [--weights FILE ...]

Photos are spread evenly over DATA, or are those that one column is farthest from (CIEDE2000).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from tqdm import tqdm

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.variants import VARIANTS
from colorizer.evaluation.command import count, run_command
from colorizer.evaluation.contact_sheet import Strip, contact_sheet, save_sheet
from colorizer.evaluation.evaluate import Measurements, evaluate, made_gray
from colorizer.evaluation.photographs import Photograph, photographs, spread

PICTURES = 24
RENDER_FACTOR = 16


def run(arguments: argparse.Namespace) -> None:
    pictures = photographs(arguments.data, arguments.first)
    colorizers = _columns(arguments.weights)
    if arguments.worst:
        judged = _judged(colorizers, arguments.of)
        chosen = worst(judged, pictures, arguments.render_factor, arguments.worst)
        sys.stdout.write("".join(f"{label}\n" for label in chosen.values()))
    else:
        indices = spread(len(pictures), arguments.pictures)
        chosen = {index: f"{index + 1}  {pictures[index].name}" for index in indices}
    strips = [
        _strip(pictures[index], label, colorizers, arguments.render_factor)
        for index, label in tqdm(chosen.items(), unit="picture")
    ]
    save_sheet(contact_sheet(("gray", *colorizers, "real"), strips, across=1), arguments.out)


def _columns(weights: list[Path]) -> dict[str, Colorizer]:
    if weights:
        return {path.stem: Colorizer.from_file(path) for path in weights}
    return {variant: Colorizer.for_variant(variant) for variant in VARIANTS}


def _judged(colorizers: Mapping[str, Colorizer], name: str | None) -> Colorizer:
    name = name or next(iter(colorizers))
    if name not in colorizers:
        raise ValueError(f"There is no column {name}, only {', '.join(colorizers)}.")
    return colorizers[name]


def worst(
    colorizer: Colorizer, pictures: list[Photograph], render_factor: int, count: int
) -> dict[int, str]:
    """Indices of the pictures with the highest CIEDE2000, highest first, and labels for them."""
    images = (picture.image() for picture in tqdm(pictures, unit="picture"))
    summary = evaluate(colorizer, made_gray(images), render_factor, Measurements(("ciede2000",)))
    errors = [scores["ciede2000"] for scores in summary.scores]
    indices = sorted(range(len(errors)), key=errors.__getitem__, reverse=True)[:count]
    return {
        index: f"{index + 1}  {pictures[index].name}  CIEDE2000 {errors[index]:.1f}"
        for index in indices
    }


def _strip(
    picture: Photograph, label: str, colorizers: Mapping[str, Colorizer], render_factor: int
) -> Strip:
    real = picture.image()
    gray = real.convert("L")
    colorized = [colorizer.colorize(gray, render_factor) for colorizer in colorizers.values()]
    return Strip(label, (gray.convert("RGB"), *colorized, real))


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path, help="tar shard or folder of color photographs")
    parser.add_argument("out", type=Path, help="the sheet, .png or .jpg")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--pictures", type=count, default=PICTURES, metavar="N")
    which.add_argument("--worst", type=count, metavar="N", help="those with the highest CIEDE2000")
    parser.add_argument("--of", metavar="NAME", help="column that --worst judges, else the first")
    parser.add_argument(
        "--first", type=count, metavar="N", help="choose among so many pictures only"
    )
    parser.add_argument("--render-factor", type=int, default=RENDER_FACTOR)
    parser.add_argument(
        "--weights", type=Path, nargs="+", metavar="FILE", help="columns, else the bundled variants"
    )


def main() -> None:
    run_command(__doc__, configure, run)


if __name__ == "__main__":
    main()
