"""Which version is the one: previews of styles, keeping and rating."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.rates import limited
from colorizer import packs
from colorizer import services as colorizer
from colorizer.models import Colorization, PicturePack
from gallery.forms import OpinionForm
from gallery.models import Photo
from gallery.versions import detail_in_words
from gallery.views.colorizations import version_url
from gallery.views.photos import of_key, photo_context
from gallery.views.requests import MemberRequest
from jobs.errors import GoneError
from jobs.models import Job


@login_required
@require_POST
def judge(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep a version, or rate it: it is the photo's address, so that there is one if the version is gone."""
    photo = own_photo(request, pk)
    versions = list(Colorization.objects.kept().filter(source=photo.original_id))
    version = of_key(versions, request.POST.get("version"))
    form = OpinionForm(request.POST)
    if not form.is_valid():
        if "is_kept" in form.errors:
            raise BadRequest(form.errors["is_kept"][0])
        raise BadRequest(_("A rating has to be a number from 1 to 5."))
    if version and form.changes().get("is_kept") and version.job.state != Job.State.SUCCEEDED:
        raise BadRequest(_("The request cannot be read."))
    if version is None or not judged(version, form.changes()):
        return gone(request, photo)
    if not request.htmx:
        return redirect(version_url(version))
    context = photo_context(request, photo.pk, str(version.pk))
    return render(request, "gallery/_judged.html", context)


def judged(version: Colorization, opinion: dict[str, Any]) -> bool:
    """False when it was deleted at this moment."""
    try:
        colorizer.judge(version, **opinion)
    except GoneError:
        return False
    return True


def gone(request: MemberRequest, photo: Photo) -> HttpResponse:
    messages.warning(request, _("This version was deleted."))
    address = photo.get_absolute_url()
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


@login_required
@limited("job")
@require_http_methods(["GET", "POST"])
def styles(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The grid of previews. POST has them made; GET tells how far they are."""
    photo = own_photo(request, pk)
    if request.method == "POST":
        pack: PicturePack | None = packs.request(photo.original, PicturePack.Content.STYLES)
        if not request.htmx:
            return redirect(request.path)
    else:
        pack = packs.find(photo.original, PicturePack.Content.STYLES)
    template = "gallery/_styles.html" if request.htmx else "gallery/styles.html"
    return render(request, template, styles_context(photo, pack))


def styles_context(photo: Photo, pack: PicturePack | None) -> dict[str, Any]:
    state = pack.job.state if pack else ""
    return {
        "photo": photo,
        "can_edit": True,
        "pack": pack,
        "are_ready": state == Job.State.SUCCEEDED,
        "have_failed": state in (Job.State.FAILED, Job.State.CANCELLED),
        "styles": [
            {
                "name": style.name,
                "variant": style.variant,
                "label": Colorization.Variant(style.variant).label,
                "render_factor": style.render_factor,
                "detail": detail_in_words(style.render_factor),
            }
            for style in packs.STYLES
        ],
    }


def own_photo(request: MemberRequest, pk: uuid.UUID) -> Photo:
    photos = Photo.objects.editable_by(request.user).select_related("album", "original__owner")
    return get_object_or_404(photos, pk=pk)
