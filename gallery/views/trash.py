"""The trash: what lies there, taking it back, and deleting it for good."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filestore.serving import serve
from gallery.forms import TrashForm
from gallery.moments import parse_moment
from gallery.trash import contents, purging, restoring
from gallery.trash.contents import KEPT_DAYS, Listed, Trash
from gallery.trash.restoring import Restored
from gallery.views.media import thumbnail_of
from gallery.views.requests import MemberRequest, came_from

THINGS_PER_PAGE: Final = 48
UNDO: Final = "undo "


def tell_deleted(request: HttpRequest, text: str, moment: datetime) -> None:
    """The next page says so, with a button that takes it back."""
    messages.success(request, text, extra_tags=UNDO + moment.isoformat())


@login_required
@require_safe
def trash(request: MemberRequest) -> HttpResponse:
    trash = Trash.of(request.user)
    # All rows at once: to count them takes the database as long as to list them.
    page = Paginator(list(trash.listed()), THINGS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "things": contents.fetch(page),
        "kept_days": KEPT_DAYS,
    }
    return render(request, "gallery/trash.html", context)


@login_required
@require_safe
def album(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The photos that were deleted with an album."""
    album = get_object_or_404(Trash.of(request.user).albums, pk=pk)
    photos = contents.photos_of(album).select_related("album", "original")
    page = Paginator(photos, THINGS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"album": album, "page": page, "things": [Listed("photo", photo) for photo in page]}
    return render(request, "gallery/trash_album.html", context)


@login_required
@require_POST
def restore(request: MemberRequest) -> HttpResponse:
    """What is selected, or everything."""
    restored = restoring.restore(request.user, chosen(request))
    if not restored:
        raise Http404(_("None of this is in the trash anymore."))
    tell_restored(request, restored)
    return HttpResponseRedirect(destination(request, restored, default="gallery:trash"))


@login_required
@require_POST
def undo(request: MemberRequest) -> HttpResponse:
    """Take back the deletion that a page has just told of. A second click finds it done."""
    moment = parse_moment(request.POST.get("moment", "").removeprefix(UNDO))
    if moment is None:
        raise BadRequest(_("The moment of the deletion is missing."))
    restored = restoring.undo(request.user, moment)
    tell_restored(request, restored)
    return HttpResponseRedirect(destination(request, restored, default="gallery:home"))


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest) -> HttpResponse:
    """The first request shows the page that asks, the second deletes for good."""
    if request.method == "GET":
        return redirect("gallery:trash")
    selected = chosen(request)
    if "confirmed" not in request.POST:
        return ask(request, selected, things=request.POST.getlist("things"))
    return deleted(request, selected)


@login_required
@require_http_methods(["GET", "POST"])
def empty(request: MemberRequest) -> HttpResponse:
    everything = Trash.of(request.user)
    if request.method == "GET":
        return ask(request, everything, empties=True)
    return deleted(request, everything)


def chosen(request: MemberRequest) -> Trash:
    trash = Trash.of(request.user)
    if "all" in request.POST:
        return trash
    form = TrashForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Select at least one thing."))
    return trash.only(form.cleaned_data["things"])


def ask(request: MemberRequest, trash: Trash, **more: Any) -> HttpResponse:
    counts = trash.counts()
    if not any(counts.values()):
        return redirect("gallery:trash")
    context = {"counts": counts, "bytes": trash.total_bytes(), **more}
    return render(request, "gallery/trash_delete.html", context)


def deleted(request: MemberRequest, trash: Trash) -> HttpResponse:
    if purging.delete_forever(request.user, trash):
        messages.success(request, _("Deleted for good."))
    else:
        messages.success(request, _("Deleted for good. The space is free in a few minutes."))
    return redirect("gallery:trash")


def tell_restored(request: MemberRequest, restored: Restored) -> None:
    if not restored:
        messages.info(request, _("It is not in the trash anymore."))
        return
    messages.success(request, _("Restored: %(things)s.") % {"things": named(restored)})
    if restored.moved_to:
        text = ngettext(
            "The album of %(number)d photo is in the trash: the photo is in “%(album)s” now.",
            "The albums of %(number)d photos are in the trash: the photos are in “%(album)s” now.",
            restored.moved,
        )
        messages.info(request, text % {"number": restored.moved, "album": restored.moved_to.title})
    for title in restored.unpublished:
        text = _("“%(album)s” was public and is private now. Publish it again if you want to.")
        messages.info(request, text % {"album": title})


def named(restored: Restored) -> str:
    """Such as: “Trip”, 3 photos, 1 version."""
    parts = [f"“{album.title}”" for album in restored.albums]
    if restored.photos:
        text = ngettext("%(number)d photo", "%(number)d photos", restored.photos)
        parts.append(text % {"number": restored.photos})
    if restored.colorizations:
        text = ngettext("%(number)d version", "%(number)d versions", restored.colorizations)
        parts.append(text % {"number": restored.colorizations})
    return ", ".join(parts)


def destination(request: MemberRequest, restored: Restored, default: str) -> str:
    """The album that came back, or the page on which the button was."""
    if len(restored.albums) == 1 and not restored.photos:
        return restored.albums[0].get_absolute_url()
    return came_from(request, reverse(default))


@login_required
@require_safe
def photo_thumbnail(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    photo = get_object_or_404(Trash.of(request.user).photos, pk=pk)
    return serve(request, thumbnail_of(request, photo.original_id))


@login_required
@require_safe
def colorization_thumbnail(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    made = Trash.of(request.user).colorizations.filter(result__isnull=False)
    version = get_object_or_404(made, pk=pk)
    return serve(request, thumbnail_of(request, cast("UUID", version.result_id)))
