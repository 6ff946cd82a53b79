"""Uploads by a plain form. With scripts, pages upload by the API (static/js/uploads)."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts import rates
from filestore.upload_handler import takes_files
from gallery import services
from gallery.forms import UploadChoicesForm, UploadForm
from gallery.models import Album
from gallery.views.requests import MemberRequest

# Without scripts one form carries all files. Large scans have to be sent in several.
FILES_A_FORM: Final = 4

Rejected = list[tuple[str, services.Refusal]]


def upload_context(form: UploadForm) -> dict[str, Any]:
    return {"form": form, "max_upload_bytes": settings.MAX_UPLOAD_BYTES}


@takes_files(FILES_A_FORM)
@login_required
@require_http_methods(["GET", "POST"])
def upload(request: MemberRequest) -> HttpResponse:
    if request.method == "GET":
        return upload_page(request, UploadForm())
    return add_photos(request, services.default_album(request.user))


@takes_files(FILES_A_FORM)
@login_required
@require_http_methods(["GET", "POST"])
def upload_to_album(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    if request.method == "GET":
        return upload_page(request, UploadForm(), album)
    return add_photos(request, album)


@login_required
@require_safe
def choices(request: MemberRequest) -> HttpResponse:
    """The part of the dialog that asks where photos go and how they are colored."""
    form = UploadChoicesForm(request.user, auto_id="upload_%s")
    return render(request, "gallery/_upload_choices.html", {"form": form})


def upload_page(
    request: MemberRequest, form: UploadForm, album: Album | None = None, status: int = 200
) -> HttpResponse:
    context = {"album": album, **upload_context(form)}
    return render(request, "gallery/upload.html", context, status=status)


def add_photos(request: MemberRequest, album: Album) -> HttpResponse:
    rates.consume(request, "upload", len(request.FILES.getlist("photos")))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return upload_page(request, form, album, status=400)
    colorizations, rejected = services.add_photos_and_colorize(
        album,
        form.cleaned_data["photos"],
        form.cleaned_data["variant"],
        form.cleaned_data["render_factor"],
    )
    tell(request, len(colorizations), rejected)
    return redirect(album)


def tell(request: MemberRequest, number: int, rejected: Rejected) -> None:
    for name, error in rejected:
        messages.error(request, _("%(name)s: %(reason)s") % {"name": name, "reason": error.message})
    if number:
        text = ngettext(
            "%(number)d photo is being colored.", "%(number)d photos are being colored.", number
        )
        messages.success(request, text % {"number": number})
