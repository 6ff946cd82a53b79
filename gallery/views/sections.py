"""The sections of an album: a page to add, rename, order and delete them."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from gallery import arranging, queries
from gallery.forms import SectionForm
from gallery.models import Album, Section
from gallery.views.requests import MemberRequest


@login_required
@require_http_methods(["GET", "POST"])
def sections(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = SectionForm(request.POST or None)
    if form.is_valid():
        arranging.add_section(album, form.cleaned_data["title"])
        return redirect("gallery:album-sections", album.pk)
    context = {
        "album": album,
        "form": form,
        "sections": queries.sections_of(album, request.user),
    }
    return render(request, "gallery/album_sections.html", context)


def own_section(request: MemberRequest, pk: uuid.UUID) -> Section:
    own = Section.objects.filter(album__in=Album.objects.editable_by(request.user))
    return get_object_or_404(own.select_related("album"), pk=pk)


@login_required
@require_POST
def change(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """One button each: `rename` with a title, `up`, `down` and `delete`."""
    section = own_section(request, pk)
    match request.POST.get("action"):
        case "up":
            arranging.move_section(section, -1)
        case "down":
            arranging.move_section(section, 1)
        case "delete":
            arranging.delete_section(section)
        case _:
            form = SectionForm(request.POST)
            if form.is_valid():
                arranging.rename_section(section, form.cleaned_data["title"])
    return redirect("gallery:album-sections", section.album_id)
