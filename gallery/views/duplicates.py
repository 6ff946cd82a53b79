"""Photos that were uploaded more than once, side by side."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery import duplicates as duplicate
from gallery.models import Photo
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted

GROUPS_PER_PAGE: Final = 12


@login_required
@require_safe
def duplicates(request: MemberRequest) -> HttpResponse:
    checksums = duplicate.checksums(request.user)
    page = Paginator(checksums, GROUPS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "groups": duplicate.groups(request.user, list(page))}
    return render(request, "gallery/duplicates.html", context)


@login_required
@require_POST
def keep(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Photo.objects.editable_by(request.user).select_related("album__owner", "original")
    tell_trashed(request, *duplicate.keep_only(get_object_or_404(own, pk=pk)))
    return redirect("gallery:duplicates")


@login_required
@require_http_methods(["GET", "POST"])
def keep_first(request: MemberRequest) -> HttpResponse:
    """Of all duplicates at once, after a page that asks."""
    if request.method == "POST":
        tell_trashed(request, *duplicate.keep_first_of_each(request.user))
    elif number := duplicate.later_copies(request.user).count():
        return render(request, "gallery/duplicates_keep.html", {"number": number})
    return redirect("gallery:duplicates")


def tell_trashed(request: MemberRequest, number: int, moment: datetime | None) -> None:
    if moment:
        text = ngettext(
            "%(number)d photo is in the trash.", "%(number)d photos are in the trash.", number
        )
        tell_deleted(request, text % {"number": number}, moment)
