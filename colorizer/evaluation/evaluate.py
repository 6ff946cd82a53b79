"""Every picture made gray, colorized through the public pipeline and compared with the real one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from PIL import Image

from colorizer.degradation.old_photograph import gray_and_truth
from colorizer.engine.colorizer import Colorizer
from colorizer.evaluation.ciede2000 import ciede2000
from colorizer.evaluation.flicker import flicker
from colorizer.evaluation.frechet import (
    FeatureExtractor,
    Features,
    frechet_distance,
    lite0_features,
    statistics_of,
)
from colorizer.evaluation.hinted import HintedScores, hinted_labels
from colorizer.evaluation.metrics import Pixels, chroma_psnr, colorfulness, psnr, ssim

PairMetric = Callable[[Pixels, Pixels], float]

PAIR_METRICS: Final[dict[str, PairMetric]] = {
    "psnr": psnr,
    "chroma_psnr": chroma_psnr,
    "ssim": ssim,
    "ciede2000": ciede2000,
}
GrayAndTruth = tuple[Image.Image, Image.Image]
"""Mode "L"; mode "RGB": what colorizing it should give."""
OLD_SEED: Final = 18
METRICS: Final = (*PAIR_METRICS, "colorfulness", "frechet")


LABELS: Final = {
    "psnr": "PSNR, dB",
    "chroma_psnr": "Chroma PSNR, dB",
    "ssim": "SSIM",
    "ciede2000": "CIEDE2000",
    "lpips": "LPIPS",
    "colorfulness": "Colorfulness",
    "frechet": "Fréchet distance",
    "inception_frechet": "Fréchet, Inception",
    "flicker": "Flicker, 8-bit units",
}
"""Of the table, in its order."""


class Row(NamedTuple):
    """One photo, three times, mode "RGB"."""

    gray: Image.Image
    colorized: Image.Image
    real: Image.Image


@dataclass(frozen=True)
class Summary:
    """What came out.

    Attributes:
        figures: by name, for example "psnr", "gray_psnr" and "psnr_gain" (dB), "colorfulness_ratio"
            and "frechet_ratio" (shares, not percents); docs/evaluation.md lists them. Those of pairs
            and colorfulness are means over the pictures, ratios are ratios of the means.
        scores: of every picture, in the order given.
    """

    pictures: int
    render_factor: int
    weights: str
    weights_sha256: str
    figures: dict[str, float]
    scores: list[dict[str, float]] = field(repr=False)


class Measurements:
    """Takes rows one by one, so that no picture has to be kept.

    Args:
        metrics: some of METRICS.
        pair_metrics: further ones of colorized against real, by name.
        extractors: further features to take Fréchet distances of, by name.
        hinted: measures each picture with hints, too.
    """

    def __init__(
        self,
        metrics: Collection[str] = METRICS,
        pair_metrics: Mapping[str, PairMetric] | None = None,
        extractors: Mapping[str, FeatureExtractor] | None = None,
        hinted: HintedScores | None = None,
    ) -> None:
        chosen = {name: metric for name, metric in PAIR_METRICS.items() if name in metrics}
        self._pair_metrics = chosen | dict(pair_metrics or {})
        self._colorfulness = "colorfulness" in metrics
        lite0 = {"frechet": lite0_features} if "frechet" in metrics else {}
        self._extractors = lite0 | dict(extractors or {})
        self._hinted = hinted
        self._features: dict[str, list[Features]] = {name: [] for name in self._extractors}
        self.scores: list[dict[str, float]] = []

    def add(self, row: Row) -> None:
        """Measure one picture.

        Raises:
            ValueError: the real picture is gray.
        """
        gray, colorized, real = (np.asarray(picture) for picture in row)
        if is_gray(real):
            raise ValueError(
                f"Picture {len(self.scores) + 1} is gray: nothing to compare colors with. "
                "Leave it out."
            )
        scores = {}
        for name, metric in self._pair_metrics.items():
            scores[name] = metric(colorized, real)
            scores[f"gray_{name}"] = metric(gray, real)
        if self._colorfulness:
            scores["colorfulness"] = colorfulness(colorized)
            scores["real_colorfulness"] = colorfulness(real)
        if self._hinted:
            scores |= self._hinted(len(self.scores), *row)
        self.scores.append(scores)
        for name, extract in self._extractors.items():
            self._features[name].append(extract(row))

    def figures(self) -> dict[str, float]:
        """Means, Fréchet distances and what follows from them.

        Raises:
            ValueError: no pictures, or only one where a Fréchet distance is asked for.
        """
        if not self.scores:
            raise ValueError("There are no pictures to evaluate on.")
        figures = {
            name: float(np.mean([scores[name] for scores in self.scores]))
            for name in self.scores[0]
        }
        if "psnr" in figures:
            figures["psnr_gain"] = figures["psnr"] - figures["gray_psnr"]
        if self._colorfulness:
            figures["colorfulness_ratio"] = figures["colorfulness"] / figures["real_colorfulness"]
        for name, features in self._features.items():
            figures |= _distances(name, features)
        return figures


def is_gray(real: Pixels) -> bool:
    return bool((real == real[..., :1]).all())


def _distances(name: str, features: list[Features]) -> dict[str, float]:
    gray, colorized, real = (statistics_of(vectors) for vectors in np.stack(features, axis=1))
    distance, gray_distance = frechet_distance(colorized, real), frechet_distance(gray, real)
    return {
        name: distance,
        f"gray_{name}": gray_distance,
        f"{name}_ratio": distance / gray_distance,
    }


def made_gray(pictures: Iterable[Image.Image]) -> Iterator[GrayAndTruth]:
    """As Pillow makes gray (BT.601). Args: pictures: mode "RGB"."""
    return ((picture.convert("L"), picture) for picture in pictures)


def made_old(pictures: Iterable[Image.Image]) -> Iterator[GrayAndTruth]:
    """As film, years and scanners make gray; the same each time for a place in the set."""
    for index, picture in enumerate(pictures):
        yield gray_and_truth(picture, np.random.default_rng((OLD_SEED, index)))


def colorized_rows(
    colorizer: Colorizer, pictures: Iterable[GrayAndTruth], render_factor: int
) -> Iterator[Row]:
    """Gray, colorized and real of every picture, mode "RGB"."""
    for gray, real in pictures:
        yield Row(gray.convert("RGB"), colorizer.colorize(gray, render_factor), real)


def evaluate(
    colorizer: Colorizer,
    pictures: Iterable[GrayAndTruth],
    render_factor: int,
    measurements: Measurements | None = None,
    flicker_pictures: int = 0,
    watch: Callable[[int, Row], None] | None = None,
) -> Summary:
    """Colorize and measure.

    Args:
        pictures: from `made_gray` or `made_old`.
        measurements: a fresh one; all of METRICS unless given.
        flicker_pictures: of how many, the first ones, flicker is measured, too; each is colorized
            1 + flicker.COPIES times more.
        watch: called with every row and its index once it is measured.

    Raises:
        ValueError: no pictures, a gray one, one smaller than 11 pixels, or a render factor that is
            out of range.
    """
    measured = measurements or Measurements()
    flickers = []
    for index, row in enumerate(colorized_rows(colorizer, pictures, render_factor)):
        measured.add(row)
        if index < flicker_pictures:
            flickers.append(flicker(colorizer, row.real, render_factor, seed=index))
        if watch:
            watch(index, row)
    figures = measured.figures()
    if flickers:
        figures["flicker"] = float(np.mean(flickers))
    return Summary(
        pictures=len(measured.scores),
        render_factor=render_factor,
        weights=colorizer.weights_name,
        weights_sha256=colorizer.weights_sha256,
        figures=figures,
        scores=measured.scores,
    )


def as_table(summary: Summary) -> str:
    """Aligned columns for colorized, gray and real pictures, and colorized's gain or share."""
    head = (
        f"{summary.weights} on {summary.pictures} pictures, render factor {summary.render_factor}"
    )
    names = f"{'':20}{'colorized':>10}{'gray':>10}{'real':>10}"
    return "\n".join([head, names, *_lines(summary.figures)]) + "\n"


def _lines(figures: dict[str, float]) -> Iterator[str]:
    for name, label in (LABELS | hinted_labels(figures)).items():
        if name in figures:
            cells = (figures.get(key) for key in (name, f"gray_{name}", f"real_{name}"))
            yield f"{label:20}{''.join(map(_cell, cells))}{_against(name, figures)}".rstrip()


def _cell(figure: float | None) -> str:
    return f"{'':10}" if figure is None else f"{figure:10.3f}"


def _against(name: str, figures: dict[str, float]) -> str:
    if f"{name}_ratio" in figures:
        reference = "real" if f"real_{name}" in figures else "gray"
        return f"  {figures[f'{name}_ratio']:.1%} of {reference}"
    if f"gray_{name}" in figures:
        return f"  {figures[name] - figures[f'gray_{name}']:+.3f} to gray"
    if f"{name}_gain" in figures:
        return f"  {figures[f'{name}_gain']:+.3f} to no hints"
    return ""
