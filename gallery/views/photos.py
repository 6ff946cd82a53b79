"""One photo: the chosen version, the other versions, and fragments that htmx polls."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import reswap, retarget

from accounts.rates import limited
from colorizer.engine.imageio.formats import DISPLAY_SIDE
from colorizer.guiding import UNGUIDED, Guide, guide_of
from colorizer.models import HIGHEST_RATING, LOWEST_RATING, Colorization
from colorizer.services import is_current
from gallery import details, films, queries, services, viewer
from gallery.details_forms import DetailsForm
from gallery.forms import ColorizeFilmForm, ColorizeForm
from gallery.models import Photo
from gallery.neighbors import place_of
from gallery.thumbnails import thumbnail_addresses
from gallery.versions import (
    adjusted_in_words,
    guided_in_words,
    made_in_words,
    shown_of,
    untried,
)
from gallery.views.colorizations import version_url
from gallery.views.requests import MemberRequest
from gallery.views.trash import tell_deleted
from jobs import wait_estimates
from jobs.errors import TooManyJobsError
from jobs.models import Job

RATINGS: Final = range(LOWEST_RATING, HIGHEST_RATING + 1)
PARTS: Final = ("stage", "film_stage", "trial", "versions", "details", "opinion")


@require_safe
def photo(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Of a version that was deleted meanwhile the page of its photo says so."""
    context = photo_context(request, pk)
    return render(request, "gallery/photo.html", context, status=404 if context["gone"] else 200)


@require_safe
def status(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A fragment of a page that htmx polls while a job is open."""
    part = request.GET.get("part", "")
    context = photo_context(request, pk)
    if context["gone"]:
        raise Http404(context["gone"])
    if part == "progress":
        return progress(request, context)
    if part == "adjusting":
        return adjusting(request, context)
    if part not in PARTS:
        text = _("The part has to be one of %(parts)s.")
        raise BadRequest(text % {"parts": ", ".join([*PARTS, "progress", "adjusting"])})
    return render(request, f"gallery/_{part}.html", context)


def progress(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """How far the job is; at its end the whole stage, which comes in the place of the one that polled."""
    version = context["version"]
    if version and not version.job.is_finished:
        return render(request, "gallery/viewer/_progress.html", context)
    return whole_stage(request, context)


def adjusting(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Nothing while the files are being made, so that nothing is read out or closed; then the whole stage."""
    return (
        HttpResponse(status=204) if context["is_being_adjusted"] else whole_stage(request, context)
    )


def whole_stage(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    stage = render(request, "gallery/_stage.html", context)
    return reswap(retarget(stage, "#stage"), "outerHTML")


def photo_context(request: HttpRequest, pk: uuid.UUID, asked: str = "") -> dict[str, Any]:
    """`asked`: the key of the version that is looked at, where the address does not name it."""
    photos = Photo.objects.visible_to(request.user).select_related("album__owner", "original")
    photo = get_object_or_404(photos, pk=pk)
    found = list(queries.photo_colorizations(photo, request.user).select_related("result"))
    versions = [each for each in found if not each.is_trial]
    shown = shown_of(versions)
    asked = asked or request.GET.get("version", "")
    version = of_key(found, asked) if asked else shown
    against = of_key(versions, request.GET.get("against"))
    can_edit = photo.album.owner == request.user
    # Not needed by every fragment, and asked of the database then.
    place = cache(lambda: place_of(photo, request.user))
    return {
        "photo": photo,
        "versions": versions,
        "version": version or shown,
        "is_shown": (version or shown) == shown,
        "gone": _("This version was deleted.") if asked and not version else "",
        "has_open_jobs": any(
            not each.job.is_finished or is_being_adjusted(each) for each in versions
        ),
        "can_edit": can_edit,
        "can_download": Photo.objects.downloadable_by(request.user).filter(pk=pk).exists(),
        "form": offered_form(photo, versions),
        "place": place,
        "prefetched": lambda: viewer.addresses_of(place()),
        **version_context(version or shown, can_edit=can_edit),
        **viewer_context(request, photo, versions, version or shown, against),
        **(films.context_of(photo, found) if photo.is_film else {}),
        **queries.details_for(photo, request.user),
    }


def form_of(photo: Photo) -> type[ColorizeForm]:
    return ColorizeFilmForm if photo.is_film else ColorizeForm


def offered_form(photo: Photo, versions: list[Colorization]) -> ColorizeForm:
    """With what has not been tried: films begin with the variant that is made for them."""
    return form_of(photo)(initial={} if photo.is_film else {"variant": untried(versions)})


def version_context(version: Colorization | None, *, can_edit: bool) -> dict[str, Any]:
    """What is said of the version that is looked at."""
    return {
        "wait": version and wait_estimates.wait_of(version.job),
        "is_outdated": can_edit and version and is_outdated(version),
        "is_being_adjusted": can_edit and version and is_being_adjusted(version),
        "lacks_adjustments": can_edit and version and lacks_adjustments(version),
        "made": version and made_in_words(version),
        "guided": version and guided_in_words(version),
        "adjusted": version and adjusted_in_words(version),
        "ratings": RATINGS,
    }


def viewer_context(
    request: HttpRequest,
    photo: Photo,
    versions: list[Colorization],
    version: Colorization | None,
    against: Colorization | None,
) -> dict[str, Any]:
    others = viewer.to_compare_with(versions, version)
    against = against if against in others else None
    return {
        "mode": viewer.mode_of(request.COOKIES),
        "display_side": DISPLAY_SIDE,
        "others": others,
        "against": against,
        **viewer.pictures(photo, version, against),
    }


def is_being_adjusted(version: Colorization) -> bool:
    """Whether its files still have the colors of before."""
    return version.adjusted is not None and not version.adjusted.job.is_finished


def lacks_adjustments(version: Colorization) -> bool:
    """Whether its files will not have them by themselves: their job failed or was cancelled."""
    ended = (Job.State.FAILED, Job.State.CANCELLED)
    return version.adjusted is not None and version.adjusted.job.state in ended


def is_outdated(version: Colorization) -> bool:
    return version.job.state == Job.State.SUCCEEDED and not is_current(version)


def of_key(versions: list[Colorization], pk: str | None) -> Colorization | None:
    return next((version for version in versions if str(version.pk) == pk), None)


@login_required
@limited("job")
@require_POST
def colorize(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    own = Photo.objects.editable_by(request.user).select_related("original__owner")
    photo = get_object_or_404(own, pk=pk)
    form = form_of(photo)(request.POST)
    if not form.is_valid():
        context = {**photo_context(request, pk), "form": form}
        return render(request, "gallery/photo.html", context, status=400)
    try:
        version = services.colorize_photo(
            photo,
            **form.cleaned_data,
            goes_first=True,
            guide=guide_again(request, photo),
            is_kept="keep" in request.POST,
        )
    except TooManyJobsError as error:
        return too_many_jobs(request, pk, error)
    if version.job.is_finished and "keep" not in request.POST:
        messages.info(request, _("You already have this version."))
    return redirect(version_url(version))


def guide_again(request: MemberRequest, photo: Photo) -> Guide:
    """Hints and reference of the version that is tried again, if it is one."""
    if "again" not in request.POST:
        return UNGUIDED
    own = Colorization.objects.editable_by(request.user).filter(source=photo.original_id)
    version = of_key(list(own), request.POST["again"])
    if version is None:
        raise Http404(_("This version was deleted."))
    return guide_of(version)


def too_many_jobs(request: MemberRequest, pk: uuid.UUID, error: TooManyJobsError) -> HttpResponse:
    messages.error(request, error.message)
    page = render(request, "gallery/photo.html", photo_context(request, pk), status=429)
    page["Retry-After"] = str(error.retry_after)
    return page


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """On a page of its own, or on the photo's, where htmx puts the form in the place of the details."""
    photos = Photo.objects.editable_by(request.user).select_related("album__owner")
    photo = get_object_or_404(photos, pk=pk)
    form = DetailsForm(photo, request.POST if request.method == "POST" else None)
    if form.is_valid():
        details.edit_photo(photo, **form.changes())
        if request.htmx:
            return render(request, "gallery/_details_saved.html", photo_context(request, pk))
        return redirect(photo)
    context = {
        "photo": photo,
        "form": form,
        "action": request.path,
        **queries.known_names(request.user),
    }
    if request.htmx:
        return render(request, "gallery/_details_form.html", context)
    context["thumbnail"] = thumbnail_addresses([photo.pk])[photo.pk]
    return render(request, "gallery/photo_edit.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    photos = Photo.objects.editable_by(request.user).select_related("album")
    photo = get_object_or_404(photos, pk=pk)
    if request.method == "POST":
        moment = services.trash_photos([photo])
        text = _("“%(photo)s” is in the trash.") % {"photo": photo}
        tell_deleted(request, text, moment)
        return redirect(photo.album)
    context = {
        "name": f"“{photo}”",
        "picture": thumbnail_addresses([photo.pk])[photo.pk],
        "consequence": _(
            "The photo and all its versions go to the trash. You can restore them there for 30 days."
        ),
        "back": photo.get_absolute_url(),
    }
    return render(request, "gallery/confirm_delete.html", context)
