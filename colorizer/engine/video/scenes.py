"""Where a film cuts, and which frames are the same picture again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

LOOKED_AT: Final = (64, 48)
CUT: Final = 14.0
"""Mean difference, 8-bit units, of what is looked at: less is no cut."""
STANDS_OUT: Final = 2.5
"""So many times what changes in the frames around it."""
AROUND: Final = 3
SAME_MEAN: Final = 0.35
SAME_MOST: Final = 12.0
"""8-bit units: what coding changes in a frame that is shown twice."""


def cuts(lumas: Sequence[NDArray[Any]]) -> list[int]:
    """Indices of the frames that begin a new scene, the first frame not among them.

    A flash is no cut: it changes back. Nor is fast motion: it goes on.
    """
    looks = [_look(luma) for luma in lumas]
    changes = _changes(looks)
    found = []
    for index in range(1, len(looks)):
        around = [
            *changes[max(0, index - 1 - AROUND) : index - 1],
            *changes[index : index + AROUND],
        ]
        usual = float(np.median(around)) if around else 0.0
        stands_out = changes[index - 1] > max(CUT, STANDS_OUT * usual)
        if stands_out and not _changes_back(looks, index):
            found.append(index)
    return found


def _look(luma: NDArray[Any]) -> NDArray[Any]:
    return cv2.resize(luma, LOOKED_AT, interpolation=cv2.INTER_AREA).astype(np.float32)


def _changes(looks: Sequence[NDArray[Any]]) -> list[float]:
    """Between neighbors; a change of brightness of the whole frame counts half."""
    changes = []
    for one, other in pairwise(looks):
        difference = other - one
        changes.append(float(np.abs(difference - np.median(difference) / 2).mean()))
    return changes


def _changes_back(looks: Sequence[NDArray[Any]], index: int) -> bool:
    """Whether the frames after a flash, of two frames at most, look like those before."""
    before = looks[index - 1]
    change = np.abs(looks[index] - before).mean()
    after = looks[index + 1 : index + 3]
    starts = looks[max(0, index - 3) : index - 1]
    return any(np.abs(look - before).mean() < change / 3 for look in after) or any(
        np.abs(looks[index] - look).mean() < change / 3 for look in starts
    )


def is_same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Whether a frame shows the one before once more: telecine, animation, a slow film made fast."""
    difference = cv2.absdiff(one, other)
    return float(difference.mean()) < SAME_MEAN and float(difference.max()) < SAME_MOST
