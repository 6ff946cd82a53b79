"""One before/after pair: its address, and stopping or deleting it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from colorizer import services as colorizer_services
from colorizer.models import Colorization
from gallery import services
from gallery.views.requests import MemberRequest


@require_safe
def colorization(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    pair = get_object_or_404(Colorization.objects.visible_to(request.user), pk=pk)
    address = reverse("gallery:photo", args=[pair.photo_id], query={"pair": pair.pk})
    return redirect(address)


def own_pair(request: MemberRequest, pk: uuid.UUID) -> Colorization:
    pairs = Colorization.objects.editable_by(request.user).select_related("photo")
    return get_object_or_404(pairs, pk=pk)


@login_required
@require_POST
def cancel(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    pair = own_pair(request, pk)
    if not colorizer_services.cancel(pair):
        messages.info(request, "It had finished before it could be cancelled.")
    return redirect(pair)


@login_required
@require_POST
def cancel_all(request: MemberRequest) -> HttpResponse:
    number = colorizer_services.cancel_all(Colorization.objects.editable_by(request.user))
    messages.success(request, f"Cancelled: {number} photo{'' if number == 1 else 's'}.")
    return redirect("gallery:home")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    pair = own_pair(request, pk)
    if request.method == "POST":
        services.delete_colorization(pair)
        messages.success(request, f"The {pair.get_variant_display().lower()} version is deleted.")
        return redirect(pair.photo)
    return render(request, "gallery/confirm_delete.html", deletion(pair))


def deletion(pair: Colorization) -> dict[str, Any]:
    return {
        "name": f"the {pair.get_variant_display().lower()} version of “{pair.photo}”",
        "picture": reverse("gallery:photo-thumbnail", args=[pair.photo_id]),
        "consequence": "The photo itself and its other versions stay.",
        "back": pair.get_absolute_url(),
    }
