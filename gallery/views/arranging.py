"""Photos of an album in its owner's order: what the script says when one was moved."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gallery import arranging
from gallery.models import Album, Photo, Section
from gallery.views.requests import MemberRequest


class PlaceForm(forms.Form):
    """A photo and where it goes: before another, or without one to the end; into a section or none."""

    photo = forms.ModelChoiceField(Photo.objects.none())
    before = forms.ModelChoiceField(Photo.objects.none(), required=False)
    section = forms.ModelChoiceField(Section.objects.none(), required=False)

    def __init__(self, album: Album, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        for name in ("photo", "before"):
            self.fields[name].queryset = album.photos.kept()  # type: ignore[attr-defined]
        self.fields["section"].queryset = album.sections.all()  # type: ignore[attr-defined]


@login_required
@require_POST
def place(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    album = get_object_or_404(Album.objects.editable_by(request.user), pk=pk)
    form = PlaceForm(album, request.POST)
    if not form.is_valid():
        raise BadRequest(_("The photo cannot go there."))
    arranging.place_in_section(
        [form.cleaned_data["photo"]],
        album,
        section=form.cleaned_data["section"],
        before=form.cleaned_data["before"],
    )
    return HttpResponse(status=204)
