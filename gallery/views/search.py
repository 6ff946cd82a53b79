"""Finding one's photos again."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import queries
from gallery.models import PhotoQuerySet
from gallery.search import choices
from gallery.search_forms import SearchForm, chips
from gallery.views.pages import page_of_keys
from gallery.views.requests import MemberRequest

PHOTOS_PER_PAGE: Final = 48


@login_required
@require_safe
def search(request: MemberRequest) -> HttpResponse:
    form = SearchForm(request.user, request.GET)
    context: dict[str, Any] = {"form": form, **choices(request.user)}
    if not form.is_valid():
        return render(request, "gallery/search.html", context, status=400)
    found = form.wanted.of(request.user).order_by(*form.ordering)
    sheet = sheet_of(request, found, is_costly=form.wanted.is_costly)
    context |= {"chips": list(chips(form)), **sheet}
    return render(request, "gallery/search.html", context)


def sheet_of(request: MemberRequest, photos: PhotoQuerySet, *, is_costly: bool) -> dict[str, Any]:
    """What the template of a sheet needs of a page of one's own photos."""
    page = page_of_keys(
        photos,
        PHOTOS_PER_PAGE,
        request.GET.get("page", ""),
        is_costly=is_costly,
    )
    shown = queries.in_order(list(page.object_list))
    return {
        "page": page,
        "photos": shown,
        "can_edit": True,
        "has_open_jobs": queries.any_open(shown),
    }
