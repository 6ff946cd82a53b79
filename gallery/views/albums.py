"""An album: its photos, its settings, whether it is public."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rates import limited
from gallery import queries, services
from gallery.forms import AlbumForm, EditAlbumForm, PhotoOrderForm, UploadForm
from gallery.models import Album, Photo, Section
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted
from gallery.views.uploads import upload_context

PHOTOS_PER_PAGE: Final = 60


@require_safe
def album(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.visible_to(request.user), pk=pk)
    sections = queries.sections_of(album, request.user)
    visible = Photo.objects.visible_to(request.user).filter(album=album)
    photos = queries.in_album_order(visible, album, by_section=bool(sections))
    page = Paginator(photos.values_list("pk", flat=True), PHOTOS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    shown = queries.photos_of_keys(page.object_list, request.user)
    page.object_list = shown  # type: ignore[assignment]
    context = {
        "album": album,
        "page": page,
        "groups": grouped(shown, sections),
        "sections": with_pages(sections, page.paginator.count),
        "photo_orders": Album.PhotoOrder.choices,
        "can_edit": album.owner == request.user,
        "has_open_jobs": queries.any_open(shown),
        "arrivals": arrivals(album, page),
        **upload_context(UploadForm()),
    }
    return render(request, "gallery/album.html", context)


def arrivals(album: Album, page: Page[Any]) -> str:
    """Where a new photo will stand among those of the page that have no section, if it will."""
    match album.photo_order:
        case Album.PhotoOrder.NEWEST | Album.PhotoOrder.BY_HAND:
            return "" if page.has_previous() else "start"
        case Album.PhotoOrder.OLDEST:
            return "" if page.has_next() else "end"
        case _:
            return ""


def grouped(
    photos: Iterable[Photo], sections: Sequence[Section]
) -> list[tuple[Section | None, list[Photo]]]:
    """The photos of a page by their sections; those without one are always first, if only as a place."""
    known = {section.pk: section for section in sections}
    by_section = [
        (known.get(key), list(group)) for key, group in groupby(photos, lambda one: one.section_id)
    ]
    if not by_section or by_section[0][0]:
        by_section.insert(0, (None, []))
    return by_section


def with_pages(sections: Sequence[Section], photo_count: int) -> list[tuple[Section, int]]:
    """Each section that has photos, with the page on which it begins."""
    before = photo_count - sum(section.photo_count for section in sections)  # type: ignore[attr-defined]
    found = []
    for section in sections:
        if section.photo_count:  # type: ignore[attr-defined]
            found.append((section, before // PHOTOS_PER_PAGE + 1))
        before += section.photo_count  # type: ignore[attr-defined]
    return found


@login_required
@limited("album")
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    form = AlbumForm(request.POST or None)
    if form.is_valid():
        return redirect(services.create_album(request.user, **form.cleaned_data))
    return render(request, "gallery/album_form.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = EditAlbumForm(request.POST or None, instance=album)
    if form.is_valid():
        services.edit_album(album, **form.changes())
        return redirect(album)
    return render(request, "gallery/album_form.html", {"form": form, "album": album})


@login_required
@require_POST
def order(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = PhotoOrderForm(request.POST, instance=album)
    if not form.is_valid():
        raise BadRequest(_("There is no such order of photos."))
    services.edit_album(album, **form.cleaned_data)
    return redirect(album)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    match request.POST.get("action"):
        case "publish":
            services.publish(album)
            messages.success(request, _("The album is public. Anyone with the link can see it."))
        case "unpublish":
            services.unpublish(album)
            messages.success(request, _("The album is private again."))
        case _:
            context = {"album": album, "photo_count": album.photos.kept().count()}
            return render(request, "gallery/album_publish.html", context)
    return redirect(album)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        name = named(album)
        moment = services.trash_album(album)
        text = _("%(album)s is in the trash.") % {"album": capfirst(name)}
        tell_deleted(request, text, moment)
        return redirect("gallery:home")
    context = {
        "name": named(album),
        "consequence": consequence(album),
        "back": album.get_absolute_url(),
    }
    return render(request, "gallery/confirm_delete.html", context)


def named(album: Album) -> str:
    """With the number of its photos, which shows what is at stake."""
    number = album.photos.kept().count()
    text = ngettext(
        "album “%(title)s” with %(number)s photo",
        "album “%(title)s” with %(number)s photos",
        number,
    )
    return text % {"title": album.title, "number": f"{number:,}"}


def consequence(album: Album) -> str:
    text = _(
        "The album, its photos and all their versions go to the trash. You can restore them there for 30 days."
    )
    if album.is_public:
        text += " " + _("The album is private when you restore it.")
    return text
