"""Photos that their owner likes most."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from gallery import services
from gallery.models import Photo
from gallery.search import ORDERINGS, PhotoOrder, Wanted
from gallery.views.requests import MemberRequest
from gallery.views.search import sheet_of


@login_required
@require_safe
def favorites(request: MemberRequest) -> HttpResponse:
    found = Wanted(is_favorite=True).of(request.user).order_by(*ORDERINGS[PhotoOrder.NEWEST])
    return render(request, "gallery/favorites.html", sheet_of(request, found, is_costly=True))


@login_required
@require_POST
def mark(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """With scripts only the button is replaced; without them the page comes again."""
    photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=pk)
    services.set_favorite(photo, request.POST.get("favorite") == "true")
    if request.htmx:
        return render(request, "gallery/_favorite.html", {"photo": photo})
    back = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(back)
    return redirect(photo)
