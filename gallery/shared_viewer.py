"""The viewer of a photo under a link: its pictures have addresses of the share, which end with it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from colorizer.models import Colorization
from gallery.models import Photo
from gallery.models.shares import Guest
from gallery.neighbors import Place
from gallery.viewer import Shown


def file_address(guest: Guest, pk: UUID, name: str) -> str:
    return reverse("shared:file", args=[guest.share.token, pk, name])


def photo_address(guest: Guest, pk: UUID) -> str:
    return reverse("shared:photo", args=[guest.share.token, pk])


def pictures(photo: Photo, version: Colorization | None, guest: Guest) -> dict[str, Shown | None]:
    """`before` and `after`; where only one is shown, it is `before`."""
    if version is None:
        return {"before": _original(photo, guest), "after": None}
    color = _in_color(photo, version, guest)
    if not guest.share.shows_originals:
        return {"before": color, "after": None}
    return {"before": _original(photo, guest), "after": color}


def addresses_of(place: Place, guest: Guest) -> list[str]:
    """The pictures of the neighbors, to be fetched before somebody goes there."""
    return [_address_of(each, guest) for each in (place.next, place.previous) if each]


def _address_of(photo: Photo, guest: Guest) -> str:
    version = photo.shown_version
    return (_in_color(photo, version, guest) if version else _original(photo, guest)).address


def _original(photo: Photo, guest: Guest) -> Shown:
    return Shown(
        label=_("Original"),
        address=file_address(guest, photo.pk, "display"),
        thumbnail=file_address(guest, photo.pk, "thumbnail"),
        tiles=reverse("shared:tiles", args=[guest.share.token, photo.pk, "original"]),
    )


def _in_color(photo: Photo, version: Colorization, guest: Guest) -> Shown:
    """Another version, or one that was adjusted, has another address: a browser does not ask again for one."""
    of_result = f"?of={version.result_id}"
    return Shown(
        label=_("In color"),
        address=file_address(guest, photo.pk, "color") + of_result,
        thumbnail=file_address(guest, photo.pk, "color-thumbnail") + of_result,
        tiles=reverse("shared:tiles", args=[guest.share.token, photo.pk, "color"]),
    )
