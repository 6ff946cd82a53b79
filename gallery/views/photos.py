"""One photo: the pair on the stage, its versions, and the live fragments of both."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colorizer import waits
from colorizer.errors import TooManyJobsError
from colorizer.models import Colorization
from colorizer.services import enqueue, is_current
from gallery import queries, services
from gallery.forms import ColorizeForm
from gallery.models import Photo
from gallery.views.requests import MemberRequest

FRAGMENTS = {part: f"gallery/_{part}.html" for part in ("photo_card", "stage", "versions")}


@require_safe
def photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return render(request, "gallery/photo.html", photo_context(request, pk))


@require_safe
def status(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A fragment of a page that htmx asks for again while a job is open."""
    if request.GET.get("part") not in FRAGMENTS:
        raise BadRequest(f"The part has to be one of {', '.join(FRAGMENTS)}.")
    return render(request, FRAGMENTS[request.GET["part"]], photo_context(request, pk))


def photo_context(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    photos = Photo.objects.visible_to(request.user).select_related("album__owner")
    photo = get_object_or_404(photos, pk=pk)
    pairs = list(queries.photo_pairs(photo, request.user))
    pair = chosen(pairs, request.GET.get("pair"))
    can_edit = photo.album.owner == request.user
    return {
        "photo": photo,
        "pairs": pairs,
        "pair": pair,
        "wait": pair and waits.wait_of(pair),
        "is_outdated": can_edit and pair and is_outdated(pair),
        "has_open_pairs": any(not pair.is_finished for pair in pairs),
        "can_edit": can_edit,
        "can_download": Photo.objects.downloadable_by(request.user).filter(pk=pk).exists(),
        "form": ColorizeForm(),
    }


def is_outdated(pair: Colorization) -> bool:
    return pair.state == pair.State.SUCCEEDED and not is_current(pair)


def chosen(pairs: list[Colorization], pk: str | None) -> Colorization | None:
    """The pair that the address asks for, or the newest."""
    if pk is None:
        return next(iter(pairs), None)
    for pair in pairs:
        if str(pair.pk) == pk:
            return pair
    raise Http404("This version does not exist.")


@login_required
@require_POST
def colorize(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=pk)
    form = ColorizeForm(request.POST)
    if not form.is_valid():
        context = {**photo_context(request, pk), "form": form}
        return render(request, "gallery/photo.html", context, status=400)
    try:
        pair = enqueue(photo, **form.cleaned_data)
    except TooManyJobsError as error:
        return too_many_jobs(request, pk, error)
    if pair.is_finished:
        messages.info(request, "It is here already: the same picture would come out again.")
    return redirect(pair)


def too_many_jobs(request: MemberRequest, pk: uuid.UUID, error: TooManyJobsError) -> HttpResponse:
    messages.error(request, error.message)
    page = render(request, "gallery/photo.html", photo_context(request, pk), status=429)
    page["Retry-After"] = str(error.retry_after)
    return page


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    photos = Photo.objects.editable_by(request.user).select_related("album")
    photo = get_object_or_404(photos, pk=pk)
    if request.method == "POST":
        services.delete_photo(photo)
        messages.success(request, f"“{photo.original_name}” is deleted.")
        return redirect(photo.album)
    context = {
        "name": f"“{photo.original_name}”",
        "picture": reverse("gallery:photo-thumbnail", args=[photo.pk]),
        "consequence": "The original and all its colored versions are deleted.",
        "back": photo.get_absolute_url(),
    }
    return render(request, "gallery/confirm_delete.html", context)
