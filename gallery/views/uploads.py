"""Uploads: by a plain form with many files, or by script with one request per file."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from accounts import rates
from colorizer.errors import UploadError
from filestore.upload_handler import takes_files
from gallery import services
from gallery.forms import UploadForm
from gallery.models import Album
from gallery.views.requests import MemberRequest

# Without scripts one form carries all files. Large scans have to be sent in several.
FILES_A_FORM: Final = 4

Rejected = list[tuple[str, services.Refusal]]


def upload_context(form: UploadForm) -> dict[str, Any]:
    return {"form": form, "max_upload_bytes": settings.MAX_UPLOAD_BYTES}


@takes_files(FILES_A_FORM)
@login_required
@require_POST
def upload(request: MemberRequest) -> HttpResponse:
    return add_photos(request, services.default_album(request.user))


@takes_files(FILES_A_FORM)
@login_required
@require_POST
def upload_to_album(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    return add_photos(request, get_object_or_404(Album.objects.editable_by(request.user), pk=pk))


def add_photos(request: MemberRequest, album: Album) -> HttpResponse:
    rates.consume(request, "upload", len(request.FILES.getlist("photos")))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"album": album, **upload_context(form)}
        return render(request, "gallery/upload.html", context, status=400)
    colorizations, rejected = services.add_photos_and_colorize(
        album,
        form.cleaned_data["photos"],
        form.cleaned_data["variant"],
        form.cleaned_data["render_factor"],
    )
    if request.htmx:
        photos = [colorization.source.photo for colorization in colorizations]
        context = {"photos": photos, "rejected": rejected, "can_edit": True}
        response = render(request, "gallery/_uploaded.html", context)
        return _try_again(response, rejected)
    tell(request, len(colorizations), rejected)
    return redirect(album)


def _try_again(response: HttpResponse, rejected: Rejected) -> HttpResponse:
    """The script of the page sends one file a request, and sends it again when it is told when."""
    for _, error in rejected:
        if isinstance(error, UploadError) and error.retry_after:
            response.status_code = error.status
            response["Retry-After"] = str(error.retry_after)
    return response


def tell(request: MemberRequest, number: int, rejected: Rejected) -> None:
    for name, error in rejected:
        messages.error(request, f"{name}: {error.message}")
    if number:
        verb = "photo is" if number == 1 else "photos are"
        messages.success(request, f"{number} {verb} being colored.")
