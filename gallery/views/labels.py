"""The people, tags and places of one's photos; another name for one of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
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
    page = _page(request, label_lists.people(request.user))
    return _list(request, "person", page, label_lists.people_entries(request.user, list(page)))


@login_required
@require_safe
def tags(request: MemberRequest) -> HttpResponse:
    page = _page(request, label_lists.tags(request.user))
    return _list(request, "tag", page, label_lists.tag_entries(request.user, list(page)))


@login_required
@require_safe
def places(request: MemberRequest) -> HttpResponse:
    page = _page(request, label_lists.places(request.user))
    entries = label_lists.place_entries(request.user, list(page))
    return _list(request, "place", page, entries)


def _page(request: MemberRequest, found: QuerySet[Any, Any]) -> Page[Any]:
    page = Paginator(found, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    return page


def _list(
    request: MemberRequest, kind: str, page: Page[Any], entries: Sequence[label_lists.Entry]
) -> HttpResponse:
    return render(request, "gallery/labels.html", {"kind": kind, "page": page, "entries": entries})


@login_required
@require_http_methods(["GET", "POST"])
def edit_person(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(Person.objects.filter(owner=request.user), pk=pk)
    return _edit(request, person, "gallery:people")


@login_required
@require_http_methods(["GET", "POST"])
def edit_tag(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    tag = get_object_or_404(Tag.objects.filter(owner=request.user), pk=pk)
    return _edit(request, tag, "gallery:tags")


def _edit(request: MemberRequest, label: L, back: str) -> HttpResponse:
    """A name that another one has is asked about first: what became one cannot be told apart again."""
    form = RenameForm(request.POST or None, initial={"name": label.name})
    context: dict[str, Any] = {"form": form, "label": label, "back": reverse(back)}
    if not form.is_valid():
        status = HTTPStatus.BAD_REQUEST if form.is_bound else HTTPStatus.OK
        return render(request, "gallery/label_form.html", context, status=status)
    name = form.cleaned_data["name"]
    other = renaming.namesake(label, name)
    if other and "merge" not in request.POST:
        return render(request, "gallery/label_form.html", {**context, "other": other})
    old_name = label.name
    left = renaming.rename(label, name)
    messages.success(
        request, _("“%(old)s” is “%(new)s” now.") % {"old": old_name, "new": left.name}
    )
    return redirect(back)
