"""The generator variants that a user picks from, and the range of the render factor.

DeOldify's names: `artistic` (vivid), `stable` (restrained) and `video` (steady from frame to
frame). The render factor sets the size at which the network sees the picture: 16 pixels a unit.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

Variant: TypeAlias = Literal["artistic", "stable", "video"]

VARIANTS: Final[tuple[Variant, ...]] = get_args(Variant)
DEFAULT_VARIANT: Final[Variant] = "artistic"

PIXELS_PER_RENDER_FACTOR: Final = 16
MIN_RENDER_FACTOR: Final = 8
MAX_RENDER_FACTOR: Final = 40
DEFAULT_RENDER_FACTOR: Final = 20
