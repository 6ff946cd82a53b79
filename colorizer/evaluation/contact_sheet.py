"""Many small pictures on one sheet, to be looked at before any figure is believed."""

from __future__ import annotations

import math
from typing import NamedTuple

from PIL import Image, ImageOps

CELL = (200, 150)
ROWS_ACROSS = 3


class Row(NamedTuple):
    """One photo, three times, mode "RGB"."""

    gray: Image.Image
    painted: Image.Image
    real: Image.Image


def contact_sheet(rows: list[Row]) -> Image.Image:
    """Gray, painted and real side by side, ROWS_ACROSS photos to a line; mode "RGB"."""
    width, height = CELL
    lines = math.ceil(len(rows) / ROWS_ACROSS)
    sheet = Image.new("RGB", (width * len(Row._fields) * ROWS_ACROSS, height * lines), "white")
    for index, row in enumerate(rows):
        line, place = divmod(index, ROWS_ACROSS)
        for column, picture in enumerate(row):
            left = width * (place * len(row) + column)
            sheet.paste(ImageOps.contain(picture, CELL), (left, line * height))
    return sheet
