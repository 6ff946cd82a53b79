"""Previews of hints are made in a process of its own, which has the network loaded: `process` is its program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PreviewTask:
    """What is asked of the process, as it comes in JSON.

    Attributes:
        want: one of the functions of `previews`.
        reference: base64 of a small PNG, or "" for none.
        weights: files, the first of which that takes hints is used.
        picture: what the picture is known by.
        path: of the picture's file, or "" to begin with: the process may have it already.
        size: width and height of the picture whose pixels hints and place are counted in.
        place: x and y.
    """

    want: str
    reference: str = ""
    weights: list[str] = field(default_factory=list)
    picture: str = ""
    path: str = ""
    render_factor: int = 0
    size: tuple[int, int] = (1, 1)
    hints: list[dict[str, Any]] = field(default_factory=list)
    place: tuple[float, float] = (0, 0)
