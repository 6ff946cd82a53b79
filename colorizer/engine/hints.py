"""Colors that a person wants at places of a picture: what a hint is, and which are taken.

Plain Python: web servers, which load no library of pictures, check and keep them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import Any, Final

from colorizer.engine.errors import N_, HintError

MAX_HINTS: Final = 500
MAX_CHANNEL: Final = 255
MAX_PIXELS: Final = 1_000_000
"""A place or a radius that is larger is no number of pixels of any picture."""
MAX_SECONDS: Final = 10_000_000
MAX_MOMENTS: Final = 20
"""Of a film: from each, hints are followed through a scene, for which a part of the film is decoded."""
KEYS: Final = ("x", "y", "color", "radius")


@dataclass(frozen=True)
class Hint:
    """A color around a place. Of the color its chroma counts: the photo keeps its luma.

    Where the photo is too dark or too light for such a chroma, it is shown as far as RGB can hold it, as every
    prediction is.

    Attributes:
        x, y: pixels of the upright picture, from its top left corner.
        color: red, green and blue of sRGB, 0..255.
        radius: pixels, more than 0.
    """

    x: float
    y: float
    color: tuple[float, float, float]
    radius: float

    def __post_init__(self) -> None:
        if not all(_is_number(value, -MAX_PIXELS, MAX_PIXELS) for value in (self.x, self.y)):
            raise HintError(N_("The place of a hint has to be two numbers of pixels."))
        if not _is_number(self.radius, 0, MAX_PIXELS) or self.radius == 0:
            raise HintError(N_("The radius of a hint has to be a number of pixels, more than 0."))
        if not _is_color(self.color):
            raise HintError(
                N_("The color of a hint has to be three numbers from 0 to 255: red, green, blue.")
            )

    def scaled(self, size: tuple[int, int], other: tuple[int, int]) -> Hint:
        """The same place of the same picture in another size.

        Args:
            size, other: width and height of the picture that it belongs to, and of the other one.
        """
        across, down = other[0] / size[0], other[1] / size[1]
        x, y = min(other[0], self.x * across), min(other[1], self.y * down)
        return Hint(x, y, self.color, self.radius * (across + down) / 2)


@dataclass(frozen=True)
class FilmHint(Hint):
    """A color around a place of a frame of a film; it is followed through the frame's scene.

    Attributes:
        x, y: pixels of the upright frame as it is shown.
        seconds: the moment of the frame, from the beginning of the film.
    """

    seconds: float

    def __post_init__(self) -> None:
        super().__post_init__()
        if not _is_number(self.seconds, 0, MAX_SECONDS):
            raise HintError(N_("The moment of a hint has to be a number of seconds, 0 or more."))


def _is_number(value: float, least: int, most: int) -> bool:
    """What is no number (NaN) is not between any two, either."""
    return isinstance(value, Real) and not isinstance(value, bool) and least <= value <= most


def _is_color(color: object) -> bool:
    return (
        isinstance(color, Sequence)
        and len(color) == len("RGB")
        and all(_is_number(value, 0, MAX_CHANNEL) for value in color)
    )


def check_hints(hints: Sequence[Hint], width: int, height: int) -> None:
    """Whether they can be used for a picture of this size.

    Raises:
        HintError: one is outside of the picture, or there are more than MAX_HINTS.
    """
    if len(hints) > MAX_HINTS:
        raise HintError(
            N_("There are %(number)d hints. A picture may have %(most)d at most."),
            number=len(hints),
            most=MAX_HINTS,
        )
    for hint in hints:
        if not (0 <= hint.x <= width and 0 <= hint.y <= height):
            raise HintError(
                N_(
                    "The hint at %(x)s, %(y)s is outside of the picture, "
                    "which has %(width)d x %(height)d pixels."
                ),
                x=f"{hint.x:g}",
                y=f"{hint.y:g}",
                width=width,
                height=height,
            )


def check_film_hints(hints: Sequence[FilmHint], width: int, height: int, seconds: float) -> None:
    """Whether they can be used for a film of this size and length.

    Raises:
        HintError: one is outside of the frame or of the film, or there are too many of them or of moments.
    """
    check_hints(hints, width, height)
    moments = sorted({hint.seconds for hint in hints})
    if len(moments) > MAX_MOMENTS:
        raise HintError(
            N_("The hints are for %(number)d moments of the film. There may be %(most)d at most."),
            number=len(moments),
            most=MAX_MOMENTS,
        )
    if moments:
        check_moment(moments[-1], seconds)


def check_moment(moment: float, seconds: float) -> None:
    """Whether a film of this length has a frame there.

    Raises:
        HintError: it has none.
    """
    if not _is_number(moment, 0, MAX_SECONDS):
        raise HintError(N_("A moment of a film has to be a number of seconds, 0 or more."))
    if moment > seconds:
        raise HintError(
            N_("The film lasts %(seconds)s seconds: there is no frame at %(moment)s."),
            seconds=str(round(seconds, 2)),
            moment=f"{moment:g}",
        )


def read_hints(path: Path) -> tuple[Hint, ...]:
    """Read a JSON file: a list of objects with the attributes of `Hint`, the color as a list.

    Objects that have `seconds`, too, are those of `FilmHint`.

    Raises:
        HintError: it cannot be read, or an entry is no hint; the message names line or entry.
    """
    try:
        entries = json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        raise HintError(f"{path}, line {error.lineno}: this is no JSON: {error.msg}.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise HintError(f"The hints {path} cannot be read: {error}") from error
    if not isinstance(entries, list):
        raise HintError(f"{path} has to hold a list of hints: [{{...}}, ...].")
    return tuple(_hint_of(entry, path, number) for number, entry in enumerate(entries, start=1))


def _hint_of(entry: Any, path: Path, number: int) -> Hint:
    if not isinstance(entry, dict) or entry.keys() - {"seconds"} != set(KEYS):
        raise HintError(
            f"{path}, hint {number}: it has to be an object with {', '.join(KEYS)}, "
            "and of a film with seconds."
        )
    kind = FilmHint if "seconds" in entry else Hint
    try:
        color = entry["color"]
        return kind(**{**entry, "color": tuple(color) if isinstance(color, list) else color})
    except HintError as error:
        raise HintError(f"{path}, hint {number}: {error}") from error
