"""What is done with several photos at once. The first request shows the page that asks, the second does it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import rates
from gallery import services
from gallery.forms import ColorizeForm, MoveForm, SelectionForm
from gallery.models import Photo
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted

MAX_PHOTOS: Final = 500


def selected_photos(request: MemberRequest) -> Sequence[Photo]:
    """Those that are still there. One that was deleted in another tab keeps nobody from the others."""
    form = SelectionForm(request.POST)
    if not form.is_valid():
        raise BadRequest("Select at least one photo.")
    keys = set(form.cleaned_data["photos"])
    if len(keys) > MAX_PHOTOS:
        raise BadRequest(f"Select at most {MAX_PHOTOS} photos at a time.")
    own = Photo.objects.editable_by(request.user).select_related("album", "original__owner")
    photos = list(own.filter(pk__in=keys))
    if not photos:
        raise Http404("None of these photos is there anymore.")
    return photos


def of_selected(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def respond(request: MemberRequest) -> HttpResponse:
        # After a login, or typed by hand: nothing is selected any more.
        if request.method == "GET":
            return redirect("gallery:home")
        return view(request, selected_photos(request))

    return respond


@of_selected
def move(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = MoveForm(request.user, answers(request))
    if not form.is_valid():
        return ask(request, "move", photos, form=form)
    album = form.cleaned_data["album"]
    if album:
        services.move_photos(photos, album)
    else:
        album = services.move_photos_to_new_album(photos, form.cleaned_data["title"])
    messages.success(request, f"Moved: {counted(photos)}.")
    return redirect(album)


@of_selected
def color(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = ColorizeForm(answers(request))
    if not form.is_valid():
        return ask(request, "color", photos, form=form)
    rates.consume(request, "job", len(photos))
    number = services.color_photos(photos, **form.cleaned_data)
    left = len(photos) - number
    if left:
        verb = "has" if left == 1 else "have"
        messages.error(
            request, f"You have too many open jobs: {left} of the photos {verb} to wait."
        )
    if number:
        messages.success(request, f"Being colored: {counted(photos[:number])}.")
    return redirect(photos[0].album)


@of_selected
def delete(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    if answers(request) is None:
        return ask(request, "delete", photos)
    moment = services.trash_photos(photos)
    text = ngettext(
        "%(number)d photo is in the trash.", "%(number)d photos are in the trash.", len(photos)
    )
    tell_deleted(request, text % {"number": len(photos)}, moment)
    return redirect(photos[0].album)


def answers(request: MemberRequest) -> Any:
    """What was filled in on the page that asks; None when it has not been shown yet."""
    return request.POST if "confirmed" in request.POST else None


def ask(request: MemberRequest, action: str, photos: Sequence[Photo], **more: Any) -> HttpResponse:
    context = {"photos": photos, "back": photos[0].album.get_absolute_url(), **more}
    return render(request, f"gallery/selection_{action}.html", context)


def counted(photos: Sequence[Photo]) -> str:
    return f"{len(photos)} photo{'' if len(photos) == 1 else 's'}"
