"""What is done: a list, newest first, until each has been looked at."""

from __future__ import annotations

import uuid
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from gallery.models import Notice
from gallery.notices import mark_read
from gallery.views.requests import MemberRequest

NOTICES_PER_PAGE: Final = 30


@login_required
@require_safe
def notices(request: MemberRequest) -> HttpResponse:
    own = Notice.objects.editable_by(request.user)
    page = Paginator(own, NOTICES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gallery/notices.html", {"page": page})


@login_required
@require_safe
def notice(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """What it is about. Whoever follows it has read it."""
    own = Notice.objects.editable_by(request.user)
    found = get_object_or_404(own.select_related("album", "archive"), pk=pk)
    mark_read(own.filter(pk=pk))
    return redirect(found.target)


@login_required
@require_POST
def read(request: MemberRequest) -> HttpResponse:
    mark_read(Notice.objects.editable_by(request.user))
    return redirect("gallery:notices")
