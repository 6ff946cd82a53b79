"""What is no photograph gets no color, and every photograph all of it: `compact` with the bundled weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont
from skimage import data

from colorizer.engine.architectures.compact import chroma_upsampling, processing
from colorizer.engine.architectures.compact.structure import photograph_share
from colorizer.engine.colorizer import Colorizer

Pixels = npt.NDArray[Any]
SIZE = (360, 480)
PAPER, INK = 205, 120


def eight_bit(values: Pixels) -> Pixels:
    return np.clip(np.round(values), 0, 255).astype(np.uint8)


@cache
def noise(level: float, deviation: float, size: tuple[int, int] = SIZE) -> Pixels:
    return eight_bit(np.random.default_rng(1).normal(level, deviation, size))


@cache
def paper(level: int = PAPER) -> Pixels:
    """Grain, fibers and clouds."""
    generator, (height, width) = np.random.default_rng(2), SIZE
    clouds = np.zeros(SIZE)
    for scale in (1, 3, 30):
        coarse = generator.normal(0, 2.5, (height // scale + 1, width // scale + 1))
        clouds += np.asarray(Image.fromarray(coarse).resize((width, height)))
    return eight_bit(level + clouds)


@cache
def back_of_a_print(ink: int = INK) -> Pixels:
    picture = Image.fromarray(paper())
    draw = ImageDraw.Draw(picture)
    for row in range(3):
        draw.text(
            (40, 60 + 26 * row), "Grandmother at the sea, 1934", ink, ImageFont.load_default(20)
        )
    draw.ellipse((330, 220, 430, 320), outline=ink, width=2)
    draw.text((350, 262), "FOTO", ink, ImageFont.load_default(22))
    return np.asarray(picture)


def page_of_text(ground: int = 240, ink: int = 20) -> Pixels:
    picture = Image.fromarray(noise(ground, 2))
    draw = ImageDraw.Draw(picture)
    for row in range(14):
        draw.text((20, 12 + 24 * row), "It was the best of times, it was the worst of times", ink)
    return np.asarray(picture)


def slope(first: int, last: int) -> Pixels:
    return np.tile(eight_bit(np.linspace(first, last, SIZE[1])), (SIZE[0], 1))


def vignette() -> Pixels:
    y, x = np.mgrid[-1 : 1 : SIZE[0] * 1j, -1 : 1 : SIZE[1] * 1j]
    return eight_bit(230 - 60 * (x * x + y * y))


def framed(inside: Pixels, frame: int) -> Pixels:
    return np.pad(inside, 30, constant_values=frame)


def on_a_bed(
    inside: Pixels, bed: int, angle: float = 0, at: tuple[int, int] | None = None
) -> Pixels:
    """As a scanner sees it: in the middle, or at a place, for example in a corner."""
    sheet = Image.fromarray(inside).resize((480, 360)).convert("LA")
    sheet = sheet.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    scan = Image.fromarray(noise(bed, 1.5, (600, 800)))
    middle = (scan.width - sheet.width) // 2, (scan.height - sheet.height) // 2
    scan.paste(sheet.convert("L"), at or middle, sheet.getchannel("A"))
    return np.asarray(scan)


def egg() -> Pixels:
    picture = Image.fromarray(noise(200, 1.5, (600, 800)))
    ImageDraw.Draw(picture).ellipse((200, 120, 600, 480), 90)
    return np.asarray(picture)


def rows(*levels: npt.ArrayLike) -> Pixels:
    """The same from left to right, but for noise."""
    column = np.concatenate([np.asarray(part, float) for part in levels])[:, None]
    return eight_bit(column + np.random.default_rng(3).normal(0, 1.5, (len(column), 480)))


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return np.asarray(Image.open(stream))


def skier() -> Pixels:
    snow = noise(235, 1.5, (600, 800)).copy()
    snow[260:340, 390:410] = 50
    return snow


@cache
def portrait() -> Pixels:
    return np.asarray(Image.fromarray(data.astronaut()).convert("L"))


def faded(darkest: int, brightest: int, picture: Pixels | None = None) -> Pixels:
    picture = portrait() if picture is None else picture
    return eight_bit(darkest + picture * ((brightest - darkest) / 255))


def under_a_sky(share: float) -> Pixels:
    """The portrait's lower part, and plain sky above."""
    ground = round(512 * (1 - share))
    sky = np.tile(np.linspace(190, 215, 512 - ground)[:, None], (1, 512))
    return np.vstack([eight_bit(sky), portrait()[512 - ground :]])


def back_on_a_bed(bed: int, angle: float) -> Pixels:
    return on_a_bed(back_of_a_print(), bed, angle)


# Made when they are looked at: each process imports this module.
BLANK: dict[str, Callable[[], Pixels]] = {
    **{
        f"gray {level}": partial(np.full, SIZE, level, np.uint8) for level in (0, 60, 128, 200, 255)
    },
    **{f"noise {deviation}": partial(noise, 128, deviation) for deviation in (2, 8, 20, 25)},
    "noise, JPEG": lambda: jpeg(noise(128, 25), 20),
    "small noise": lambda: noise(128, 6, (64, 64)),
    "paper": paper,
    "dark paper": lambda: paper(90),
    "paper, JPEG": lambda: jpeg(paper(), 20),
    "back of a print": back_of_a_print,
    "back of a print, JPEG": lambda: jpeg(back_of_a_print(), 50),
    "back in black ink": lambda: back_of_a_print(10),
    "text": page_of_text,
    "gray text": lambda: page_of_text(190, 90),
    "text, JPEG": lambda: jpeg(page_of_text(), 75),
    "slope": lambda: slope(60, 220),
    "steep slope": lambda: slope(0, 255),
    "vignette": vignette,
    "paper on black": lambda: framed(paper(), 5),
    "paper on white": lambda: framed(paper(180), 250),
    "gray on white, JPEG": lambda: jpeg(framed(np.full(SIZE, 150, np.uint8), 255), 20),
    **{
        f"back on a bed of {bed}, {angle} degrees askew": partial(back_on_a_bed, bed, angle)
        for bed in (8, 128, 250)
        for angle in (0, 2, 20, 45)
    },
    "text askew on a bed": lambda: on_a_bed(page_of_text(), 60, 7),
    "back in the corner of a bed": lambda: on_a_bed(back_of_a_print(), 8, at=(320, 240)),
    "back askew in a corner": lambda: on_a_bed(back_of_a_print(), 250, 2, at=(0, 0)),
    "back beside a dark strip": lambda: on_a_bed(back_of_a_print(), 8)[120:480, 160:740],
    "16 bits": lambda: np.full(SIZE, 128 * 257, np.uint16),
    "a pixel": lambda: np.full((1, 1), 128, np.uint8),
    "a row": lambda: np.full((1, 3000), 128, np.uint8),
}
PHOTOGRAPHS: dict[str, Callable[[], Pixels]] = {
    "portrait": portrait,
    "16 bits": lambda: portrait().astype(np.uint16) * 257,
    "small": lambda: np.asarray(Image.fromarray(portrait()).resize((24, 24))),
    "cat": lambda: np.asarray(Image.fromarray(data.chelsea()).convert("L")),
    "gravel": data.gravel,
    "grass": data.grass,
    "brick": data.brick,
    "moon": data.moon,
    "faded": lambda: faded(100, 150),
    "very faded": lambda: faded(120, 142),
    "hardly there": lambda: faded(124, 134),
    "cat, very faded": lambda: faded(105, 145, data.chelsea()[..., 1]),
    "cat in fog": lambda: faded(190, 228, data.chelsea()[..., 1]),
    "dark": lambda: faded(0, 40),
    "very dark": lambda: faded(0, 12),
    "skier": skier,
    "sea": lambda: rows(np.full(180, 200), np.full(180, 110)),
    "sea in haze": lambda: rows(np.linspace(215, 190, 180), np.linspace(140, 100, 180)),
    "dunes": lambda: rows(np.full(180, 210), np.linspace(210, 150, 60), np.full(120, 150)),
    "plain": lambda: rows(np.linspace(150, 215, 300), np.full(60, 90)),
    "under much sky": lambda: under_a_sky(0.8),
    "under nothing but sky": lambda: under_a_sky(0.94),
    "askew on a bed": lambda: on_a_bed(portrait(), 8, 7),
    "faded, askew on a bed": lambda: on_a_bed(faded(120, 142), 250, 20),
    "faded, in the corner of a bed": lambda: on_a_bed(faded(120, 142), 8, at=(320, 240)),
    "egg": egg,
    "in a white frame": lambda: framed(
        np.asarray(Image.fromarray(portrait()).resize((90, 90))), 245
    ),
}


@pytest.mark.parametrize("made", BLANK.values(), ids=BLANK)
def test_there_is_nothing_of_a_photograph_in_what_is_blank(made: Callable[[], Pixels]) -> None:
    assert photograph_share(made()) == 0


@pytest.mark.parametrize("made", PHOTOGRAPHS.values(), ids=PHOTOGRAPHS)
def test_a_photograph_is_one_wholly(made: Callable[[], Pixels]) -> None:
    assert photograph_share(made()) == 1


def test_in_between_there_is_no_sudden_change() -> None:
    contrasts = np.arange(0.5, 16, 0.25) / 128
    pictures = (0.5 + (portrait() / 255 - 0.5) * contrast for contrast in contrasts)
    shares = [photograph_share((65535 * picture).astype(np.uint16)) for picture in pictures]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert max(np.diff(shares)) < 0.5


def test_blank_paper_comes_out_gray_and_a_photograph_as_before() -> None:
    colorizer = Colorizer.for_variant("artistic")
    result = np.asarray(colorizer.colorize(Image.fromarray(back_of_a_print()), 8))
    assert (result == back_of_a_print()[..., None]).all()
    chroma = torch.randn(1, 2, 16, 16, generator=torch.Generator().manual_seed(1))
    with_the_rule = processing.postprocess(portrait(), chroma)
    without_it = chroma_upsampling.upsample_chroma(portrait(), chroma[0])
    np.testing.assert_array_equal(with_the_rule, without_it)


@pytest.mark.parametrize(("width", "weaker"), [(640, 1), (1280, 2), (64_000, 100)])
def test_strips_that_the_network_has_seen_squeezed_stay_calm(width: int, weaker: int) -> None:
    strip = np.tile(portrait()[200:240], (1, width // 512 + 1))[:, :width].copy()
    chroma = torch.full((1, 2, 8, 320), 50.0)
    offsets = processing.postprocess(strip, chroma).astype(int)[..., 0] - strip
    assert np.median(offsets) == pytest.approx(1.402 * 50 / weaker, abs=1)
