"""One photo: the chosen version, the other versions, and fragments that htmx polls."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rates import limited
from colorizer.models import Colorization
from colorizer.services import is_current
from gallery import details, queries, services
from gallery.details_forms import DetailsForm
from gallery.forms import ColorizeForm
from gallery.models import Photo
from gallery.versions import shown_of
from gallery.views.colorizations import version_url
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted
from jobs import wait_estimates
from jobs.errors import TooManyJobsError
from jobs.models import Job

FRAGMENTS = {part: f"gallery/_{part}.html" for part in ("stage", "versions", "details")}


@require_safe
def photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return render(request, "gallery/photo.html", photo_context(request, pk))


@require_safe
def status(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A fragment of a page that htmx polls while a job is open."""
    if request.GET.get("part") not in FRAGMENTS:
        text = _("The part has to be one of %(parts)s.") % {"parts": ", ".join(FRAGMENTS)}
        raise BadRequest(text)
    return render(request, FRAGMENTS[request.GET["part"]], photo_context(request, pk))


def photo_context(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    photos = Photo.objects.visible_to(request.user).select_related("album__owner", "original")
    photo = get_object_or_404(photos, pk=pk)
    versions = list(queries.photo_colorizations(photo, request.user).select_related("result"))
    version = chosen(versions, request.GET.get("version"))
    can_edit = photo.album.owner == request.user
    return {
        "photo": photo,
        "versions": versions,
        "version": version,
        "wait": version and wait_estimates.wait_of(version.job),
        "is_outdated": can_edit and version and is_outdated(version),
        "has_open_jobs": any(not each.job.is_finished for each in versions),
        "can_edit": can_edit,
        "can_download": Photo.objects.downloadable_by(request.user).filter(pk=pk).exists(),
        "form": ColorizeForm(),
        **queries.details_for(photo, request.user),
    }


def is_outdated(version: Colorization) -> bool:
    return version.job.state == Job.State.SUCCEEDED and not is_current(version)


def chosen(versions: list[Colorization], pk: str | None) -> Colorization | None:
    """The version that the address asks for, or the one that stands for the photo."""
    if pk is None:
        return shown_of(versions)
    for version in versions:
        if str(version.pk) == pk:
            return version
    raise Http404(_("This version does not exist."))


@login_required
@limited("job")
@require_POST
def colorize(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Photo.objects.editable_by(request.user).select_related("original__owner")
    photo = get_object_or_404(own, pk=pk)
    form = ColorizeForm(request.POST)
    if not form.is_valid():
        context = {**photo_context(request, pk), "form": form}
        return render(request, "gallery/photo.html", context, status=400)
    try:
        version = services.colorize_photo(photo, **form.cleaned_data, goes_first=True)
    except TooManyJobsError as error:
        return too_many_jobs(request, pk, error)
    if version.job.is_finished:
        messages.info(request, _("You already have this version."))
    return redirect(version_url(version))


def too_many_jobs(request: MemberRequest, pk: uuid.UUID, error: TooManyJobsError) -> HttpResponse:
    messages.error(request, error.message)
    page = render(request, "gallery/photo.html", photo_context(request, pk), status=429)
    page["Retry-After"] = str(error.retry_after)
    return page


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """On a page of its own, or on the photo's, where htmx puts the form in the place of the details."""
    photos = Photo.objects.editable_by(request.user).select_related("album__owner")
    photo = get_object_or_404(photos, pk=pk)
    form = DetailsForm(photo, request.POST if request.method == "POST" else None)
    if form.is_valid():
        details.edit_photo(photo, **form.changes())
        if request.htmx:
            return render(request, "gallery/_details_saved.html", photo_context(request, pk))
        return redirect(photo)
    context = {
        "photo": photo,
        "form": form,
        "action": request.path,
        **queries.known_names(request.user),
    }
    template = "gallery/_details_form.html" if request.htmx else "gallery/photo_edit.html"
    return render(request, template, context)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    photos = Photo.objects.editable_by(request.user).select_related("album")
    photo = get_object_or_404(photos, pk=pk)
    if request.method == "POST":
        moment = services.trash_photos([photo])
        text = _("“%(photo)s” is in the trash.") % {"photo": photo}
        tell_deleted(request, text, moment)
        return redirect(photo.album)
    context = {
        "name": f"“{photo}”",
        "picture": reverse("gallery:photo-thumbnail", args=[photo.pk]),
        "consequence": _(
            "The photo and all its versions go to the trash. You can restore them there for 30 days."
        ),
        "back": photo.get_absolute_url(),
    }
    return render(request, "gallery/confirm_delete.html", context)
