"""What is made of a picture and its colored version to be shown to others: smaller, side by side, as a short film."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from av.video.stream import VideoStream
from numpy.typing import NDArray

from colorizer.engine.color import eight_bit
from colorizer.engine.imageio.corner_mark import draw_corner_mark
from colorizer.engine.imageio.reading import Picture
from colorizer.engine.imageio.vips import pyvips

GAP_SHARE: Final = 0.012
"""Of the longer side: the white line between two pictures."""
WIDEST: Final = 1.3
"""Pictures wider than this are joined one above the other."""

JOINED_SIDE: Final = 10_000
"""Of each picture at most: two of them at once are in memory, and in one JPEG."""
CLIP_SIDE: Final = 1080
FRAMES_A_SECOND: Final = 30
CLIP_SECONDS: Final = 3.0
STILL_SECONDS: Final = 0.5
"""At the start and at the end."""
DIVIDER_SHARE: Final = 0.004
CRF: Final = "19"


def reduced(picture: Picture, longest_side: int) -> Picture:
    """A picture of the same depth, at most `longest_side` pixels a side; smaller ones stay as they are."""
    scale = longest_side / max(picture.pixels.shape[:2])
    if scale >= 1:
        return picture
    alpha = None if picture.alpha is None else _scaled(picture.alpha[..., None], scale)[..., 0]
    return replace(picture, pixels=_scaled(picture.pixels, scale), alpha=alpha)


def _scaled(pixels: NDArray[Any], scale: float) -> NDArray[Any]:
    height, width, bands = pixels.shape
    depth = "ushort" if pixels.dtype == np.uint16 else "uchar"
    image = pyvips.Image.new_from_memory(np.ascontiguousarray(pixels), width, height, bands, depth)
    small = image.resize(scale, kernel="lanczos3")
    content = np.frombuffer(small.write_to_memory(), pixels.dtype)
    return content.reshape(small.height, small.width, bands).copy()


def joined(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.uint8]:
    """Both in one picture, side by side or, of wide ones, one above the other.

    Args:
        before, after: H x W x 1 or H x W x 3, uint8 or uint16.

    Returns:
        H x W x 3, uint8, with a white line between them.
    """
    left, right = _alike(before, after)
    height, width = right.shape[:2]
    gap = max(2, round(max(width, height) * GAP_SHARE))
    is_wide = width > WIDEST * height
    line = np.full((gap, width, 3) if is_wide else (height, gap, 3), 255, np.uint8)
    return np.concatenate([left, line, right], axis=0 if is_wide else 1)


def write_clip(
    before: NDArray[Any],
    after: NDArray[Any],
    destination: Path,
    comment: str,
    *,
    has_mark: bool = False,
) -> None:
    """A film of 3 seconds (H.264 in MP4, without sound) in which color comes over the picture from the left.

    Args:
        before, after: as for `joined`.
        comment: what the file says of itself.
        has_mark: a small mark is in a corner all the time.

    Raises:
        OSError: it cannot be written.
    """
    left, right = (_even(each) for each in _alike(before, after))
    if has_mark:
        draw_corner_mark(left)
        draw_corner_mark(right)
    height, width = right.shape[:2]
    divider = max(2, round(width * DIVIDER_SHARE))
    with av.open(str(destination), "w", options={"movflags": "+faststart"}) as container:
        container.metadata["comment"] = comment
        stream = container.add_stream("libx264", rate=Fraction(FRAMES_A_SECOND))
        assert isinstance(stream, VideoStream)  # noqa: S101  (for the types)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"crf": CRF, "preset": "veryfast"}
        for number in range(round(CLIP_SECONDS * FRAMES_A_SECOND)):
            frame = _wiped(left, right, round(width * _share_at(number)), divider)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())


def _share_at(number: int) -> float:
    """How much of the width is in color; it begins and ends gently."""
    moving = CLIP_SECONDS - 2 * STILL_SECONDS
    t = min(1.0, max(0.0, (number / FRAMES_A_SECOND - STILL_SECONDS) / moving))
    return t * t * (3 - 2 * t)


def _wiped(before: NDArray[Any], after: NDArray[Any], edge: int, divider: int) -> NDArray[Any]:
    frame = before.copy()
    frame[:, :edge] = after[:, :edge]
    if 0 < edge < frame.shape[1]:
        frame[:, max(0, edge - divider) : edge] = 255
    return frame


def _alike(before: NDArray[Any], after: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """In color, of 8 bits, of one size: reduced pictures may differ by a pixel."""
    height, width = (min(sides) for sides in zip(before.shape[:2], after.shape[:2], strict=True))
    pair = [np.broadcast_to(eight_bit(each), (*each.shape[:2], 3)) for each in (before, after)]
    return pair[0][:height, :width], pair[1][:height, :width]


def _even(pixels: NDArray[Any]) -> NDArray[Any]:
    """A copy: H.264 wants even sides."""
    height, width = (max(2, side // 2 * 2) for side in pixels.shape[:2])
    return pixels[:height, :width].copy()
