"""How steady the colors of films are, and how fast films are made: python -m benchmarks.films

    python -m benchmarks.films ../shared/photos/val-000.tar --sheet /tmp/methods.png
    python -m benchmarks.films --speed  # benchmarks/film_speed.py

A camera moves over color photographs whose colors are taken away: so motion and truth are known. The
light flickers and there is grain, as on old film, and something passes in front of it all.

flicker: mean absolute difference of chroma between neighbors, the later one warped back by the motion
that is known (8-bit units). drift: error of chroma against the truth, over all frames, and how much
more it is in the last quarter than in the first. color: mean strength of chroma as a share of the same
variant frame by frame. CDC: color distribution consistency (Liu et al., Temporally Consistent Video
Colorization, 2021; NTIRE 2023), mean Jensen-Shannon divergence of the histograms of R, G and B between
frames 1, 2 and 4 apart; less is steadier. runs: frames that the network saw.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.film_speed import RATE, write_speed
from colorizer.engine import Colorizer
from colorizer.engine.color import chroma_of
from colorizer.engine.variants import Variant
from colorizer.engine.video.chroma import refined
from colorizer.engine.video.flow import enlarged, flow, trust, warped
from colorizer.engine.video.steadiness import Steadied
from colorizer.evaluation.photographs import photographs, spread

SIZE: Final = (192, 144)
GRAIN: Final = 4.0
LIGHT: Final = 0.04
RENDER_FACTOR: Final = 10
RECURSION: Final = 0.8
SHOWN: Final = 8
BINS: Final = 256

Array = NDArray[Any]
Predict = Callable[[Array], Array]
Method = Callable[[Sequence[Array], Predict], tuple[list[Array], int]]


@dataclass
class Film:
    """Frames of a known motion.

    Attributes:
        lumas: h x w, uint8, with grain.
        truths: h x w x 2, chroma.
        to_photo: 2 x 3 each, from pixels of a frame to pixels of the photograph.
        behind: h x w, True where the photograph is seen, not what passes in front of it.
    """

    lumas: list[Array]
    truths: list[Array]
    to_photo: list[Array]
    behind: list[Array]


def camera_move(photo: Array, passing: Array, frames: int, seed: int) -> Film:
    """Pan, zoom and turn; an ellipse of another photograph passes from left to right."""
    rng = np.random.default_rng(seed)
    phases = rng.uniform(0, 2 * math.pi, 4)
    film = Film([], [], [], [])
    for index in range(frames):
        matrix = _camera(photo, index / RATE, phases)
        inverse = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
        rgb = cv2.warpAffine(photo, matrix, SIZE, flags=inverse, borderMode=cv2.BORDER_REFLECT_101)
        mask = _ellipse(index, frames)
        rgb = np.where(mask[..., None], cv2.resize(passing, SIZE), rgb)
        light = 1 + LIGHT * rng.uniform(-1, 1)
        luma = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY) * light + rng.normal(0, GRAIN, mask.shape)
        film.lumas.append(luma.clip(0, 255).astype(np.uint8))
        film.truths.append(np.moveaxis(chroma_of(rgb.astype(np.float32)), 0, 2))
        film.to_photo.append(matrix)
        film.behind.append(~mask)
    return film


def _camera(photo: Array, seconds: float, phases: Array) -> Array:
    height, width = photo.shape[:2]
    zoom = (
        0.62 * min(width / SIZE[0], height / SIZE[1]) * (1 + 0.12 * math.sin(seconds + phases[0]))
    )
    angle = math.radians(4) * math.sin(0.7 * seconds + phases[1])
    x = width / 2 + 0.15 * width * math.sin(0.9 * seconds + phases[2])
    y = height / 2 + 0.15 * height * math.sin(0.6 * seconds + phases[3])
    cosine, sine = zoom * math.cos(angle), zoom * math.sin(angle)
    turned = np.array([[cosine, -sine], [sine, cosine]])
    center = np.array([SIZE[0] / 2, SIZE[1] / 2])
    return np.column_stack([turned, np.array([x, y]) - turned @ center]).astype(np.float64)


def _ellipse(index: int, frames: int) -> Array:
    mask = np.zeros(SIZE[::-1], np.uint8)
    x = round(SIZE[0] * (1.6 * index / frames - 0.3))
    cv2.ellipse(mask, (x, SIZE[1] * 2 // 3), (22, 40), 0, 0, 360, 1, -1)
    return mask.astype(bool)


def frame_by_frame(lumas: Sequence[Array], predict: Predict) -> tuple[list[Array], int]:
    return [refined(predict(luma), luma) for luma in lumas], len(lumas)


def recursive(lumas: Sequence[Array], predict: Predict) -> tuple[list[Array], int]:
    """The network sees each frame; each takes what the one before has, as far as it is trusted."""
    held: list[Array] = []
    for index, luma in enumerate(lumas):
        own = refined(predict(luma), luma)
        if held:
            now, before = (
                cv2.resize(one, None, fx=0.5, fy=0.5) for one in (luma, lumas[index - 1])
            )
            there, back = flow(now, before), flow(before, now)
            size = luma.shape[1], luma.shape[0]
            share = cv2.resize(trust(now, before, there, back), size)[..., None] * RECURSION
            own = own + share * (warped(held[-1], enlarged(there, size)) - own)
        held.append(own)
    return held, len(lumas)


def key_frames(smoothing: float) -> Method:
    def method(lumas: Sequence[Array], predict: Predict) -> tuple[list[Array], int]:
        seconds = [index / RATE for index in range(len(lumas))]
        steadied = Steadied(lumas, seconds, lambda luma, _index: predict(luma), smoothing)
        return list(steadied.frames(range(len(lumas)))), steadied.network_runs

    return method


METHODS: Final[dict[str, Method]] = {
    "frame by frame": frame_by_frame,
    "recursive flow": recursive,
    "key frames, smoothing 0.3": key_frames(0.3),
    "key frames, smoothing 0.7": key_frames(0.7),
    "key frames, smoothing 1": key_frames(1.0),
}


def flicker(film: Film, colors: Sequence[Array]) -> float:
    differences = []
    for index in range(len(colors) - 1):
        way, inside = _known_way(film, index)
        later = warped(np.ascontiguousarray(colors[index + 1]), way)
        behind = film.behind[index] & inside
        differences.append(np.abs(later - colors[index])[behind].mean())
    return float(np.mean(differences))


def _known_way(film: Film, index: int) -> tuple[Array, Array]:
    """From a frame to the next one, and where the same is seen in both."""
    square = [np.vstack([film.to_photo[at], [0, 0, 1]]) for at in (index, index + 1)]
    matrix = (np.linalg.inv(square[1]) @ square[0])[:2]
    rows, columns = np.indices(SIZE[::-1], dtype=np.float32)
    places = np.stack([columns, rows, np.ones_like(rows)], axis=-1) @ matrix.T.astype(np.float32)
    way = (places - np.dstack([columns, rows])).astype(np.float32)
    inside = (places >= 0).all(axis=-1) & (places <= np.array(SIZE) - 1).all(axis=-1)
    seen = warped(film.behind[index + 1].astype(np.float32), way) > 0.99  # noqa: PLR2004  (rounding)
    return way, inside & seen


def errors(film: Film, colors: Sequence[Array]) -> Array:
    both = zip(colors, film.truths, strict=True)
    return np.array([np.abs(color - truth).mean() for color, truth in both])


def strength(colors: Sequence[Array]) -> float:
    return float(np.mean([np.hypot(color[..., 0], color[..., 1]).mean() for color in colors]))


def ghosts(film: Film, colors: Sequence[Array], plain: Sequence[Array]) -> float:
    """Where something has just passed: difference to what the frame alone would give."""
    found = []
    for index in range(4, len(colors)):
        uncovered = film.behind[index] & ~film.behind[index - 4]
        if uncovered.sum() > 50:  # noqa: PLR2004  (pixels)
            found.append(np.abs(colors[index] - plain[index])[uncovered].mean())
    return float(np.mean(found))


def distribution_consistency(film: Film, colors: Sequence[Array]) -> float:
    histograms = [_histograms(rgb_of(*one)) for one in zip(film.lumas, colors, strict=True)]
    apart = [
        np.mean(
            [
                _divergence(one, other)
                for one, other in zip(histograms, histograms[step:], strict=False)
            ]
        )
        for step in (1, 2, 4)
    ]
    return float(np.mean(apart))


def _histograms(rgb: Array) -> Array:
    counts = [np.bincount(rgb[..., band].ravel(), minlength=BINS) for band in range(3)]
    return np.array(counts) / rgb[..., 0].size


def _divergence(one: Array, other: Array) -> float:
    middle = (one + other) / 2

    def relative(share: Array) -> Array:
        return np.where(
            share > 0, share * np.log(np.maximum(share, 1e-12) / np.maximum(middle, 1e-12)), 0
        )

    return float((relative(one) + relative(other)).sum(axis=1).mean() / 2)


def rgb_of(luma: Array, chroma: Array) -> Array:
    planes = [luma, chroma[..., 1] + 128, chroma[..., 0] + 128]
    ycc = np.dstack([np.asarray(plane).clip(0, 255) for plane in planes]).astype(np.uint8)
    return cv2.cvtColor(ycc, cv2.COLOR_YCrCb2RGB)


def carried_over_cuts(predict: Predict, films: Sequence[Film]) -> float:
    """The greatest difference between a scene on its own and after another one."""
    lumas = [*films[0].lumas[:20], *films[1].lumas[:20]]
    seconds = [index / RATE for index in range(40)]

    def colors(part: slice) -> list[Array]:
        steadied = Steadied(lumas[part], seconds[part], lambda luma, _index: predict(luma), 0.7)
        return list(steadied.frames(range(len(lumas[part]))))

    together = colors(slice(40))
    apart = [*colors(slice(20)), *colors(slice(20, 40))]
    return max(float(np.abs(a - b).max()) for a, b in zip(together, apart, strict=True))


class Remembered:
    """Predictions, each made once for all methods."""

    def __init__(self, variant: Variant) -> None:
        self._colorizer = Colorizer.for_variant(variant)
        self._known: dict[bytes, Array] = {}

    def __call__(self, luma: Array) -> Array:
        key = luma.tobytes()
        if key not in self._known:
            self._known[key], _ = self._colorizer.predict_chroma(luma, RENDER_FACTOR)
        return self._known[key]


def films_of(archive: Path, count: int, frames: int) -> list[Film]:
    found = photographs(archive)
    chosen = [np.asarray(found[place].image()) for place in spread(len(found), count + 1)]
    chosen = [
        cv2.resize(photo, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC) for photo in chosen
    ]
    passing = pairwise(chosen)
    return [camera_move(photo, other, frames, seed) for seed, (photo, other) in enumerate(passing)]


def write_steadiness(archive: Path, count: int, frames: int, sheet: Path | None) -> None:
    films = films_of(archive, count, frames)
    rows: list[Array] = []
    titles = ("flicker", "error", "drift", "color", "ghosts", "CDC", "runs")
    header = f"{'variant':10}{'method':27}" + "".join(f"{title:>9}" for title in titles)
    sys.stdout.write(header + "\n")
    for variant in ("artistic", "stable", "video"):
        predict = Remembered(variant)
        plain = [frame_by_frame(film.lumas, predict)[0] for film in films]
        for name, method in METHODS.items():
            done = [method(film.lumas, predict) for film in films]
            colors = [result for result, _ in done]
            quarter = frames // 4
            wrong = [errors(film, result) for film, result in zip(films, colors, strict=True)]
            drift = np.mean([error[-quarter:].mean() - error[:quarter].mean() for error in wrong])
            both = list(zip(films, colors, strict=True))
            share = np.mean([strength(result) for result in colors]) / np.mean(
                [strength(result) for result in plain]
            )
            haunted = np.mean(
                [
                    ghosts(film, result, alone)
                    for (film, result), alone in zip(both, plain, strict=True)
                ]
            )
            sys.stdout.write(
                f"{variant:10}{name:27}{np.mean([flicker(*one) for one in both]):9.3f}"
                f"{np.mean(wrong):9.2f}{drift:9.2f}{share:9.0%}{haunted:9.2f}"
                f"{np.mean([distribution_consistency(*one) for one in both]):9.5f}"
                f"{sum(runs for _, runs in done) / (frames * len(films)):9.0%}\n"
            )
            sys.stdout.flush()
            rows.extend(contact_row(film, result) for film, result in both[:2])
        sys.stdout.write(f"carried over a cut: {carried_over_cuts(predict, films):.3f}\n")
    truth = np.mean([flicker(film, film.truths) for film in films])
    sys.stdout.write(f"{'truth':37}{truth:9.3f}\n")
    if sheet:
        Image.fromarray(np.vstack(rows)).save(sheet)


def contact_row(film: Film, colors: Sequence[Array]) -> Array:
    places = spread(len(colors), SHOWN)
    return np.hstack([cv2.resize(rgb_of(film.lumas[at], colors[at]), (200, 160)) for at in places])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, nargs="?", help="a tar shard or a folder")
    parser.add_argument("--films", type=int, default=4, help="2 or more: there are cuts between")
    parser.add_argument(
        "--frames", type=int, default=200, help="of each; speed takes half and less"
    )
    parser.add_argument("--sheet", type=Path, help="write eight frames per method as a picture")
    parser.add_argument("--speed", action="store_true")
    arguments = parser.parse_args()
    if arguments.photos:
        write_steadiness(arguments.photos, arguments.films, arguments.frames, arguments.sheet)
    if arguments.speed:
        write_speed(arguments.frames)


if __name__ == "__main__":
    main()
