"""How much is kept for somebody, and where to make room."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import storage
from gallery.views.requests import MemberRequest


@login_required
@require_safe
def storage_page(request: MemberRequest) -> HttpResponse:
    return render(request, "settings/storage.html", vars(storage.overview(request.user)))
