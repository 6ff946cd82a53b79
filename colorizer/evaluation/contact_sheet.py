"""Many small pictures on one sheet, to be looked at before any figure is believed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont, ImageOps

from colorizer.engine.files import finished_file

CELL: Final = (240, 180)
GAP: Final = 4
LABEL_HEIGHT: Final = 20
LABEL_SIZE: Final = 13


class Strip(NamedTuple):
    """One photo in several versions, mode "RGB", and what to write under it."""

    label: str
    pictures: Sequence[Image.Image]


def contact_sheet(columns: Sequence[str], strips: Sequence[Strip], across: int) -> Image.Image:
    """Strips one under the other, `across` of them side by side; mode "RGB".

    Args:
        columns: what stands above the pictures of each strip.

    Raises:
        ValueError: no strips, or one that has not as many pictures as there are columns.
    """
    if not strips:
        raise ValueError("A sheet needs at least one picture.")
    width, height = len(columns) * (CELL[0] + GAP) + GAP, CELL[1] + LABEL_HEIGHT
    lines = math.ceil(len(strips) / across)
    across = min(across, len(strips))
    sheet = Image.new("RGB", (across * width, LABEL_HEIGHT + lines * height), "white")
    for place in range(across):
        _write_columns(sheet, columns, place * width)
    for index, strip in enumerate(strips):
        line, place = divmod(index, across)
        _paste(sheet, strip, len(columns), (place * width, LABEL_HEIGHT + line * height))
    return sheet


def _write_columns(sheet: Image.Image, columns: Sequence[str], left: int) -> None:
    for column, name in enumerate(columns):
        center = left + GAP + column * (CELL[0] + GAP) + CELL[0] // 2
        _write(sheet, (center, LABEL_HEIGHT // 2), name, "mm")


def _paste(sheet: Image.Image, strip: Strip, columns: int, corner: tuple[int, int]) -> None:
    left, top = corner
    if len(strip.pictures) != columns:
        raise ValueError(f"{strip.label} has {len(strip.pictures)} pictures for {columns} columns.")
    for column, picture in enumerate(strip.pictures):
        fitted = ImageOps.pad(picture, CELL, Image.Resampling.LANCZOS, color="white")
        sheet.paste(fitted, (left + GAP + column * (CELL[0] + GAP), top))
    _write(sheet, (left + GAP, top + CELL[1] + LABEL_HEIGHT // 2), strip.label, "lm")


def _write(sheet: Image.Image, place: tuple[int, int], text: str, anchor: str) -> None:
    font = ImageFont.load_default(LABEL_SIZE)
    ImageDraw.Draw(sheet).text(place, text, "black", font, anchor)


def save_sheet(sheet: Image.Image, destination: Path) -> None:
    """In the format of the destination's suffix; all of it or nothing.

    Raises:
        ValueError: no format has that suffix.
        OSError: the destination cannot be written.
    """
    formats = Image.registered_extensions()
    suffix = destination.suffix.lower()
    if suffix not in formats:
        raise ValueError(f"{destination} has no known suffix. Name the sheet .png or .jpg.")
    with finished_file(destination) as file:
        sheet.save(file, formats[suffix])
