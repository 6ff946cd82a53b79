"""Links that an owner shares: made, changed, deleted, and all of them in one list."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rates import limited
from gallery import sharing
from gallery.models import Album, Photo
from gallery.models.shares import Share
from gallery.share_forms import EditShareForm, ShareForm
from gallery.views.requests import MemberRequest

SHARES_PER_PAGE: Final = 30


@login_required
@limited("share")
@require_http_methods(["GET", "HEAD", "POST"])
def album(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    return _share(
        request, get_object_or_404(Album.objects.editable_by(request.user), pk=pk), "album"
    )


@login_required
@limited("share")
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Photo.objects.editable_by(request.user).select_related("album")
    return _share(request, get_object_or_404(own, pk=pk), "photo")


@login_required
@require_safe
def shares(request: MemberRequest) -> HttpResponse:
    own = Share.objects.editable_by(request.user).select_related("album", "photo__album")
    page = Paginator(own, SHARES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "gallery/shares.html", {"page": page})


@login_required
@limited("share")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    share = _own(request, pk)
    # The form writes into what it is given, also when it is refused.
    sent = request.POST if request.method == "POST" else None
    form = EditShareForm(sent, instance=_own(request, pk))
    if form.is_valid():
        sharing.change(share, **form.choices())
        messages.success(request, _("Saved. The link is the same as before."))
        return redirect(share.page)
    return render(request, "gallery/share_edit.html", {"share": share, "form": form})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    share = _own(request, pk)
    if request.method == "POST":
        sharing.revoke(share)
        messages.success(request, _("The link is deleted. It opens nothing anymore."))
        return redirect(share.page)
    return render(request, "gallery/share_delete.html", {"share": share})


def _own(request: MemberRequest, pk: uuid.UUID) -> Share:
    own = Share.objects.editable_by(request.user).select_related("album", "photo__album")
    return get_object_or_404(own, pk=pk)


def _share(request: MemberRequest, shared: Album | Photo, kind: str) -> HttpResponse:
    """The links that there are, and a form for one more."""
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = sharing.create(request.user, shared, **form.choices())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your link is ready. Copy it and send it."))
            return redirect(made.page)
    links = Share.objects.editable_by(request.user).filter(**{kind: shared})
    context: dict[str, Any] = {
        "shared": shared,
        "kind": kind,
        "form": form,
        "shares": links.select_related("album", "photo__album"),
    }
    return render(request, "gallery/share.html", context)
