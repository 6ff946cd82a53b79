"""An album: its photos, its settings, whether it is public."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rates import limited
from gallery import queries, services
from gallery.forms import AlbumForm, UploadForm
from gallery.models import Album
from gallery.views.requests import MemberRequest
from gallery.views.uploads import upload_context

PHOTOS_PER_PAGE = 48


@require_safe
def album(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.visible_to(request.user), pk=pk)
    photos = queries.album_photos_with_latest(album, request.user)
    page = Paginator(photos, PHOTOS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "album": album,
        "page": page,
        "can_edit": album.owner == request.user,
        "has_open_jobs": queries.any_open(page.object_list),
        **upload_context(UploadForm()),
    }
    return render(request, "gallery/album.html", context)


@login_required
@limited("album")
@require_http_methods(["GET", "POST"])
def create(request: MemberRequest) -> HttpResponse:
    form = AlbumForm(request.POST or None)
    if form.is_valid():
        return redirect(services.create_album(request.user, **form.cleaned_data))
    return render(request, "gallery/album_form.html", {"form": form})


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = AlbumForm(request.POST or None, instance=album)
    if form.is_valid():
        services.edit_album(album, **form.cleaned_data)
        return redirect(album)
    return render(request, "gallery/album_form.html", {"form": form, "album": album})


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    match request.POST.get("action"):
        case "publish":
            services.publish(album)
            messages.success(request, "The album is public. Anyone with the link can see it.")
        case "unpublish":
            services.unpublish(album)
            messages.success(request, "The album is private again.")
        case _:
            context = {"album": album, "photo_count": album.photos.count()}
            return render(request, "gallery/album_publish.html", context)
    return redirect(album)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        services.delete_album(album)
        messages.success(request, f"“{album.title}” is deleted.")
        return redirect("gallery:home")
    photos = album.photos.count()
    context = {
        "name": f"“{album.title}”",
        "consequence": f"Photos in it: {photos}. They are deleted with all their colored versions. "
        "This cannot be undone.",
        "back": album.get_absolute_url(),
    }
    return render(request, "gallery/confirm_delete.html", context)
