"""The people, tags and places of one's photos; another name for one of them."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gallery import label_lists, renaming
from gallery.label_forms import RenameForm
from gallery.labels import L
from gallery.models import Person, Tag
from gallery.views.requests import MemberRequest

ENTRIES_PER_PAGE: Final = 48


@login_required
@require_safe
def people(request: MemberRequest) -> HttpResponse:
    return _labels(request, Person)


@login_required
@require_safe
def tags(request: MemberRequest) -> HttpResponse:
    return _labels(request, Tag)


@login_required
@require_safe
def places(request: MemberRequest) -> HttpResponse:
    found = label_lists.places(request.user)
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    entries = label_lists.place_entries(request.user, list(page.object_list))
    return render(
        request, "gallery/labels.html", {"kind": "place", "page": page, "entries": entries}
    )


def _labels(request: MemberRequest, model: type[L]) -> HttpResponse:
    found = label_lists.labels(model, request.user)
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    entries = label_lists.label_entries(list(page.object_list))
    context = {"kind": model._meta.model_name, "page": page, "entries": entries}
    return render(request, "gallery/labels.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def edit_person(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    return _edit(request, Person, pk)


@login_required
@require_http_methods(["GET", "POST"])
def edit_tag(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    return _edit(request, Tag, pk)


def _edit(request: MemberRequest, model: type[L], pk: uuid.UUID) -> HttpResponse:
    """A name that another one has is asked about first: what became one cannot be told apart again."""
    label = get_object_or_404(model._default_manager.filter(owner=request.user), pk=pk)
    form = RenameForm(request.POST or None, initial={"name": label.name})
    context: dict[str, Any] = {"form": form, "label": label, "kind": model._meta.model_name}
    if not form.is_valid():
        return render(request, "gallery/label_form.html", context)
    name = form.cleaned_data["name"]
    other = renaming.namesake(label, name)
    if other and "merge" not in request.POST:
        return render(request, "gallery/label_form.html", {**context, "other": other})
    old_name = label.name
    left = renaming.rename(label, name)
    messages.success(
        request, _("“%(old)s” is “%(new)s” now.") % {"old": old_name, "new": left.name}
    )
    return redirect("gallery:people" if model is Person else "gallery:tags")
