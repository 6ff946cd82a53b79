"""The landing page, the home page of members, and the public albums."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gallery import queries, storage
from gallery.forms import UploadForm
from gallery.views.uploads import upload_context

ALBUMS_PER_PAGE = 24
ALBUMS_ON_LANDING = 3
LATEST_PHOTOS = 24


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_anonymous:
        albums = queries.public_albums()[:ALBUMS_ON_LANDING]
        return render(request, "gallery/landing.html", {"albums": albums})
    sort = album_order(request)
    photos = queries.newest_photos(request.user, LATEST_PHOTOS)
    context = {
        "page": Paginator(queries.own_albums(request.user, sort), ALBUMS_PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "sort": sort,
        "photos": photos,
        "can_edit": True,
        "has_open_jobs": queries.any_open(photos),
        **storage.line_of(request.user),
        **upload_context(UploadForm()),
    }
    return render(request, "gallery/home.html", context)


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    sort = album_order(request)
    albums = queries.public_albums(sort)
    page = Paginator(albums, ALBUMS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gallery/explore.html", {"page": page, "sort": sort})


def album_order(request: HttpRequest) -> str:
    return "title" if request.GET.get("sort") == "title" else "newest"
