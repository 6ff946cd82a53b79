"""Hints and a reference photo that a person chose for a photo, as the site keeps them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q

from colorizer.engine.errors import N_, HintError
from colorizer.engine.hints import (
    KEYS,
    FilmHint,
    Hint,
    check_film_hints,
    check_hints,
    check_moment,
)
from colorizer.models import Colorization, Guidance

FILM_KEYS: Final = (*KEYS, "seconds")
COLOR: Final = re.compile(r"#[0-9a-fA-F]{6}")
MOST_REFERENCE_BYTES: Final = 20_000


@dataclass(frozen=True)
class Guide:
    """
    Attributes:
        hints: in pixels of the upright original; those of a film are `FilmHint`s.
        reference: a small PNG of the photo whose colors are taken, see `guided_previews`; empty without one.
        reference_seconds: of a film, a moment whose scene alone takes them; None is all of the film.
    """

    hints: tuple[Hint, ...] = ()
    reference: bytes = b""
    reference_seconds: float | None = None

    @property
    def is_empty(self) -> bool:
        return not self.hints and not self.reference

    @property
    def digest(self) -> str:
        """Equal for those that a picture comes out the same with."""
        content = json.dumps(hints_as_json(self.hints)).encode() + self.reference
        if self.reference_seconds is not None:
            content += str(float(self.reference_seconds)).encode()
        return hashlib.sha256(content).hexdigest()

    def at(self, seconds: float) -> Guide:
        """What of it is set at this very moment of a film, as for a photo.

        What is followed to it from other moments of the scene is known only when the film is colored.
        """
        hints = [hint for hint in self.hints if isinstance(hint, FilmHint)]
        here = (hint for hint in hints if hint.seconds == seconds)
        is_referred = self.reference_seconds in (None, seconds)
        return Guide(
            tuple(Hint(hint.x, hint.y, hint.color, hint.radius) for hint in here),
            self.reference if is_referred else b"",
        )


UNGUIDED: Final = Guide()


def guide_of(version: Colorization) -> Guide:
    """An empty one if there is nothing that it was colored by."""
    guided = version.guided
    if guided is None:
        return UNGUIDED
    hints = tuple(
        _hint_of(entry, number, tuple(entry)) for number, entry in enumerate(guided.hints, start=1)
    )
    return Guide(hints, bytes(guided.reference), guided.reference_seconds)


def of_guide(guide: Guide) -> Q:
    """The versions that were made with it, or without any."""
    return Q(guidance=None) if guide.is_empty else Q(guidance__digest=guide.digest)


def record_of(version: Colorization, guide: Guide) -> Guidance:
    """Not saved yet."""
    return Guidance(
        colorization=version,
        hints=hints_as_json(guide.hints),
        reference=guide.reference,
        reference_seconds=guide.reference_seconds,
        digest=guide.digest,
    )


def hints_as_json(hints: tuple[Hint, ...]) -> list[dict[str, Any]]:
    """What `hints_from_json` reads."""
    return [
        {"x": hint.x, "y": hint.y, "color": _hex_of(hint.color), "radius": hint.radius}
        | ({"seconds": hint.seconds} if isinstance(hint, FilmHint) else {})
        for hint in hints
    ]


def hints_from_json(
    value: Any, width: int, height: int, film_seconds: float | None = None
) -> tuple[Hint, ...]:
    """Objects with `x`, `y`, `radius`, and `color` as "#rrggbb", for a picture of this size; of a film with `seconds`.

    Args:
        film_seconds: how long the film is; None for a photo.

    Raises:
        HintError: it is none, one of them is none or outside of the picture, or they are too many.
    """
    if not isinstance(value, list):
        raise HintError(N_("Hints have to be a list."))
    keys = KEYS if film_seconds is None else FILM_KEYS
    hints = tuple(_hint_of(entry, number, keys) for number, entry in enumerate(value, start=1))
    check_hints(hints, width, height)
    if film_seconds is not None:
        film_hints = [hint for hint in hints if isinstance(hint, FilmHint)]
        check_film_hints(film_hints, width, height, film_seconds)
    return hints


def _hint_of(entry: Any, number: int, keys: Sequence[str]) -> Hint:
    if not isinstance(entry, dict) or entry.keys() != set(keys):
        raise HintError(
            N_("Hint %(number)d has to be an object with %(keys)s, and nothing else."),
            number=number,
            keys=", ".join(keys),
        )
    color = entry["color"]
    if not isinstance(color, str) or not COLOR.fullmatch(color):
        raise HintError(
            N_("The color of hint %(number)d has to be as in “#a03020”: red, green and blue."),
            number=number,
        )
    red, green, blue = bytes.fromhex(color[1:])
    place = (entry["x"], entry["y"], (red, green, blue), entry["radius"])
    return FilmHint(*place, entry["seconds"]) if "seconds" in entry else Hint(*place)


def _hex_of(color: tuple[float, float, float]) -> str:
    return "#" + bytes(round(channel) for channel in color).hex()


def reference_from_base64(text: str) -> bytes:
    """What a client sent back; whether it is a reference, the process of previews says.

    Raises:
        HintError: it is not base64, or too long to be one.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except ValueError:
        content = b""
    if (text and not content) or len(content) > MOST_REFERENCE_BYTES:
        raise HintError(N_("The reference photo was not sent as it was received. Choose it again."))
    return content


def check_reference_moment(
    seconds: float | None, reference: bytes, film_seconds: float | None
) -> None:
    """Whether a reference can be for the scene of this moment.

    Args:
        seconds: None where it is for all of the picture.
        film_seconds: how long the film is; None for a photo.

    Raises:
        HintError: there is no film, no reference, or no frame at this moment.
    """
    if seconds is None:
        return
    if film_seconds is None:
        raise HintError(N_("Only films have moments: a photo takes the reference as a whole."))
    check_moment(seconds, film_seconds)
    if not reference:
        raise HintError(N_("There is no reference photo for this moment. Send one, too."))
