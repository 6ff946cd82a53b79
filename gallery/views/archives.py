"""Zip files: what is to be in one, its progress, making it again; media.py serves it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.rates import limited
from gallery import archives
from gallery.errors import NothingToDownloadError
from gallery.forms import ArchiveForm
from gallery.models import Album, Archive, Photo
from gallery.views.requests import MemberRequest
from jobs import services as jobs
from jobs.errors import TooManyJobsError


@login_required
@limited("job")
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The page that asks what to download of an album; its button, or a form without choices, begins it."""
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = ArchiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            return redirect(archives.request_archive(album, form.choices))
        except TooManyJobsError as error:
            messages.error(request, error.message)
            return redirect(album)
        except NothingToDownloadError as error:
            form.add_error("holds", error.message)
    photos = Photo.objects.kept().filter(album=album)
    context = {
        "album": album,
        "form": form,
        "photo_count": photos.count(),
        "choices": form.choices_with_sizes(archives.bytes_of(photos)),
    }
    return render(request, "gallery/album_download.html", context)


@login_required
@require_safe
def archive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page, or only the part that htmx polls while the job is open."""
    visible = Archive.objects.visible_to(request.user).select_related("album", "job", "owner")
    found = get_object_or_404(visible.with_parts(), pk=pk)
    part = request.GET.get("part") == "state"
    template = "gallery/_archive_state.html" if part else "gallery/archive.html"
    return render(request, template, {"archive": found, "job": found.job})


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    found = own_archive(request, pk)
    if not jobs.cancel(found.job):
        messages.info(request, _("It finished before it could be cancelled."))
    return redirect(found)


@login_required
@limited("job")
@require_POST
def again(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Another try, or a new one of what there is now."""
    found = own_archive(request, pk)
    try:
        return redirect(archives.request_again(found))
    except (TooManyJobsError, NothingToDownloadError) as error:
        messages.error(request, error.message)
        return redirect(found)


def own_archive(request: MemberRequest, pk: uuid.UUID) -> Archive:
    own = Archive.objects.editable_by(request.user).select_related("album", "job", "owner")
    return get_object_or_404(own, pk=pk)
