"""What is known of a film, what is asked for, and how the work is divided. Loads neither av nor torch."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from colorizer.engine.hints import FilmHint
from colorizer.engine.variants import VARIANTS, Variant

Container: TypeAlias = Literal["mp4", "webm"]

CONTAINERS: Final[tuple[Container, ...]] = ("mp4", "webm")
RESULT_SUFFIXES: Final[dict[str, Container]] = {".mp4": "mp4", ".m4v": "mp4", ".webm": "webm"}
"""Of the files that are written."""
FILM_SUFFIXES: Final = frozenset(
    {
        *(".3g2", ".3gp", ".asf", ".avi", ".divx", ".dv", ".flv", ".m2ts", ".m2v", ".m4v", ".mkv"),
        *(".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".mxf", ".ogv", ".ts", ".vob", ".webm", ".wmv"),
    }
)
"""Of the files that are taken for films; GIF and WebP are pictures by their names."""
DEFAULT_SMOOTHING: Final = 0.7
DEFAULT_QUALITY: Final = 75
MAX_FRAME_PIXELS: Final = 4096 * 2304
"""Of 4K in any proportion; 8K would take more memory than a worker has."""
SEGMENT_SECONDS: Final = 10.0
SEGMENT_FRAMES: Final = 300
"""At most: each is held in memory, small. Films of slow motion have a thousand a second."""


@dataclass(frozen=True)
class FilmLimits:
    """What is still accepted.

    Attributes:
        seconds: of the whole film; None is without a limit.
        frame_pixels: width times height as they are stored.
    """

    seconds: float | None = None
    frame_pixels: int = MAX_FRAME_PIXELS


@dataclass(frozen=True)
class FilmInfo:
    """What a film's file says of itself.

    Attributes:
        width, height: in pixels as shown: rotation and sample aspect ratio are applied.
        duration: seconds.
        frame_count: of the file's index, or of its packets where its header tells no duration; an
            estimate where not `is_exact`.
        frame_rate: average, frames a second.
        container: FFmpeg's name, "mov,mp4,m4a,3gp,3g2,mj2" for example.
        codec: of the video, "h264" for example.
        audio_tracks, subtitle_tracks: how many.
        is_interlaced: fields, not frames, were recorded.
        rotation: degrees, counterclockwise, by which frames are turned to be upright: 0, 90, 180, 270.
        bit_depth: of luma.
        notes: English sentences about what the result will have otherwise than the film.
    """

    width: int
    height: int
    duration: float
    frame_count: int
    is_exact: bool
    frame_rate: Fraction
    container: str
    codec: str
    audio_tracks: int
    subtitle_tracks: int
    is_interlaced: bool
    rotation: int
    bit_depth: int
    notes: list[str]


@dataclass(frozen=True)
class FilmOptions:
    """How a film is colorized and written.

    Attributes:
        variant: of the weights; the colorizer that is given has them already.
        render_factor: as for photos; None is the architecture's own.
        smoothing: 0 colors each frame on its own, 1 holds colors as long as they can be followed.
        start: seconds of the film that are left out before.
        seconds: how much is colorized from there; None is all that follows.
        quality: 1..100; 75 is visually near to the source.
        container: "mp4" (H.264) or "webm" (VP9).
        hints: colors at places of frames, each followed through its scene; see `check_film_hints`.
        reference: a small PNG, as `read_reference` leaves it, of a photo whose palette is taken; empty without one.
        reference_seconds: a moment whose scene alone takes that palette, from the cut before it to the cut after
            it; None is all of the film. `plan_segments` finds that scene.

    Raises:
        ValueError: one of them is out of range.
    """

    variant: Variant = "video"
    render_factor: int | None = None
    smoothing: float = DEFAULT_SMOOTHING
    start: float = 0.0
    seconds: float | None = None
    quality: int = DEFAULT_QUALITY
    container: Container = "mp4"
    hints: tuple[FilmHint, ...] = ()
    reference: bytes = b""
    reference_seconds: float | None = None

    def __post_init__(self) -> None:
        if self.variant not in VARIANTS:
            raise ValueError(f"The variants are {', '.join(VARIANTS)}, not {self.variant!r}.")
        if not 0 <= self.smoothing <= 1:
            raise ValueError(f"The smoothing must be 0 to 1, not {self.smoothing}.")
        if self.start < 0 or (self.seconds is not None and self.seconds <= 0):
            raise ValueError("The start must not be negative, and the seconds must be more than 0.")
        if self.reference_seconds is not None and not (
            self.reference and self.reference_seconds >= 0
        ):
            raise ValueError("A moment of a reference needs one, and must not be negative.")
        if self.quality not in range(1, 101):
            raise ValueError(f"The quality must be 1 to 100, not {self.quality}.")
        if self.container not in CONTAINERS:
            raise ValueError(f"The containers are {', '.join(CONTAINERS)}, not {self.container!r}.")


@dataclass(frozen=True)
class Segment:
    """A part of a film that is colorized on its own; all parts together are the film.

    It is plain data (`dataclasses.asdict` and `Segment(**data)`), the same whenever the same film is
    planned with the same options.

    Attributes:
        index: its place among the others, from 0.
        start, end: timestamps in units of the stream's time base: frames with start <= pts < end.
            None is without a bound.
        frames: how many; an estimate where the container does not tell.
        seeks: whether decoding may begin near the start. Where timestamps are missing or wrong,
            frames are counted from the beginning of the film.
        reference_start, reference_end: as `start` and `end`, of the frames that take the palette of the
            reference, if there is one; also outside of the segment.
    """

    index: int
    start: int | None
    end: int | None
    frames: int
    seeks: bool = True
    reference_start: int | None = None
    reference_end: int | None = None

    def takes_reference(self, stamp: int) -> bool:
        """Whether the frame with this timestamp does."""
        is_late_enough = self.reference_start is None or stamp >= self.reference_start
        return is_late_enough and (self.reference_end is None or stamp < self.reference_end)


@dataclass(frozen=True)
class SegmentReport:
    """What became of a segment.

    Attributes:
        frames: that were written; with none, because nothing there can be decoded, there is no file.
        network_runs: frames that the network has seen.
    """

    frames: int
    network_runs: int


@dataclass(frozen=True)
class JoinReport:
    """What became of segments that were joined.

    Attributes:
        frames: in the result.
        seconds: from the first frame to the end of the last.
        render_factor: the smallest of all segments: less than asked for where memory did not suffice.
        notes: English sentences about what is otherwise than in the source.
    """

    frames: int
    seconds: float
    render_factor: int
    notes: list[str]


@dataclass(frozen=True)
class FilmReport:
    """What became of a film.

    Attributes:
        width, height: of the result, as shown.
        frames: in the result; of a damaged film there may be fewer than were planned.
        seconds: that it lasts.
        render_factor: see `JoinReport`.
        network_runs: frames that the network has seen in this run.
        notes: English sentences about what is otherwise than in the source.
    """

    width: int
    height: int
    frames: int
    seconds: float
    render_factor: int
    network_runs: int
    notes: list[str]
