"""The zip file of an album: requesting it and its progress; media.py serves it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.rates import limited
from gallery.archives import request_archive
from gallery.models import Album, AlbumArchive
from gallery.views.requests import MemberRequest
from jobs import services as jobs
from jobs.errors import TooManyJobsError


@login_required
@limited("job")
@require_POST
def create(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    try:
        return redirect(request_archive(album))
    except TooManyJobsError as error:
        messages.error(request, error.message)
        return redirect(album)


@login_required
@require_safe
def archive(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The page, or only the part that htmx polls while the job is open."""
    visible = AlbumArchive.objects.visible_to(request.user).select_related(
        "album__owner", "job", "file"
    )
    found = get_object_or_404(visible, pk=pk)
    part = request.GET.get("part") == "state"
    template = "gallery/_archive_state.html" if part else "gallery/archive.html"
    return render(request, template, {"archive": found, "album": found.album, "job": found.job})


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = AlbumArchive.objects.editable_by(request.user).select_related("album", "job")
    found = get_object_or_404(own, pk=pk)
    if not jobs.cancel(found.job):
        messages.info(request, "It finished before it could be cancelled.")
    return redirect(found)
