"""Reports about what is public: anyone may send one, with or without an account."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rates import limited
from gallery.queries import visible_colorizations
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
        context = {"form": form, "colorization": colorization}
        return render(request, "moderation/report.html", context)
    reporter = request.user if request.user.is_authenticated else None
    services.report(colorization, reporter, **form.cleaned_data)
    messages.success(request, _("Thank you. A moderator will look at it."))
    return redirect("gallery:colorization", colorization.pk)
