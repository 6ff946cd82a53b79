"""Evaluate weights on colour photographs the network has not seen:

python -m colorizer.evaluation WEIGHTS SHARD [--render-factor N] [--json FILE] [--sheet FILE]

Every picture is made gray, colorized through the public pipeline and compared with the real one.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from colorizer.engine.colorizer import Colorizer
from colorizer.engine.weights import load_weights
from colorizer.evaluation.contact_sheet import Row, contact_sheet
from colorizer.evaluation.metrics import colourfulness, psnr
from colorizer.shards import read_shards


@dataclass(frozen=True)
class Score:
    """Of one picture; PSNR in dB."""

    psnr: float
    gray_psnr: float
    colourfulness: float
    real_colourfulness: float


@dataclass(frozen=True)
class Summary:
    """Means over the pictures; PSNR in dB, `colourfulness_ratio` is the ratio of the means."""

    pictures: int
    render_factor: int
    weights_sha256: str
    psnr: float
    gray_psnr: float
    psnr_gain: float
    colourfulness: float
    real_colourfulness: float
    colourfulness_ratio: float


def score(row: Row) -> Score:
    painted, gray, real = (np.asarray(picture) for picture in (row.painted, row.gray, row.real))
    return Score(psnr(painted, real), psnr(gray, real), colourfulness(painted), colourfulness(real))


def summarize(scores: list[Score], render_factor: int, weights_sha256: str) -> Summary:
    means = {
        name: float(np.mean([getattr(score, name) for score in scores]))
        for name in Score.__dataclass_fields__
    }
    return Summary(
        pictures=len(scores),
        render_factor=render_factor,
        weights_sha256=weights_sha256,
        psnr_gain=means["psnr"] - means["gray_psnr"],
        colourfulness_ratio=means["colourfulness"] / means["real_colourfulness"],
        **means,
    )


def colorized_rows(
    colorizer: Colorizer, pictures: list[bytes], render_factor: int
) -> Iterator[Row]:
    for picture in pictures:
        with Image.open(io.BytesIO(picture)) as opened:
            real = opened.convert("RGB")
        gray = real.convert("L")
        yield Row(gray.convert("RGB"), colorizer.colorize(gray, render_factor), real)


def as_table(summary: dict[str, float | int | str]) -> str:
    lines = (
        f"{name:20} {value:.3f}" if isinstance(value, float) else f"{name:20} {value}"
        for name, value in summary.items()
    )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("shard", type=Path)
    parser.add_argument("--render-factor", type=int, default=16)
    parser.add_argument("--first", type=int, help="only so many pictures")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--sheet", type=Path, help="contact sheet: gray, painted, real")
    parser.add_argument("--sheet-every", type=int, default=12)
    arguments = parser.parse_args()
    colorizer = Colorizer(load_weights(arguments.weights))
    pictures = read_shards([arguments.shard])[: arguments.first]
    scores, shown = [], []
    rows = colorized_rows(colorizer, pictures, arguments.render_factor)
    for index, row in enumerate(tqdm(rows, total=len(pictures), unit="picture")):
        scores.append(score(row))
        if index % arguments.sheet_every == 0:
            shown.append(row)
    summary = asdict(summarize(scores, arguments.render_factor, colorizer.weights_sha256))
    sys.stdout.write(as_table(summary))
    if arguments.json:
        arguments.json.write_text(json.dumps(summary, indent=2) + "\n")
    if arguments.sheet:
        contact_sheet(shown).save(arguments.sheet)


if __name__ == "__main__":
    main()
