"""Adjusting the colors of a version: the page, saving, and how far the files are."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.rates import limited
from colorizer import adjusting
from colorizer.adjusting import AdjustedMeanwhileError, adjustments_of
from colorizer.engine import adjustments as engine
from colorizer.engine import ycbcr
from colorizer.models import Colorization
from colorizer.services import require_photo
from gallery.adjusting_forms import VersionAdjustmentsForm, initial_of
from gallery.views.colorizations import version_url
from gallery.views.requests import MemberRequest
from jobs.errors import TooManyJobsError

CONSTANTS = json.dumps(
    {
        name: getattr(module, name)
        for module, names in (
            (ycbcr, ("LUMA_OF_RGB", "RED_OF_CR", "GREEN_OF_CB", "GREEN_OF_CR", "BLUE_OF_CB")),
            (
                engine,
                (
                    "MOST",
                    "UNIT",
                    "VIVID_CHROMA",
                    "CAST_CHROMA",
                    "ORANGE",
                    "MAGENTA",
                    "MASK_SIDE",
                    "HARD_SHARE",
                    "MIN_CONTRAST",
                    "CLIPPED_SHARE",
                    "MIDDLE_LUMA",
                    "AUTO_GAMMAS",
                    "MAX_STROKES",
                    "MAX_POINTS",
                    "MIN_RADIUS",
                ),
            ),
        )
        for name in names
    }
)
"""The engine's own numbers, for the same arithmetic in the browser."""


@login_required
@limited("job")
@require_http_methods(["GET", "POST"])
def adjust(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The page; or only its state, which htmx asks for while the files are being made."""
    version = own_version(request, pk)
    if request.method == "POST":
        return save(request, version)
    if request.GET.get("part") == "state":
        return render(request, "gallery/_adjust_state.html", polled_state(request, version))
    form = VersionAdjustmentsForm(initial=initial_of(adjustments_of(version)))
    return shown(request, version, form)


def own_version(request: MemberRequest, pk: uuid.UUID) -> Colorization:
    own = Colorization.objects.editable_by(request.user).succeeded()
    found: Colorization = get_object_or_404(
        own.select_related("source__photo__album", "result"), pk=pk
    )
    require_photo(found.source_id)
    return found


def save(request: MemberRequest, version: Colorization) -> HttpResponse:
    form = VersionAdjustmentsForm(request.POST)
    if not form.is_valid():
        return shown(request, version, form, status=400)
    try:
        saved = adjusting.save(version, form.cleaned_data["adjustments"], form.cleaned_data["seen"])
    except AdjustedMeanwhileError:
        form.add_error(
            None,
            _(
                "The colors of this version were changed in another tab or on another device. "
                "Yours are not saved yet: save again to replace the others."
            ),
        )
        return shown(request, version, form, status=409)
    except TooManyJobsError as error:
        form.add_error(None, error.message)
        page = shown(request, version, form, status=429)
        page["Retry-After"] = str(error.retry_after)
        return page
    if request.htmx:
        return render(request, "gallery/_adjust_state.html", {**state_of(saved), "is_saved": True})
    return redirect("gallery:colorization-adjust", version.pk)


def shown(
    request: MemberRequest, version: Colorization, form: VersionAdjustmentsForm, status: int = 200
) -> HttpResponse:
    context = {
        **state_of(version),
        "photo": version.source.photo,
        "form": form,
        "constants": CONSTANTS,
    }
    template = "gallery/_adjust_state.html" if request.htmx else "gallery/adjust.html"
    return render(request, template, context, status=status)


def polled_state(request: MemberRequest, version: Colorization) -> dict[str, Any]:
    """Of the adjustments that the page has seen: those of another tab are not taken for its own."""
    state = state_of(version)
    seen = request.GET.get("seen", state["seen"])
    return {**state, "seen": seen, "is_changed_elsewhere": seen != state["seen"]}


def state_of(version: Colorization) -> dict[str, Any]:
    """Args: version: as it was read a moment ago."""
    return {
        "version": version,
        "adjusted": version.adjusted,
        "seen": adjusting.seen_in(version),
        "back": version_url(version),
    }
