"""Where the pixels of one frame are in another, how sure that is, and what is carried along.

Dense inverse search (Kroeger et al., Fast Optical Flow using Dense Inverse Search, ECCV 2016), as
OpenCV has it. A flow is trusted where going there and back leads home (Sundaram, Brox and Keutzer,
ECCV 2010) and where both frames look alike.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[Any]
ROUND_TRIP: Final = (0.01, 0.5)
"""Squared pixels that a round trip may miss: a share of both ways' squares, and a constant."""
LIKENESS: Final = 12.0
"""8-bit units of luma by which what is seen may differ; at twice as much it is something else."""
LIKENESS_REACH: Final = 5


def flow(frame: NDArray[Any], other: NDArray[Any], guess: Plane | None = None) -> Plane:
    """For each pixel of `frame`, how far to go in `other`.

    Args:
        frame, other: H x W, luma.
        guess: a flow to begin with, of the frame before, for example.

    Returns:
        H x W x 2: x and y, in pixels.
    """
    search: Any = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    found = search.calc(frame, other, None if guess is None else guess.copy())
    return np.asarray(found, np.float32)


def warped(values: NDArray[Any], way: Plane) -> NDArray[Any]:
    """What lies where the flow leads, bilinear; H x W or H x W x C, of the flow's size."""
    places: Any = way + _positions(way.shape[:2])
    borders = cv2.BORDER_REPLICATE
    moved: NDArray[Any] = cv2.remap(values, places, None, cv2.INTER_LINEAR, borderMode=borders)  # type: ignore[call-overload]
    return moved


def enlarged(way: Plane, size: tuple[int, int]) -> Plane:
    """A flow for pictures of another size, width and height."""
    height, width = way.shape[:2]
    scale = np.array([size[0] / width, size[1] / height], np.float32)
    return cv2.resize(way, size, interpolation=cv2.INTER_LINEAR) * scale


def trust(frame: NDArray[Any], other: NDArray[Any], there: Plane, back: Plane) -> Plane:
    """0 where the flow is wrong or leads to what is hidden, 1 where it is right.

    Args:
        there: from `frame` to `other`.
        back: from `other` to `frame`.
    """
    returning = warped(back, there)
    missed = ((there + returning) ** 2).sum(axis=2)
    ways = (there**2).sum(axis=2) + (returning**2).sum(axis=2)
    share, constant = ROUND_TRIP
    comes_home = np.exp(-missed / (share * ways + constant))
    sure: Plane = comes_home * likeness(frame, warped(other, there))
    return sure


def likeness(frame: NDArray[Any], seen: NDArray[Any]) -> Plane:
    """0..1; a change of brightness of the whole frame, as old film has, does not count."""
    difference = frame.astype(np.float32) - seen
    difference -= np.median(difference)
    local = cv2.boxFilter(np.abs(difference), -1, (LIKENESS_REACH, LIKENESS_REACH))
    alike: Plane = np.exp(-((local / LIKENESS) ** 2))
    return alike


@lru_cache(maxsize=4)
def _positions(shape: tuple[int, int]) -> Plane:
    rows, columns = np.indices(shape, dtype=np.float32)
    return np.ascontiguousarray(np.dstack([columns, rows]))
