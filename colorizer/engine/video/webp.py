"""Animated WebP, which FFmpeg does not read: Pillow decodes its frames, each upon the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, islice
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from av.video.frame import VideoFrame
from PIL import Image

from colorizer.engine.errors import N_, DamagedFilmError, FilmTooLongError, StillPictureError
from colorizer.engine.video.format import UNSAID, FilmFormat, guessed_matrix
from colorizer.engine.video.opening import STILL_PICTURE
from colorizer.engine.video.timeline import Timeline

TIME_BASE: Final = Fraction(1, 1000)
SHORTEST: Final = 10
USUAL: Final = 100
"""Milliseconds: what is not longer than the shortest counts as that, as in browsers."""
HEAD_BYTES: Final = 30
FRAME_HEAD_BYTES: Final = 24
"""Of a chunk and of the frame in it, up to its duration and what blends it."""
MAX_FRAMES: Final = 3000
"""Each segment draws all frames before its own, so that time grows as the square of their number."""
IS_ANIMATED: Final = 0x02
TOO_MANY_FRAMES: Final = N_(
    "The animated WebP has more than %(most)s frames. Save it as MP4 or WebM, or cut it."
)
WHITE: Final = (255, 255, 255, 255)


@dataclass(frozen=True)
class Animation:
    """A film that is an animated WebP.

    Attributes:
        width, height: of the canvas: its frames are drawn into it.
        durations: of all frames, in milliseconds.
    """

    path: Path
    width: int
    height: int
    durations: list[int]

    @property
    def seconds(self) -> float:
        return float(sum(self.durations) * TIME_BASE)

    @property
    def rate(self) -> Fraction:
        return len(self.durations) / (sum(self.durations) * TIME_BASE)

    @property
    def format(self) -> FilmFormat:
        return FilmFormat(
            width=self.width + self.width % 2,
            height=self.height + self.height % 2,
            sample_aspect_ratio=Fraction(1),
            depth=8,
            is_full_range=False,
            matrix=guessed_matrix(self.width, self.height),
            primaries=UNSAID,
            transfer=UNSAID,
            is_mirrored=False,
            rotation=0,
            time_base=TIME_BASE,
            usual_duration=sum(self.durations) // len(self.durations),
            is_interlaced=False,
        )

    @property
    def timeline(self) -> Timeline:
        stamps = self._stamps()
        return Timeline(stamps, stamps[:1], self.durations[-1], TIME_BASE, is_reliable=True)

    def _stamps(self) -> list[int]:
        return list(accumulate(self.durations[:-1], initial=0))

    def frames(self) -> Iterator[VideoFrame]:
        """All of them, from the first on: none can be drawn without those before it.

        Raises:
            DamagedFilmError: the file is damaged or not complete.
        """
        try:
            with Image.open(self.path, formats=["WEBP"]) as picture:
                times = zip(self._stamps(), self.durations, strict=True)
                for index, (stamp, duration) in enumerate(times):
                    picture.seek(index)
                    frame = VideoFrame.from_ndarray(_on_white(picture), "rgb24")
                    frame.pts, frame.duration, frame.time_base = stamp, duration, TIME_BASE
                    yield frame
        except (OSError, EOFError, ValueError, Image.DecompressionBombError) as error:
            raise DamagedFilmError(str(error)) from error


def _on_white(picture: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, WHITE)
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    return np.asarray(picture.convert("RGB"))


def animation(path: Path) -> Animation | None:
    """None of any other film. Its frames are counted: no header says how many there are.

    Raises:
        FilmTooLongError: it has more than MAX_FRAMES.
        StillPictureError: it has one frame.
        DamagedFilmError: it has none.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
        if not _is_animated(head):
            return None
        counted = islice(_durations(file), MAX_FRAMES + 1)
        durations = [each if each > SHORTEST else USUAL for each in counted]
    width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (24, 27))
    if len(durations) > MAX_FRAMES:
        raise FilmTooLongError(TOO_MANY_FRAMES, most=MAX_FRAMES)
    if len(durations) == 1:
        raise StillPictureError(STILL_PICTURE)
    if not durations:
        raise DamagedFilmError("there is no frame in it")
    return Animation(path, width, height, durations)


def _is_animated(head: bytes) -> bool:
    is_extended = head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X"
    return is_extended and len(head) == HEAD_BYTES and bool(head[20] & IS_ANIMATED)


def _durations(file: BinaryIO) -> Iterator[int]:
    """By the chunks of the frames."""
    position = 12
    file.seek(position)
    while len(chunk := file.read(FRAME_HEAD_BYTES)) == FRAME_HEAD_BYTES:
        if chunk[:4] == b"ANMF":
            yield int.from_bytes(chunk[20:23], "little")
        size = int.from_bytes(chunk[4:8], "little")
        position += 8 + size + size % 2
        file.seek(position)
