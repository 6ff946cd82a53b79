"""Complaints about what is public: anyone may send one, with or without an account."""

from __future__ import annotations

import uuid

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from colorizer.models import Colorization
from gallery import services
from gallery.forms import ReportForm
from gallery.views.requests import PageRequest


@require_http_methods(["GET", "POST"])
def report(request: PageRequest, pk: uuid.UUID) -> HttpResponse:
    published = Colorization.objects.visible_to(AnonymousUser()).succeeded()
    pair = get_object_or_404(published, pk=pk)
    too_many: HttpResponse | None = ratelimit.consume_or_429(request, action="report")
    if too_many:
        return too_many
    form = ReportForm(request.POST or None)
    if not form.is_valid():
        return render(request, "gallery/report.html", {"form": form, "colorization": pair})
    reporter = request.user if request.user.is_authenticated else None
    services.report(pair, reporter, **form.cleaned_data)
    messages.success(request, "Thank you. A moderator will look at it.")
    return redirect(pair)
