"""What a person may change of a colored picture without the network: the choices, their ranges, their meaning.

`adjusting` has the arithmetic. Plain Python: web servers, which load no library of pictures, check
and keep them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, TypeAlias

from colorizer.engine.errors import N_, ColorizerError

MOST: Final = 100
"""Sliders go from -100 to 100."""
SLIDERS: Final = ("intensity", "saturation", "warmth", "tint")

UNIT: Final = 10_000
"""Places and sizes of strokes are whole numbers: ten-thousandths of a side of the picture."""
MIN_RADIUS: Final = 20
MAX_RADIUS: Final = 5_000
MAX_STROKES: Final = 200
MAX_POINTS: Final = 5_000
"""Of all strokes together: 100 kB of JSON at most."""

MIN_CONTRAST: Final = 32
MIN_GAMMA: Final = 50
MAX_GAMMA: Final = 200

# The arithmetic's own numbers, in 8-bit units: the browser takes them from here, too.
VIVID_CHROMA: Final = 32.0
"""A chroma of this length is as much pale as it is vivid."""
CAST_CHROMA: Final = 24.0
"""What warmth or tint of 100 add to the chroma of a middle gray."""
ORANGE: Final = (-0.8, 0.6)
"""Cb and Cr, of length 1: toward orange; the opposite is blue."""
MAGENTA: Final = (0.6, 0.8)
"""At a right angle to it; the opposite is green."""
MASK_SIDE: Final = 512
"""The strokes are drawn at this size along the longer side: what is brushed has soft edges."""
HARD_SHARE: Final = 0.5
"""Of a stroke's radius: full within it, then softly to nothing at the radius."""

CLIPPED_SHARE: Final = 0.005
"""Of the pixels, at each end, for levels that are found: dust and scratches are no black and no white."""
MIDDLE_LUMA: Final = 0.45
"""Where the median of a restored print lies, of 1, if gamma can bring it there."""
AUTO_GAMMAS: Final = (70, 140)


class AdjustmentsError(ColorizerError):
    """They are out of range, or of no known form."""


@dataclass(frozen=True)
class Levels:
    """What becomes black and white, and how bright the middle is.

    Attributes:
        black, white: luma, 0..255, at least MIN_CONTRAST apart.
        gamma: hundredths, MIN_GAMMA..MAX_GAMMA: more than 100 brightens the middle.
    """

    black: int = 0
    white: int = 255
    gamma: int = 100

    def __post_init__(self) -> None:
        _check_whole("black", self.black, 0, 255)
        _check_whole("white", self.white, 0, 255)
        _check_whole("gamma", self.gamma, MIN_GAMMA, MAX_GAMMA)
        if self.white - self.black < MIN_CONTRAST:
            raise AdjustmentsError(
                N_("White has to be at least %(number)d above black."), number=MIN_CONTRAST
            )


@dataclass(frozen=True)
class Stroke:
    """A stroke of the brush that leaves a region gray, or takes that back.

    Attributes:
        points: x and y of the line's corners, in UNITs of width and height.
        radius: in UNITs of the longer side, MIN_RADIUS..MAX_RADIUS.
        erases: whether it takes back what strokes before it did.
    """

    points: tuple[tuple[int, int], ...]
    radius: int
    erases: bool = False

    def __post_init__(self) -> None:
        if not self.points:
            raise AdjustmentsError(N_("A stroke needs at least one point."))
        for x, y in self.points:
            _check_whole("x", x, 0, UNIT)
            _check_whole("y", y, 0, UNIT)
        _check_whole("radius", self.radius, MIN_RADIUS, MAX_RADIUS)


LevelsChoice: TypeAlias = Levels | Literal["auto"] | None


@dataclass(frozen=True)
class Adjustments:
    """Changes of a colored picture. Without any it stays as it is, to the last bit.

    Luma stays the picture's own, but for `levels`; colors that RGB cannot hold become paler instead.

    Attributes:
        intensity: how much color there is: the blend of gray (-100), the picture (0) and twice its
            chroma (100).
        saturation: above 0 pale colors become stronger and vivid ones hardly, below 0 vivid ones
            are calmed and pale ones stay: what takes the red out of a face, and not its color.
        warmth: toward orange, or blue. Most in the middle tones; black and white stay neutral.
        tint: toward magenta, or green; likewise.
        levels: restores a faded print; "auto" finds them in the picture; None leaves the luma alone.
        gray: strokes of the brush that leave regions gray, in their order.
    """

    intensity: int = 0
    saturation: int = 0
    warmth: int = 0
    tint: int = 0
    levels: LevelsChoice = None
    gray: tuple[Stroke, ...] = field(default=())

    def __post_init__(self) -> None:
        for name in SLIDERS:
            _check_whole(name, getattr(self, name), -MOST, MOST)
        points = sum(len(stroke.points) for stroke in self.gray)
        if len(self.gray) > MAX_STROKES or points > MAX_POINTS:
            raise AdjustmentsError(
                N_(
                    "At most %(strokes)d strokes with %(points)d points in all. Brush with a larger size."
                ),
                strokes=MAX_STROKES,
                points=MAX_POINTS,
            )

    @property
    def are_none(self) -> bool:
        return self == Adjustments()

    def as_json(self) -> dict[str, Any]:
        """What `from_json` reads."""
        return asdict(self)


def from_json(content: object) -> Adjustments:
    """Adjustments of what came as JSON; what is not named stays as it is in the picture.

    Raises:
        AdjustmentsError: names what is wrong.
    """
    named = _object("adjustments", content, {*SLIDERS, "levels", "gray"})
    gray = named.get("gray", [])
    return Adjustments(
        **{name: named.get(name, 0) for name in SLIDERS},
        levels=_levels(named.get("levels")),
        gray=tuple(_stroke(each) for each in _list("gray", gray)),
    )


def _levels(content: object) -> LevelsChoice:
    if content is None or content == "auto":
        return None if content is None else "auto"
    return Levels(**_object("levels", content, {"black", "white", "gamma"}))


def _stroke(content: object) -> Stroke:
    named = _object("stroke", content, {"points", "radius", "erases"})
    erases = named.get("erases", False)
    if not isinstance(erases, bool):
        raise AdjustmentsError(N_("“%(name)s” has to be true or false."), name="erases")
    points = tuple(_point(each) for each in _list("points", named.get("points", [])))
    return Stroke(points, named.get("radius", 0), erases)


def _point(content: object) -> tuple[int, int]:
    pair = _list("points", content)
    if len(pair) != 2:  # noqa: PLR2004
        raise AdjustmentsError(N_("A point is two numbers: x and y."))
    return pair[0], pair[1]


def _object(name: str, content: object, known: set[str]) -> dict[str, Any]:
    if not isinstance(content, Mapping):
        raise AdjustmentsError(N_("“%(name)s” has to be an object."), name=name)
    if unknown := sorted(set(map(str, content)) - known):
        raise AdjustmentsError(
            N_("“%(name)s” is not known. Known are %(known)s."),
            name=unknown[0][:40],
            known=", ".join(sorted(known)),
        )
    return dict(content)


def _list(name: str, content: object) -> Sequence[Any]:
    if not isinstance(content, list | tuple):
        raise AdjustmentsError(N_("“%(name)s” has to be a list."), name=name)
    return content


def _check_whole(name: str, value: object, least: int, most: int) -> None:
    # A bool is an int to Python.
    if type(value) is not int or not least <= value <= most:
        raise AdjustmentsError(
            N_("“%(name)s” has to be a whole number, %(least)d to %(most)d."),
            name=name,
            least=least,
            most=most,
        )
