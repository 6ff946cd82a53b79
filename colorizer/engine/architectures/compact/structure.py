"""How much of a photograph there is in a picture: where there is nothing to see, colors are a guess.

Trained on photographs, the network takes what has no structure for sky. What it says of blank paper,
of the back of a print or of a page of text is therefore weakened; of a photograph it is left as it
is, however large its sky: the measure is of the picture as a whole.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import avg_pool2d, max_pool2d, pad

SEEN_SIDE: Final = 256
"""The picture is looked at in as many pixels as a square with this side has."""
MARK_PIXELS: Final = 7
"""Of those, a little more than a line of handwriting, print or a stamp is thick."""
CELL_PIXELS: Final = 4
"""Averaged, noise and the grain of paper go."""
MARGIN_DEVIATION: Final = 2.0
"""Of luma, 8-bit units, along a row or column of cells: below, it may be part of a plain margin."""
MARGIN_DRIFT: Final = 3.0
"""How far its mean may be from that of the outermost one; farther, and it is a sky or a sea."""
MARGINS_DIFFER: Final = 10.0
"""Opposite margins are alike; where the means differ by more, there is a sky above something."""
GROUND_DRIFT: Final = 8.0
"""8-bit units: how far the ground that a sheet lies on may be from what it is beside the sheet."""
GROUND_BESIDE: Final = 0.9
"""So much of the picture's left or right side it has to be."""
SHEET_EDGE_CELLS: Final = 3
"""The edge of the sheet and its shadow, which are not looked at."""
SMALLEST_SHEET: Final = 0.2
"""Of the picture: what is smaller is something that was photographed."""
RECTANGULAR: Final = 0.85
"""Of the smallest rectangle around it, a sheet fills so much; an ellipse fills 0.79."""
STRONGEST: Final = 0.98
"""Of what there is in the cells: so few suffice, a strip of landscape below a sky for example."""
RICH_DEVIATION: Final = 4.0
"""Where no row or column has as much, the picture is plain or faded as a whole: nothing is cut off."""
TEXTURE_FACTOR: Final = 2.1
"""How far noise and paper vary around their median, which is the texture that is everywhere."""
MOST_TEXTURE: Final = 6.0
"""8-bit units; what has more is no noise or paper, but grass or a crowd."""
BLANK: Final = 1.5
PHOTOGRAPH: Final = 3.5
"""Structure, 8-bit units: up to BLANK no color is believed, from PHOTOGRAPH on every one is."""
FULL_RANGE: Final = 45.0
"""Between dark and light cells, 8-bit units: with less, a picture is faded, foggy or dark."""
LOWEST_DEMAND: Final = 0.5
"""That part of BLANK and PHOTOGRAPH is asked even of the most faded."""


@torch.inference_mode()
def photograph_share(luma: NDArray[Any]) -> float:
    """0 for what is blank, 1 for every photograph, smooth in between.

    Args:
        luma: H x W, uint8 or uint16 (full range).
    """
    seen = _seen(luma)
    cells = _cells(_without_marks(seen))
    sheet = _sheet(cells)
    structure = _structure(cells, sheet) / _demand(_cells(seen), sheet)
    share = min(1.0, max(0.0, (structure - BLANK) / (PHOTOGRAPH - BLANK)))
    return share * share * (3 - 2 * share)


def _seen(luma: NDArray[Any]) -> Tensor:
    """1 x 1 x h x w, 8-bit units."""
    height, width = luma.shape
    scale = SEEN_SIDE / math.sqrt(height * width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resampling = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    seen = np.asarray(Image.fromarray(luma).resize(size, resampling), dtype=np.float32)
    return torch.from_numpy(seen * np.float32(255 / np.iinfo(luma.dtype).max))[None, None]


def _cells(seen: Tensor) -> Tensor:
    """h x w, averages."""
    return avg_pool2d(seen, CELL_PIXELS, ceil_mode=True)[0, 0]


def _demand(cells: Tensor, sheet: Tensor | None) -> float:
    """Less than 1 where all that is looked at, marks included, has little contrast."""
    looked_at = cells.flatten() if sheet is None else cells[sheet]
    dark, light = torch.quantile(looked_at, torch.tensor([1 - STRONGEST, STRONGEST])).tolist()
    return float(min(1.0, max(LOWEST_DEMAND, (light - dark) / FULL_RANGE)))


def _without_marks(seen: Tensor) -> Tensor:
    """Without what is thin and dark: morphological closing (Serra, 1982)."""
    reach = MARK_PIXELS // 2
    return -_widened(-_widened(seen, reach), reach)


def _widened(values: Tensor, reach: int) -> Tensor:
    """Maxima in squares, so far in each direction: along columns, then along rows. ... x h x w."""
    along_columns = max_pool2d(values, (2 * reach + 1, 1), stride=1, padding=(reach, 0))
    return max_pool2d(along_columns, (1, 2 * reach + 1), stride=1, padding=(0, reach))


def _structure(cells: Tensor, sheet: Tensor | None) -> float:
    """How far the strongest edges rise above the texture that is everywhere."""
    if sheet is None:
        deviations = _local_deviations(_without_margins(cells)).flatten()
    else:
        deviations = _local_deviations(cells)[sheet]
    strongest, texture = torch.quantile(deviations, torch.tensor([STRONGEST, 0.5])).tolist()
    return float(strongest - min(TEXTURE_FACTOR * texture, MOST_TEXTURE))


def _sheet(cells: Tensor) -> Tensor | None:
    """Where a sheet lies on a plain ground, as on the bed of a scanner, upright or askew; None without one.

    The ground is seen around it or beside it: below a plain area alone there would be a sea or snow.
    """
    for side in (cells[:, 0], cells[:, -1]):
        ground = _reached_from_border((cells - side.median()).abs() <= GROUND_DRIFT)
        outside = ground | _border(cells)
        sheet = _widened(outside[None].float(), SHEET_EDGE_CELLS)[0] == 0
        if (
            max(ground[:, 0].float().mean(), ground[:, -1].float().mean()) >= GROUND_BESIDE
            and sheet.float().mean() >= SMALLEST_SHEET
            and _rectangularity(sheet) >= RECTANGULAR
        ):
            return sheet
    return None


def _border(cells: Tensor) -> Tensor:
    border = torch.ones_like(cells, dtype=torch.bool)
    border[1:-1, 1:-1] = False
    return border


def _reached_from_border(free: Tensor) -> Tensor:
    """Those of the free cells that the border is connected with."""
    reached = _border(free) & free
    while True:
        more = (_widened(reached[None].float(), 1)[0] > 0) & free
        if torch.equal(more, reached):
            return reached
        reached = more


def _rectangularity(mask: Tensor) -> float:
    """Its share of the smallest rectangle, at any angle, that holds it."""
    angles = torch.arange(90) * (math.pi / 180)
    y, x = mask.nonzero().T.float()[..., None]
    across, along = x * angles.cos() + y * angles.sin(), y * angles.cos() - x * angles.sin()
    width, height = (side.amax(0) - side.amin(0) + 1 for side in (across, along))
    return float(mask.sum() / (width * height).min())


def _without_margins(cells: Tensor) -> Tensor:
    """Without the plain rows and columns outside, and the cells on their borders."""
    return cells[_inside(cells), _inside(cells.T)]


def _inside(rows: Tensor) -> slice:
    """What is between the margins above and below; all rows where all are rather plain."""
    deviations, means = rows.std(dim=1, correction=0), rows.mean(dim=1)
    if deviations.max() < RICH_DEVIATION or (means[0] - means[-1]).abs() > MARGINS_DIFFER:
        return slice(None)
    above = _margin(deviations, means)
    below = _margin(deviations.flip(0), means.flip(0))
    inside = slice(above + (above > 0), len(rows) - below - (below > 0))
    return inside if inside.start < inside.stop else slice(None)


def _margin(deviations: Tensor, means: Tensor) -> int:
    """How many rows it has, counted from the first one."""
    plain = (deviations < MARGIN_DEVIATION) & ((means - means[0]).abs() <= MARGIN_DRIFT)
    return int(plain.cumprod(0).sum())


def _local_deviations(cells: Tensor) -> Tensor:
    """Standard deviations in windows of 3 x 3."""
    padded = pad(cells[None, None], (1, 1, 1, 1), mode="replicate")
    means, squares = (avg_pool2d(values, 3, stride=1) for values in (padded, padded * padded))
    return (squares - means * means).clamp_(min=0).sqrt()[0, 0]
