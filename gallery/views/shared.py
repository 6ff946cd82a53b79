"""What a link opens: an album or a photo, for whoever has it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from colorizer.engine.imageio.formats import DISPLAY_SIDE
from colorizer.models import PicturePack
from gallery import queries, share_access, shared_files, shared_viewer, viewer
from gallery.models import Album, Photo
from gallery.models.shares import Guest
from gallery.neighbors import place_of
from gallery.share_forms import UnlockForm
from gallery.views import packs
from gallery.views.albums import PHOTOS_PER_PAGE, grouped, with_pages
from gallery.views.opening import (
    NOBODY,
    PROOF_COOKIE,
    gone,
    guest_of,
    is_unlocked,
    locked,
    remember,
    secluded,
    shared_file,
    shared_page,
)


@require_safe
@shared_page
def share(request: HttpRequest, guest: Guest) -> HttpResponseBase:
    """The album; of a single photo, its page."""
    shared = guest.share
    if shared.photo_id:
        return _photo_page(request, guest, shared.photo_id)
    return _album_page(request, guest, get_object_or_404(Album.objects.visible_to(guest)))


@require_safe
@shared_page
def photo(request: HttpRequest, guest: Guest, pk: UUID) -> HttpResponseBase:
    return _photo_page(request, guest, pk)


@require_POST
def unlock(request: HttpRequest, token: str) -> HttpResponseBase:
    """The password is checked once: the browser keeps a proof of that for some days."""
    try:
        guest = guest_of(token)
    except Http404:
        return gone(request)
    if is_unlocked(request, guest):
        return redirect(guest.share)
    form = UnlockForm(request.POST)
    if not form.is_valid():
        return locked(request, guest, form, status=400)
    proof = share_access.proof_for(request, guest.share, form.cleaned_data["password"])
    if not proof:
        form.add_error("password", _("This password is not correct."))
        return locked(request, guest, form, status=403)
    response = redirect(guest.share)
    remember(response, guest, PROOF_COOKIE, proof, share_access.LASTS.total_seconds())
    return secluded(response)


@require_safe
@shared_file
def file(request: HttpRequest, guest: Guest, pk: UUID, name: str) -> HttpResponseBase:
    return shared_files.serve_shared(request, guest, pk, name)


@require_safe
@shared_file
def tiles(request: HttpRequest, guest: Guest, pk: UUID, of: str) -> HttpResponseBase:
    return packs.tiles_of(shared_files.picture_of(guest, pk, of))


@require_safe
@shared_file
def tile(request: HttpRequest, guest: Guest, pk: UUID, of: str) -> HttpResponseBase:
    picture = shared_files.picture_of(guest, pk, of)
    return packs.member_of(request, picture, PicturePack.Content.TILES, packs.JPEG)


def _album_page(request: HttpRequest, guest: Guest, album: Album) -> HttpResponseBase:
    sections = queries.sections_of(album, guest)
    visible = Photo.objects.visible_to(guest)
    photos = queries.in_album_order(visible, album, by_section=bool(sections))
    page = Paginator(photos.values_list("pk", flat=True), PHOTOS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = queries.photos_of_keys(page.object_list, guest)
    page.object_list = shown  # type: ignore[assignment]
    context = {
        **_context(guest),
        "album": album,
        "page": page,
        "groups": grouped(shown, sections),
        "sections": with_pages(sections, page.paginator.count),
        "cover": next(iter(shown), None),
    }
    return render(request, "shared/album.html", context)


def _photo_page(request: HttpRequest, guest: Guest, pk: UUID) -> HttpResponseBase:
    photos = Photo.objects.visible_to(guest).select_related("album", "original__film")
    photo = get_object_or_404(photos, pk=pk)
    version = shared_files.shown_version(photo, guest)
    place = place_of(photo, guest)
    context = {
        **_context(guest),
        "photo": photo,
        "version": version,
        "place": place,
        "prefetched": shared_viewer.addresses_of(place, guest),
        "mode": viewer.mode_of(request.COOKIES),
        "display_side": DISPLAY_SIDE,
        **shared_viewer.pictures(photo, version, guest),
        **queries.details_for(photo, guest),
    }
    return render(request, "shared/photo.html", context)


def _context(guest: Guest) -> dict[str, Any]:
    return {"user": NOBODY, "viewer": guest, "share": guest.share}
