"""Which files of a photo its share opens, by the names that pages and API have for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from colorizer.models import Colorization
from filestore.models import StoredFile
from filestore.serving import serve
from gallery import queries
from gallery.file_names import shared_name
from gallery.models import Photo
from gallery.models.shares import Guest

Purpose = StoredFile.Purpose

BEFORE: Final[Mapping[str, tuple[StoredFile.Purpose, ...]]] = {
    "thumbnail": (Purpose.THUMBNAIL,),
    "display": (Purpose.DISPLAY,),
}
AFTER: Final[Mapping[str, tuple[StoredFile.Purpose, ...]]] = {
    "color-thumbnail": (Purpose.THUMBNAIL,),
    "color": (Purpose.PREVIEW,),
}
SMALL: Final = (Purpose.SMALL, Purpose.THUMBNAIL)
"""Pictures of earlier versions of the site have no small one."""
DOWNLOADS: Final = ("original", "image")
NAMES: Final = (*BEFORE, *AFTER, "film", *DOWNLOADS)


def serve_shared(request: HttpRequest, guest: Guest, pk: UUID, name: str) -> HttpResponseBase:
    """
    Raises:
        Http404: the share does not open it.
    """
    if name not in NAMES:
        raise Http404(_("There is no file of this name."))
    is_download = name in DOWNLOADS
    of_guest = Photo.objects.downloadable_by if is_download else Photo.objects.visible_to
    photo = get_object_or_404(of_guest(guest).select_related("original"), pk=pk)
    if is_download:
        file = _download(photo, guest, name)
        return serve(request, file, download_as=shared_name(photo, guest, file))
    if name == "film":
        return serve(request, _film(photo, guest))
    is_small = name.endswith("thumbnail") and request.GET.get("size") == "small"
    purposes = SMALL if is_small else {**BEFORE, **AFTER}[name]
    of = original_of(photo, guest) if name in BEFORE else result_of(photo, guest)
    return serve(request, _derivative(of, purposes))


def picture_of(guest: Guest, pk: UUID, of: str) -> StoredFile:
    """In full resolution, to be looked at closely: `of` is "original" or "color".

    Raises:
        Http404: the share does not open it.
    """
    photos = Photo.objects.visible_to(guest).select_related("original__owner")
    photo = get_object_or_404(photos, pk=pk)
    match of:
        case "original":
            return original_of(photo, guest)
        case "color":
            return result_of(photo, guest)
        case _:
            raise Http404(_("There is no picture of this name."))


def original_of(photo: Photo, guest: Guest) -> StoredFile:
    if not guest.share.shows_originals:
        raise Http404(_("The link does not show originals."))
    return photo.original


def result_of(photo: Photo, guest: Guest) -> StoredFile:
    version = shown_version(photo, guest)
    if version is None or version.result is None:
        raise Http404(_("There is no file."))
    return version.result


def shown_version(photo: Photo, guest: Guest) -> Colorization | None:
    """The one that it shows of a photo."""
    versions = queries.photo_colorizations(photo, guest)
    found: Colorization | None = versions.select_related("result__owner", "job").first()
    return found


def _download(photo: Photo, guest: Guest, name: str) -> StoredFile:
    if name == "image":
        return result_of(photo, guest)
    if not guest.share.gives_originals:
        raise Http404(_("The link gives no originals."))
    return photo.original


def _film(photo: Photo, guest: Guest) -> StoredFile:
    result = result_of(photo, guest)
    if not result.content_type.startswith("video/"):
        raise Http404(_("This is no film."))
    return result


def _derivative(of: StoredFile, purposes: tuple[StoredFile.Purpose, ...]) -> StoredFile:
    """The first that there is."""
    found = {
        file.purpose: file
        for file in StoredFile.objects.filter(derived_from=of, purpose__in=purposes)
    }
    for purpose in purposes:
        if purpose in found:
            return found[purpose]
    raise Http404(_("There is no file."))
