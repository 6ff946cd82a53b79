"""Reports about what is public or shared: anyone who sees it may send one, with or without an account."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rates import limited
from colorizer.models import Colorization
from gallery.models import Photo
from gallery.models.shares import Guest
from gallery.queries import visible_colorizations
from gallery.shared_files import shown_version
from gallery.shared_viewer import photo_address
from gallery.views.opening import NOBODY, shared_page, with_form
from gallery.views.requests import PageRequest
from moderation import services
from moderation.forms import ReportForm


@limited("report")
@require_http_methods(["GET", "POST"])
def report(request: PageRequest, pk: uuid.UUID) -> HttpResponse:
    published = visible_colorizations(AnonymousUser())
    colorization = get_object_or_404(published, pk=pk)
    form = ReportForm(request.POST or None)
    if not form.is_valid():
        back = reverse("gallery:colorization", args=[pk])
        return render(request, "moderation/report.html", {"form": form, "back": back})
    _record(request, colorization, form)
    return redirect("gallery:colorization", colorization.pk)


@limited("report")
@require_http_methods(["GET", "POST"])
@shared_page
def shared_report(request: PageRequest, guest: Guest, pk: uuid.UUID) -> HttpResponseBase:
    """About a photo that somebody was sent a link to."""
    photo = get_object_or_404(Photo.objects.visible_to(guest), pk=pk)
    colorization = shown_version(photo, guest)
    if colorization is None:
        raise Http404
    form = ReportForm(request.POST or None)
    back = photo_address(guest, pk)
    if not form.is_valid():
        context = {"form": form, "back": back, "share": guest.share, "user": NOBODY}
        return with_form(render(request, "moderation/shared_report.html", context))
    _record(request, colorization, form)
    return redirect(back)


def _record(request: PageRequest, colorization: Colorization, form: ReportForm) -> None:
    reporter = request.user if request.user.is_authenticated else None
    services.report(colorization, reporter, **form.cleaned_data)
    messages.success(request, _("Thank you. A moderator will look at it."))
