"""How a film's frames are stored, and how their luma is taken out of them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

DEFAULT_RATE: Final = Fraction(25)
DEFAULT_TIME_BASE: Final = Fraction(1, 90_000)
FULL_RANGE: Final = 2
"""AVCOL_RANGE_JPEG."""
BT709: Final = 1
BT2020: Final = 9
"""AVCOL_SPC_BT709 and AVCOL_SPC_BT2020_NCL."""
BT601: Final = 5
"""AVCOL_SPC_BT470BG; 6 is the same."""
HD_HEIGHT: Final = 720
"""From here on, what does not say otherwise is BT.709."""
LUMA_FIRST: Final = ("yuv4", "yuvj4", "yuva4", "gray", "nv12", "nv16", "nv21")
DEEP: Final = 10
UNSAID: Final = 2
"""AVCOL_PRI_UNSPECIFIED and AVCOL_TRC_UNSPECIFIED."""
PROGRESSIVE: Final = 1
"""AV_FIELD_PROGRESSIVE; 0 is unknown."""
VIDEO_CODECS: Final = frozenset({"h264", "hevc", "vp9", "av1", "libdav1d", "mpeg2video"})


@dataclass(frozen=True)
class FilmFormat:
    """What all frames of a film have in common; taken from the first one.

    Attributes:
        width, height: of the luma, upright, in stored pixels, made even.
        sample_aspect_ratio: width to height of a pixel, upright.
        depth: 8 or 10 bits of luma.
        is_full_range: black is 0, not 16.
        matrix: FFmpeg's number of the luma's matrix: BT709, BT2020, or any other for BT.601.
        primaries, transfer: FFmpeg's numbers, carried along.
        is_mirrored: left and right are exchanged, before frames are turned.
        rotation: degrees, counterclockwise, that frames are turned.
        time_base, usual_duration: of timestamps, and of a frame in its units.
        is_interlaced: the first frame or its stream says so.
    """

    width: int
    height: int
    sample_aspect_ratio: Fraction
    depth: int
    is_full_range: bool
    matrix: int
    primaries: int
    transfer: int
    is_mirrored: bool
    rotation: int
    time_base: Fraction
    usual_duration: int
    is_interlaced: bool

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height in square pixels."""
        return round(self.width * self.sample_aspect_ratio), self.height


def format_of(stream: VideoStream, frame: VideoFrame) -> FilmFormat:
    """By the first frame; what a frame does not say, the stream does."""
    time_base = stream.time_base or DEFAULT_TIME_BASE
    rate = stream.average_rate or stream.guessed_rate or DEFAULT_RATE
    is_mirrored = _is_mirrored(frame)
    rotation = round(frame.rotation / 90) * 90
    turned = rotation % 180 != 0
    aspect = stream.sample_aspect_ratio or Fraction(1)
    sides = (frame.height, frame.width) if turned else (frame.width, frame.height)
    return FilmFormat(
        width=sides[0] + sides[0] % 2,
        height=sides[1] + sides[1] % 2,
        sample_aspect_ratio=1 / aspect if turned else aspect,
        depth=DEEP if _bits(frame) > 8 else 8,  # noqa: PLR2004
        is_full_range=_is_full_range(stream, frame),
        matrix=_matrix(frame),
        primaries=int(frame.color_primaries),
        transfer=int(frame.color_trc),
        is_mirrored=is_mirrored,
        # Of a mirrored frame, FFmpeg tells the angle as if up and down were exchanged.
        rotation=(rotation + 180 * is_mirrored) % 360,
        time_base=time_base,
        usual_duration=max(1, round(1 / (rate * time_base))),
        is_interlaced=bool(frame.interlaced_frame)
        or int(stream.codec_context.field_order) > PROGRESSIVE,
    )


def _is_mirrored(frame: VideoFrame) -> bool:
    """Whether the display matrix turns the frame over, as cameras that face their user have it."""
    try:
        matrix: Any = frame.side_data.get("DISPLAYMATRIX")
    except (
        ValueError
    ):  # beside it is something that PyAV has no name for, and then it gives nothing
        return False
    if matrix is None:
        return False
    across, down = np.frombuffer(memoryview(matrix), np.int32).reshape(3, 3)[:2, :2].tolist()
    return bool(across[0] * down[1] < across[1] * down[0])


def _bits(frame: VideoFrame) -> int:
    return max(component.bits for component in frame.format.components)


def _has_luma(frame: VideoFrame) -> bool:
    return frame.format.name.startswith(LUMA_FIRST)


def _is_full_range(stream: VideoStream, frame: VideoFrame) -> bool:
    if not _has_luma(frame):
        return False  # `_planar` makes it so
    if frame.format.name.startswith("yuvj") or int(frame.color_range) == FULL_RANGE:
        return True
    is_unsaid_gray = frame.format.name.startswith("gray") and int(frame.color_range) == 0
    return is_unsaid_gray and stream.codec_context.name not in VIDEO_CODECS


def _matrix(frame: VideoFrame) -> int:
    space = int(frame.colorspace)
    if not _has_luma(frame) or space in (0, 2):
        return guessed_matrix(frame.width, frame.height)
    return space


def guessed_matrix(width: int, height: int) -> int:
    """Of what does not say, or has no luma."""
    return BT709 if min(width, height) >= HD_HEIGHT else BT601


def luma_of_frame(frame: VideoFrame, film: FilmFormat) -> NDArray[Any]:
    """Upright, uint8 or uint16 (10 bits), range and values as they are stored, of the film's size.

    Sides that are odd get one more pixel, a copy of the last: 4:2:0 has none.
    """
    planar = _planar(frame, film)
    plane = planar.planes[0]
    dtype = np.dtype(np.uint16 if film.depth == DEEP else np.uint8)
    stored = np.frombuffer(memoryview(plane), dtype)
    rows = stored.reshape(plane.height, plane.line_size // dtype.itemsize)[:, : plane.width]
    luma = np.rot90(rows[:, ::-1] if film.is_mirrored else rows, film.rotation // 90)
    missing = (film.height - luma.shape[0], film.width - luma.shape[1])
    if any(missing):
        luma = cv2.copyMakeBorder(
            np.ascontiguousarray(luma), 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE
        )
    return np.array(luma, order="C")


def _planar(frame: VideoFrame, film: FilmFormat) -> VideoFrame:
    """A frame whose first plane is the luma that we want; as it is if that is so already."""
    sides = (film.width, film.height)[:: -1 if film.rotation % 180 else 1]
    fits = all(
        0 <= side - own <= 1 for side, own in zip(sides, (frame.width, frame.height), strict=True)
    )
    deep = film.depth == DEEP
    if fits and _has_luma(frame) and _bits(frame) == film.depth:
        name = frame.format.name
        return frame.reformat(format=f"{name[:-2]}le") if name.endswith("be") else frame
    family = "gray" if frame.format.name.startswith("gray") else "yuv420p"  # each of its own range
    wanted = f"{family}10le" if deep else family
    size = {} if fits else {"width": sides[0], "height": sides[1]}
    colors: dict[str, Any] = {}
    if not _has_luma(frame):
        # Left to itself, it is in the range that the frame names: that of RGB is mostly the full one.
        colors = {
            "dst_colorspace": "ITU709" if film.matrix == BT709 else "ITU601",
            "dst_color_range": "MPEG",
        }
    return frame.reformat(format=wanted, **size, **colors)


def full_range(luma: NDArray[Any], film: FilmFormat) -> NDArray[Any]:
    """For the network: 8 bits, black 0, white 255."""
    if film.depth == DEEP:
        luma = cv2.convertScaleAbs(luma, alpha=0.25)
    if film.is_full_range:
        return luma
    return cv2.LUT(luma, _EXPANDED)


_EXPANDED: Final = ((np.arange(256) - 16) * (255 / 219) + 0.5).clip(0, 255).astype(np.uint8)
