"""Taking a version along: what is asked for, its progress, the file."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.rates import limited
from colorizer.models import Colorization
from filestore.serving import serve
from gallery import downloads
from gallery.downloads import Wish
from gallery.file_names import download_name
from gallery.forms import DownloadForm
from gallery.models import Download
from gallery.views.colorizations import version_url
from gallery.views.requests import MemberRequest
from jobs import services as jobs
from jobs.errors import TooManyJobsError


@login_required
@limited("job")
@require_POST
def create(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Colorization.objects.editable_by(request.user).succeeded()
    version = get_object_or_404(own.select_related("source__photo"), pk=pk)
    form = DownloadForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("Choose one of the formats and sizes."))
    try:
        return redirect(downloads.request_download(version, Wish(**form.cleaned_data)))
    except TooManyJobsError as error:
        messages.error(request, error.message)
        return redirect(version_url(version))


@login_required
@require_safe
def download(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The page, or only the part that htmx polls while it is being made."""
    found = own_download(request, pk)
    part = request.GET.get("part") == "state"
    template = "gallery/_download_state.html" if part else "gallery/download.html"
    return render(request, template, context_of(found))


def context_of(found: Download) -> dict[str, Any]:
    version = found.colorization
    assert version is not None  # noqa: S101  (own_download asks for it)
    return {"download": found, "job": found.job, "back": version_url(version), "version": version}


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    found = own_download(request, pk)
    if not jobs.cancel(found.job):
        messages.info(request, _("It finished before it could be cancelled."))
    return redirect(found)


@require_safe
def file(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    finished = Download.objects.visible_to(request.user).exclude(file=None)
    found = get_object_or_404(finished.select_related("file", "colorization__source__photo"), pk=pk)
    assert found.file is not None  # noqa: S101  (asked for above)
    return serve(request, found.file, download_as=download_name(found))


def own_download(request: MemberRequest, pk: uuid.UUID) -> Download:
    own = Download.objects.editable_by(request.user)
    return get_object_or_404(
        own.select_related("job", "file", "colorization__source__photo"), pk=pk
    )
