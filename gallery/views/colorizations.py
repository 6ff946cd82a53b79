"""One colorization: its address, and stopping or deleting it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colorizer import services as colorizer
from colorizer.models import Colorization
from gallery import services
from gallery.queries import visible_colorizations
from gallery.thumbnails import thumbnail_address
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted
from jobs import services as jobs


@require_safe
def colorization(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    visible = visible_colorizations(request.user).select_related("source__photo")
    return redirect(version_url(get_object_or_404(visible, pk=pk)))


def version_url(colorization: Colorization) -> str:
    """The page of its photo, with this version chosen."""
    photo = colorization.source.photo
    return reverse("gallery:photo", args=[photo.pk], query={"version": colorization.pk})


def own_colorization(request: MemberRequest, pk: uuid.UUID) -> Colorization:
    own = Colorization.objects.editable_by(request.user).select_related("source__photo")
    found: Colorization = get_object_or_404(own, pk=pk)
    return found


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    colorization = own_colorization(request, pk)
    if not jobs.cancel(colorization.job):
        messages.info(request, _("It finished before it could be cancelled."))
    return redirect(version_url(colorization))


@login_required
@require_POST
def cancel_all(request: MemberRequest) -> HttpResponse:
    number = colorizer.cancel_all(Colorization.objects.editable_by(request.user))
    text = ngettext("Cancelled: %(number)d photo.", "Cancelled: %(number)d photos.", number)
    messages.success(request, text % {"number": number})
    return redirect("gallery:home")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    colorization = own_colorization(request, pk)
    if request.method == "POST":
        moment = services.trash_colorization(colorization)
        variant = colorization.get_variant_display().lower()
        text = _("The %(variant)s version is in the trash.") % {"variant": variant}
        tell_deleted(request, text, moment)
        return redirect(colorization.source.photo)
    return render(request, "gallery/confirm_delete.html", deletion(colorization))


def deletion(colorization: Colorization) -> dict[str, Any]:
    photo = colorization.source.photo
    variant = colorization.get_variant_display().lower()
    result = colorization.pk if colorization.result_id else None
    name = _("the %(variant)s version of “%(photo)s”") % {"variant": variant, "photo": photo}
    return {
        "name": name,
        "picture": thumbnail_address(photo.pk, result),
        "consequence": _(
            "Only this version goes to the trash. You can restore it there for 30 days."
        ),
        "back": version_url(colorization),
    }
