"""What the viewer of a photo shows: two pictures, in which way, and in which words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from colorizer.models import Colorization
from gallery.models import Photo
from gallery.neighbors import Place
from gallery.versions import made_in_words
from jobs.models import Job

MODE_COOKIE: Final = "viewer_mode"


class Mode(StrEnum):
    """How two pictures are compared."""

    SLIDER = "slider"
    SIDE = "side"
    HOLD = "hold"


@dataclass(frozen=True)
class Shown:
    """A picture of the viewer.

    Attributes:
        address, thumbnail: at display size, and small.
        tiles: where its tiles are asked for.
    """

    label: str
    address: str
    thumbnail: str
    tiles: str


def mode_of(cookies: Mapping[str, str]) -> Mode:
    """The one that was chosen last on this device: known before anything is drawn."""
    asked = cookies.get(MODE_COOKIE, "")
    return Mode(asked) if asked in list(Mode) else Mode.SLIDER


def original(photo: Photo) -> Shown:
    return Shown(
        label=_("Original"),
        address=reverse("gallery:photo-display", args=[photo.pk]),
        thumbnail=reverse("gallery:photo-thumbnail", args=[photo.pk]),
        tiles=reverse("gallery:photo-tiles", args=[photo.pk]),
    )


def in_color(version: Colorization, label: str) -> Shown:
    """Adjusted, its pictures have other addresses: a browser does not ask again for one that a page has shown."""
    of_result = f"?of={version.result_id}" if version.adjusted else ""
    return Shown(
        label=label,
        address=reverse("gallery:colorization-preview", args=[version.pk]) + of_result,
        thumbnail=reverse("gallery:colorization-thumbnail", args=[version.pk]) + of_result,
        tiles=reverse("gallery:colorization-tiles", args=[version.pk]),
    )


def pictures(
    photo: Photo, version: Colorization | None, against: Colorization | None
) -> dict[str, Shown | None]:
    """`before` and, when there is a result, `after`."""
    if version is None or version.job.state != Job.State.SUCCEEDED:
        return {"before": original(photo), "after": None}
    after = in_color(version, made_in_words(version) if against else _("In color"))
    before = in_color(against, made_in_words(against)) if against else original(photo)
    return {"before": before, "after": after}


def to_compare_with(
    versions: Sequence[Colorization], version: Colorization | None
) -> list[Colorization]:
    """The other versions that have a result."""
    return [each for each in versions if each != version and each.job.state == Job.State.SUCCEEDED]


def addresses_of(place: Place) -> list[str]:
    """The pictures of the neighbors, to be fetched before somebody goes there."""
    return [_address_of(each) for each in (place.next, place.previous) if each]


def _address_of(photo: Photo) -> str:
    version = photo.shown_version
    if version and version.job.state == Job.State.SUCCEEDED:
        return in_color(version, "").address
    return original(photo).address
