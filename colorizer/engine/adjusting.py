"""The arithmetic of `adjustments`, in float32. `static/js/adjust/` does the same in the browser, number by number.

For each pixel, in 8-bit units, with luma Y and chroma C = (Cb, Cr) of `ycbcr`:

1. levels: Y' = 255 * clip((Y - black) / (white - black), 0, 1) ** (100 / gamma), else Y' = Y
2. gain: C' = C * (1 + intensity) * (1 + saturation * w), where w = VIVID / (|C| + VIVID) above 0
   and |C| / (|C| + VIVID) below: the length of C' always grows with that of C
3. cast: C' += CAST * 4 y (1 - y) * (warmth * ORANGE + tint * MAGENTA), y = Y' / 255
4. gray: C' *= 1 - mask
5. join: R = Y' + 1.402 Cr' and so on; where one would leave 0..255, C' is shortened until none does
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from colorizer.engine.adjustments import (
    AUTO_GAMMAS,
    CAST_CHROMA,
    CLIPPED_SHARE,
    HARD_SHARE,
    MAGENTA,
    MASK_SIDE,
    MIDDLE_LUMA,
    MIN_CONTRAST,
    MOST,
    ORANGE,
    UNIT,
    VIVID_CHROMA,
    Adjustments,
    Levels,
    Stroke,
)
from colorizer.engine.ycbcr import (
    BLUE_OF_CB,
    GREEN_OF_CB,
    GREEN_OF_CR,
    LUMA_OF_RGB,
    RED_OF_CR,
)

Float: Final = np.float32
Plane: TypeAlias = NDArray[Any]
"""Of float32."""
STRIP_PIXELS: Final = 64_000
"""The planes of a strip stay in the processor's cache."""


def adjust(pixels: NDArray[Any], adjustments: Adjustments) -> None:
    """Adjust a colored picture in place, in strips.

    Args:
        pixels: H x W x 3, sRGB, uint8 or uint16 (full range), writable.
        adjustments: levels that are "auto" are found in this picture.
    """
    if adjustments.are_none:
        return
    chosen = with_levels(adjustments, pixels)
    height, width = pixels.shape[:2]
    mask = gray_mask(chosen.gray, width, height) if chosen.gray else None
    scale = Float(np.iinfo(pixels.dtype).max / 255)
    step = max(1, STRIP_PIXELS // width)
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        strip = pixels[rows].astype(Float) / scale
        cover = None if mask is None else _enlarged(mask, rows, width, height)
        adjusted = _adjusted(strip, chosen, cover)
        pixels[rows] = adjusted * scale + Float(0.5)


def with_levels(adjustments: Adjustments, pixels: NDArray[Any]) -> Adjustments:
    """The same, with the levels that "auto" finds in these pixels (as for `adjust`)."""
    if adjustments.levels != "auto":
        return adjustments
    return replace(adjustments, levels=find_levels(_luma_histogram(pixels)))


def find_levels(histogram: NDArray[Any]) -> Levels:
    """Levels that give a faded print its contrast back.

    Args:
        histogram: 256, how many pixels have each luma.
    """
    below = np.cumsum(histogram, dtype=np.float64) / max(1, int(histogram.sum()))
    black = int(np.searchsorted(below, CLIPPED_SHARE, side="right"))
    white = int(np.searchsorted(below, 1 - CLIPPED_SHARE, side="left"))
    if white - black < MIN_CONTRAST:
        return Levels()
    median = int(np.searchsorted(below, 0.5, side="left"))
    position = (median - black) / (white - black)
    if not 0 < position < 1:
        return Levels(black, white)
    gamma = round(100 * math.log(position) / math.log(MIDDLE_LUMA))
    return Levels(black, white, max(AUTO_GAMMAS[0], min(AUTO_GAMMAS[1], gamma)))


def _luma_histogram(pixels: NDArray[Any]) -> NDArray[np.int64]:
    scale = Float(np.iinfo(pixels.dtype).max / 255)
    step = max(1, STRIP_PIXELS // pixels.shape[1])
    counts = np.zeros(256, np.int64)
    for top in range(0, len(pixels), step):
        luma = _luma(pixels[top : top + step].astype(Float) / scale) + Float(0.5)
        counts += np.bincount(luma.astype(np.uint8).ravel(), minlength=256)
    return counts


def gray_mask(strokes: tuple[Stroke, ...], width: int, height: int) -> NDArray[np.uint8]:
    """Where a picture is left gray: 255 is wholly.

    Returns:
        h x w, uint8, MASK_SIDE along the longer side, as seen over the whole picture.
    """
    longer = max(width, height)
    columns, rows = (max(1, round(side * MASK_SIDE / longer)) for side in (width, height))
    mask = np.zeros((rows, columns), np.uint8)
    for stroke in strokes:
        _draw(stroke, mask)
    return mask


def _draw(stroke: Stroke, mask: NDArray[np.uint8]) -> None:
    """Corner by corner, each line within its box."""
    height, width = mask.shape
    radius = Float(max(1.0, stroke.radius * MASK_SIDE / UNIT))
    places = [(x * width / UNIT - 0.5, y * height / UNIT - 0.5) for x, y in stroke.points]
    covers = np.zeros_like(mask)
    for (x, y), (end_x, end_y) in zip(places, places[1:] or places, strict=False):
        left, right = _span(x, end_x, float(radius), width)
        top, bottom = _span(y, end_y, float(radius), height)
        if left >= right or top >= bottom:
            continue
        distance = _distance(
            np.arange(left, right, dtype=Float)[None] - Float(x),
            np.arange(top, bottom, dtype=Float)[:, None] - Float(y),
            Float(end_x - x),
            Float(end_y - y),
        )
        box = covers[top:bottom, left:right]
        np.maximum(box, _soft(distance / radius), out=box)
    if stroke.erases:
        np.minimum(mask, 255 - covers, out=mask)
    else:
        np.maximum(mask, covers, out=mask)


def _span(start: float, end: float, radius: float, size: int) -> tuple[int, int]:
    low, high = min(start, end) - radius, max(start, end) + radius
    return max(0, math.floor(low)), min(size, math.ceil(high) + 1)


def _distance(x: Plane, y: Plane, along_x: np.float32, along_y: np.float32) -> Plane:
    """Of places to a line from the origin."""
    square = along_x * along_x + along_y * along_y
    if square > 0:
        share = np.clip((x * along_x + y * along_y) / square, 0, 1)
        x, y = x - share * along_x, y - share * along_y
    return cast("Plane", np.sqrt(x * x + y * y))


def _soft(distance: Plane) -> NDArray[np.uint8]:
    """In radii: smoothstep from HARD_SHARE, wholly covered, to 1, not at all."""
    t = np.clip((Float(1) - distance) / Float(1 - HARD_SHARE), 0, 1)
    return cast("NDArray[np.uint8]", (t * t * (3 - 2 * t) * 255 + Float(0.5)).astype(np.uint8))


def _enlarged(mask: NDArray[np.uint8], rows: slice, width: int, height: int) -> Plane:
    """Bilinear, 0..1, for some rows of the picture; beyond the outermost centers it goes on evenly."""
    above, below, down = _neighbors(
        np.arange(rows.start, rows.stop), mask.shape[0] / height, mask.shape[0]
    )
    left, right, across = _neighbors(np.arange(width), mask.shape[1] / width, mask.shape[1])
    wanted = mask.astype(Float) / Float(255)
    lines = wanted[above] + (wanted[below] - wanted[above]) * down[:, None]
    return cast("Plane", lines[:, left] + (lines[:, right] - lines[:, left]) * across)


def _neighbors(
    places: NDArray[Any], scale: float, size: int
) -> tuple[NDArray[Any], NDArray[Any], Plane]:
    centers = np.clip((places + 0.5) * scale - 0.5, 0, size - 1)
    first = np.floor(centers).astype(np.intp)
    return first, np.minimum(first + 1, size - 1), (centers - first).astype(Float)


def _luma(rgb: Plane) -> Plane:
    red, green, blue = (Float(share) for share in LUMA_OF_RGB)
    return rgb[..., 0] * red + rgb[..., 1] * green + rgb[..., 2] * blue


def _adjusted(rgb: Plane, adjustments: Adjustments, cover: Plane | None) -> Plane:
    """Args and result: rows x W x 3, 0..255; cover: rows x W, 0..1."""
    luma = _luma(rgb)
    cb = (rgb[..., 2] - luma) / Float(BLUE_OF_CB)
    cr = (rgb[..., 0] - luma) / Float(RED_OF_CR)
    if isinstance(adjustments.levels, Levels):
        luma = _leveled(luma, adjustments.levels)
    gain = _gain(cb, cr, adjustments)
    cast_cb, cast_cr = _cast_of(adjustments)
    y = luma / Float(255)
    weight = Float(4) * y * (Float(1) - y)
    cb = cb * gain + cast_cb * weight
    cr = cr * gain + cast_cr * weight
    if cover is not None:
        cb, cr = cb * (Float(1) - cover), cr * (Float(1) - cover)
    return _joined(luma, cb, cr)


def _leveled(luma: Plane, levels: Levels) -> Plane:
    span = Float(levels.white - levels.black)
    share = np.clip((luma - Float(levels.black)) / span, 0, 1)
    return cast("Plane", Float(255) * share ** Float(100 / levels.gamma))


def _gain(cb: Plane, cr: Plane, adjustments: Adjustments) -> Plane | np.float32:
    even = Float(1 + adjustments.intensity / MOST)
    if not adjustments.saturation:
        return even
    length = np.sqrt(cb * cb + cr * cr)
    vivid = length / (length + Float(VIVID_CHROMA))
    weight = 1 - vivid if adjustments.saturation > 0 else vivid
    return cast("Plane", even * (1 + Float(adjustments.saturation / MOST) * weight))


def _cast_of(adjustments: Adjustments) -> tuple[np.float32, np.float32]:
    """What is added to Cb and Cr of a middle gray."""
    warmth, tint = adjustments.warmth / MOST, adjustments.tint / MOST
    cb, cr = (
        CAST_CHROMA * (warmth * orange + tint * magenta)
        for orange, magenta in zip(ORANGE, MAGENTA, strict=True)
    )
    return Float(cb), Float(cr)


def _joined(luma: Plane, cb: Plane, cr: Plane) -> Plane:
    """RGB of this luma; colors that it cannot hold become paler, with the same hue and luma."""
    offsets = (
        Float(RED_OF_CR) * cr,
        Float(GREEN_OF_CB) * cb + Float(GREEN_OF_CR) * cr,
        Float(BLUE_OF_CB) * cb,
    )
    share = np.ones_like(luma)
    for offset in offsets:
        room = np.where(offset > 0, 255 - luma, luma)
        length = np.abs(offset)
        with np.errstate(divide="ignore", invalid="ignore"):
            np.minimum(share, np.where(length > room, room / length, 1), out=share)
    joined = np.stack([luma + share * offset for offset in offsets], axis=-1)
    return cast("Plane", np.clip(joined, 0, 255).astype(Float, copy=False))
