"""Measure weights on color photographs the network has not seen (docs/evaluation.md):

python -m colorizer.evaluation WEIGHTS DATA [--old] [--render-factor N] [--first N] [--flicker N]
    [--hints N [N ...]] [--json FILE] [--sheet FILE]

Every picture is made gray, colorized through the public pipeline and compared with the real one.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.files import finished_file
from colorizer.engine.hints import MAX_HINTS
from colorizer.evaluation.command import count, run_command
from colorizer.evaluation.contact_sheet import Strip, contact_sheet, save_sheet
from colorizer.evaluation.evaluate import (
    METRICS,
    Measurements,
    Row,
    Summary,
    as_table,
    evaluate,
    made_gray,
    made_old,
)
from colorizer.evaluation.hinted import hinted_psnr
from colorizer.evaluation.photographs import Photograph, photographs, spread

RENDER_FACTOR = 16
SHEET_PICTURES = 24
SHEET_ACROSS = 2


def run(arguments: argparse.Namespace) -> None:
    pictures = photographs(arguments.data, arguments.first)
    colorizer = Colorizer.from_file(arguments.weights)
    measurements = _measurements(arguments, colorizer)
    shown: list[Strip] = []
    images = (picture.image() for picture in tqdm(pictures, unit="picture"))
    summary = evaluate(
        colorizer,
        made_old(images) if arguments.old else made_gray(images),
        arguments.render_factor,
        measurements,
        arguments.flicker,
        watch=_keeping(pictures, shown),
    )
    sys.stdout.write(as_table(summary))
    if arguments.json:
        write_json(summary, [picture.name for picture in pictures], arguments.json)
    if arguments.sheet:
        save_sheet(contact_sheet(Row._fields, shown, SHEET_ACROSS), arguments.sheet)


def _measurements(arguments: argparse.Namespace, colorizer: Colorizer) -> Measurements:
    extractors, pair_metrics = {}, {}
    if arguments.inception:
        from colorizer.evaluation.perceptual import inception_features  # noqa: PLC0415

        extractors["inception_frechet"] = inception_features(arguments.inception)
    if arguments.lpips:
        from colorizer.evaluation.perceptual import lpips_metric  # noqa: PLC0415

        pair_metrics["lpips"] = lpips_metric(*arguments.lpips)
    hinted = None
    if arguments.hints:
        hinted = hinted_psnr(colorizer, arguments.hints, arguments.render_factor)
    return Measurements(arguments.metrics, pair_metrics, extractors, hinted)


def _keeping(pictures: list[Photograph], shown: list[Strip]) -> Callable[[int, Row], None]:
    wanted = set(spread(len(pictures), SHEET_PICTURES))

    def keep(index: int, row: Row) -> None:
        if index in wanted:
            shown.append(Strip(f"{index + 1}  {pictures[index].name}", row))

    return keep


def write_json(summary: Summary, names: list[str], destination: Path) -> None:
    """The figures, and those of every picture by its name."""
    content = asdict(summary)
    content["scores"] = dict(zip(names, summary.scores, strict=True))
    with finished_file(destination) as file:
        file.write(json.dumps(content, indent=2).encode() + b"\n")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("weights", type=Path, help="a weights file of any architecture")
    parser.add_argument("data", type=Path, help="tar shard or folder of color photographs")
    parser.add_argument("--render-factor", type=int, default=RENDER_FACTOR)
    parser.add_argument("--first", type=count, metavar="N", help="only so many pictures")
    parser.add_argument(
        "--old", action="store_true", help="as old film, years and scanners make them gray"
    )
    parser.add_argument("--metrics", nargs="+", choices=METRICS, default=METRICS)
    parser.add_argument(
        "--flicker", type=int, default=0, metavar="N", help="temporal flicker of the first N"
    )
    parser.add_argument(
        "--hints",
        type=_hints,
        nargs="+",
        metavar="N",
        help="PSNR with so many random hints, too",
    )
    parser.add_argument(
        "--inception", type=Path, metavar="FILE", help="torchvision's Inception v3: FID, too"
    )
    parser.add_argument(
        "--lpips",
        type=Path,
        nargs=2,
        metavar=("ALEXNET", "LINEAR"),
        help="weights files: LPIPS, too",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="figures, also of every picture")
    parser.add_argument(
        "--sheet",
        type=Path,
        metavar="FILE",
        help=f"{SHEET_PICTURES} pictures: gray, colorized, real",
    )


def _hints(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MAX_HINTS:
        raise argparse.ArgumentTypeError(f"must be 1 to {MAX_HINTS}")
    return count


def main() -> None:
    run_command(__doc__, configure, run)


if __name__ == "__main__":
    main()
