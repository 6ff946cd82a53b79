"""Hints as the network of `compact` gets them, and their colors kept in what it predicts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from colorizer.engine.color import chroma_of
from colorizer.engine.hints import Hint

REACH: Final = 24
"""Cells that a correction goes at most."""
DAMPING: Final = 1 / 6**2
"""On even ground it falls to 1/e within 6 cells of a row of hints."""
LUMA_DEVIATION: Final = 8.0
"""8-bit units between neighboring cells; over a step that is much larger no correction goes."""


def hint_planes(
    hints: Sequence[Hint], size: tuple[int, int], grid: Sequence[int]
) -> NDArray[np.float32]:
    """Draw hints into cells: those whose centers they cover, and the one that each lies in.

    Args:
        hints: a cell has the color of the last one that covers it, as with strokes of a brush.
        size: width and height of the picture that they belong to.
        grid: how many rows and columns of cells the picture has.

    Returns:
        3 x rows x columns: Cb and Cr in 8-bit units around 0, and the mask; all 0 where no hint is.
    """
    rows, columns = grid
    planes = np.zeros((3, rows, columns), np.float32)
    across, down = size[0] / columns, size[1] / rows
    for hint in hints:
        left, right = _span(hint.x / across, hint.radius / across, columns)
        top, bottom = _span(hint.y / down, hint.radius / down, rows)
        x = (np.arange(left, right) + 0.5) * across - hint.x
        y = (np.arange(top, bottom) + 0.5) * down - hint.y
        covered = np.hypot(x, y[:, None]) <= hint.radius
        own_row, own_column = _cell(hint.y / down, rows), _cell(hint.x / across, columns)
        covered[own_row - top, own_column - left] = True
        planes[:, top:bottom, left:right][:, covered] = _values(hint)[:, None]
    return planes


def _span(center: float, radius: float, cells: int) -> tuple[int, int]:
    return _cell(center - radius, cells), _cell(center + radius, cells) + 1


def _cell(place: float, cells: int) -> int:
    return min(cells - 1, max(0, math.floor(place)))


def _values(hint: Hint) -> NDArray[np.float32]:
    chroma = chroma_of(np.array(hint.color, np.float32))
    return np.array([*chroma, 1], np.float32)


@torch.inference_mode()
def with_hints(chroma: Tensor, planes: Tensor, luma: NDArray[Any]) -> Tensor:
    """Predicted chroma with the hints' own at their cells, and what that changes carried on to what belongs to them.

    The network sees hints, but is free to say something else. What it lacks at the hinted cells is
    spread from each cell to its neighbors, less the more they differ in luma and the farther it goes: a
    screened Poisson equation by Jacobi's method, with weights as in Levin et al., Colorization using
    Optimization (SIGGRAPH 2004). Where hints are met already, nothing is changed.

    Args:
        chroma: 2 x h x w, Cb and Cr in 8-bit units around 0.
        planes: 3 x h x w, see `hint_planes`.
        luma: H x W, uint8 or uint16, of the picture.
    """
    hinted = planes[2] > 0
    lacking = torch.where(hinted, planes[:2] - chroma, 0.0)
    across, down = _similarities(_cell_luma(luma, chroma.shape[-2:]))
    total = _spread(torch.ones_like(lacking), across, down) + DAMPING
    correction = lacking
    for _ in range(REACH):
        spread = _spread(correction, across, down) / total
        correction = torch.where(hinted, lacking, spread)
    return chroma + correction


def _cell_luma(luma: NDArray[Any], grid: Sequence[int]) -> Tensor:
    """h x w, 8-bit units."""
    rows, columns = grid
    cells = Image.fromarray(luma).resize((columns, rows), Image.Resampling.BOX)
    scale = np.float32(255 / np.iinfo(luma.dtype).max)
    return torch.from_numpy(np.asarray(cells, np.float32) * scale)


def _similarities(luma: Tensor) -> tuple[Tensor, Tensor]:
    """0..1, of neighbors in a row, h x w-1, and in a column, h-1 x w."""
    across, down = (
        torch.exp(luma.diff(dim=dim).square() / (-2 * LUMA_DEVIATION**2)) for dim in (1, 0)
    )
    return across, down


def _spread(values: Tensor, across: Tensor, down: Tensor) -> Tensor:
    """What each cell gets of its four neighbors, by similarity; C x h x w."""
    received = torch.zeros_like(values)
    received[:, :, 1:].addcmul_(values[:, :, :-1], across)
    received[:, :, :-1].addcmul_(values[:, :, 1:], across)
    received[:, 1:].addcmul_(values[:, :-1], down)
    received[:, :-1].addcmul_(values[:, 1:], down)
    return received
