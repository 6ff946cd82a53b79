"""Correcting colors of photos and films: the page of hints and reference, its previews, and saving as a new version."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, Final, TypeVar

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.rates import TooManyRequestsError, consume, limited
from colorizer import guided_previews
from colorizer.engine.errors import HintError
from colorizer.engine.hints import MAX_HINTS, MAX_MOMENTS, check_moment
from colorizer.errors import GuidanceError, RefusalError
from colorizer.film_frames import frame_of
from colorizer.guided_previews import Picture
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery import queries, services
from gallery.api.parsers import parse_json
from gallery.hints_forms import HintsForm, PlaceForm, as_text, initial_of
from gallery.models import Photo
from gallery.versions import shown_of
from gallery.views.choosing import own_photo
from gallery.views.colorizations import version_url
from gallery.views.requests import MemberRequest
from jobs import texts
from jobs.errors import GoneError, TooManyJobsError
from jobs.models import Job

REFERENCES: Final = 24
"""Photos that are offered to take colors from, the newest."""
Purpose = StoredFile.Purpose
View = TypeVar("View", bound=Callable[..., HttpResponse])


@login_required
@limited("job")
@require_http_methods(["GET", "POST"])
def hints(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The page; or only the photos to take colors from, once somebody wants to see them."""
    photo = own_photo(request, pk)
    if request.method == "POST":
        return save(request, photo)
    if request.GET.get("part") == "references":
        offered = {"photos": references(request, photo)}
        return render(request, "gallery/_hints_references.html", offered)
    version = version_of(request, photo)
    if version is None and request.GET.get("version"):
        raise Http404(_("This version was deleted."))
    initial = initial_of(photo, version)
    if photo.is_film:
        initial["seconds"] = moment_of(request, photo, initial)
    return shown(request, photo, version, HintsForm(photo, initial=initial))


def moment_of(request: MemberRequest, photo: Photo, initial: Mapping[str, Any]) -> float:
    """At which the page begins: as the address says, else at the first hint."""
    asked = request.GET.get("seconds")
    if asked is not None:
        return seconds_in(photo, asked)
    return min((hint["seconds"] for hint in json.loads(initial["hints"])), default=0.0)


def seconds_in(photo: Photo, text: str) -> float:
    """
    Raises:
        BadRequest: the film has no such moment.
    """
    try:
        seconds = float(text)
        check_moment(seconds, photo.film_seconds or 0.0)
    except HintError as error:
        raise BadRequest(texts.shown(error.text, error.params)) from error
    except ValueError as error:
        raise BadRequest(_("The moment has to be a number of seconds.")) from error
    return seconds


def version_of(request: MemberRequest, photo: Photo) -> Colorization | None:
    """The one that is taken up: as the address says, else the one that stands for the photo."""
    own = Colorization.objects.editable_by(request.user).filter(source=photo.original_id)
    asked = request.GET.get("version")
    if not asked:
        return shown_of(own)
    return next((version for version in own if str(version.pk) == asked), None)


def save(request: MemberRequest, photo: Photo) -> HttpResponse:
    form = HintsForm(photo, request.POST)
    try:
        if not form.is_valid():
            return shown(request, photo, version_of(request, photo), form, 400)
        made = services.colorize_photo(photo, **checked(form.choices()), goes_first=True)
    except TooManyJobsError as error:
        return refused(request, photo, form, error, 429)
    except GuidanceError as error:
        return refused(request, photo, form, error, error.status)
    if made.job.is_finished:
        messages.info(request, _("You already have this version."))
    address = version_url(made)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def checked(choices: dict[str, Any]) -> dict[str, Any]:
    """With the reference as this site writes it: what is kept comes from no client."""
    guide = choices["guide"]
    reference = guided_previews.checked_reference(guide.reference)
    return {**choices, "guide": replace(guide, reference=reference)}


def refused(
    request: MemberRequest,
    photo: Photo,
    form: HintsForm,
    error: TooManyJobsError | GuidanceError,
    status: int,
) -> HttpResponse:
    form.add_error(None, error.message)
    page = shown(request, photo, version_of(request, photo), form, status)
    if error.retry_after:
        page["Retry-After"] = str(error.retry_after)
    return page


def shown(
    request: MemberRequest,
    photo: Photo,
    version: Colorization | None,
    form: HintsForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "photo": photo,
        "film": photo.film,
        "version": version,
        "form": form,
        "colored": version if version and is_shown_by(photo, version, form) else None,
        "most": MAX_HINTS,
        "most_moments": MAX_MOMENTS,
        "back": version_url(version) if version else photo.get_absolute_url(),
    }
    template = "gallery/_hints_state.html" if request.htmx else "gallery/hints.html"
    return render(request, template, context, status=status)


def is_shown_by(photo: Photo, version: Colorization, form: HintsForm) -> bool:
    """Whether its picture is what the form's choices make. That of a film is none of its frames at a moment."""
    has_result = not photo.is_film and version.job.state == Job.State.SUCCEEDED
    return has_result and not form.is_bound and version.variant == form["variant"].value()


def references(request: MemberRequest, photo: Photo) -> list[Photo]:
    """Photos of theirs that are in color, with the version whose colors are taken as `colored`."""
    results = Colorization.objects.kept().whole().succeeded().filter(source=OuterRef("original"))
    others = Photo.objects.editable_by(request.user).exclude(pk=photo.pk)
    keys = others.filter(Exists(results), film_seconds=None).order_by("-created_at", "pk")
    found = queries.in_order(list(keys.values_list("pk", flat=True)[:REFERENCES]))
    for each in found:
        each.colored = colored_of(each.colorizations)  # type: ignore[attr-defined]
    return found


def colored_of(versions: Iterable[Colorization]) -> Colorization | None:
    """The one that is shown of those that have a result."""
    return shown_of(each for each in versions if each.job.state == Job.State.SUCCEEDED)


def in_json(view: View) -> View:
    """For what the script asks: what is wrong comes as JSON, too."""

    @wraps(view)
    def respond(request: MemberRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RefusalError as error:
            return told(error.message, error.status, error.retry_after)
        except TooManyRequestsError as error:
            return told(_("Too many requests. Try again in a minute."), 429, error.retry_after)
        except (Http404, GoneError):
            return told(_("This photo was deleted, or is not yours."), 404)
        except BadRequest as error:
            return told(str(error), 400)

    return respond  # type: ignore[return-value]


def told(detail: str, status: int, retry_after: int | None = None) -> HttpResponse:
    response = JsonResponse({"detail": detail}, status=status)
    if retry_after:
        response["Retry-After"] = str(retry_after)
    return response


@login_required
@require_POST
@in_json
@limited("preview")
def preview(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """What would be made, as a small JPEG; nothing is kept."""
    photo = own_photo(request, pk)
    form = filled(HintsForm, request, photo)
    made = guided_previews.preview(looked_at(photo, form), **form.choices())
    return HttpResponse(made, content_type="image/jpeg")


@login_required
@require_POST
@in_json
@limited("preview")
def colors(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """What the network thinks of a place."""
    photo = own_photo(request, pk)
    form = filled(PlaceForm, request, photo)
    place = (form.cleaned_data["x"], form.cleaned_data["y"])
    found = guided_previews.plausible_colors(looked_at(photo, form), **form.choices(), place=place)
    return JsonResponse({"colors": found})


@login_required
@require_safe
@in_json
def frame(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """The gray frame that a film shows at a moment."""
    photo = own_photo(request, pk)
    if not photo.is_film:
        raise BadRequest(_("Only films have moments."))
    seconds = seconds_in(photo, request.GET.get("seconds", ""))
    consume(request, "preview")
    return HttpResponse(frame_of(photo.original, seconds), content_type="image/jpeg")


def looked_at(photo: Photo, form: HintsForm) -> Picture:
    return Picture(photo.original, (photo.width, photo.height), form.cleaned_data.get("seconds"))


Form = TypeVar("Form", bound=HintsForm)


def filled(kind: type[Form], request: MemberRequest, photo: Photo) -> Form:
    """The form of a JSON body.

    Raises:
        BadRequest: it is no such body; the message names all that is wrong.
    """
    # The body of a form has been read already.
    body = parse_json(request.body) if request.content_type == "application/json" else None
    if not isinstance(body, dict):
        raise BadRequest(_("The body has to be a JSON object."))
    form = kind(photo, {**body, "hints": json.dumps(body.get("hints", []))})
    if not form.is_valid():
        raise BadRequest(" ".join(form.messages))
    return form


@login_required
@require_POST
@in_json
@limited("preview")
def reference(request: MemberRequest, pk: uuid.UUID) -> HttpResponse:
    """Another photo made so small that only its colors are left: a file, or one of theirs."""
    own_photo(request, pk)
    file = request.FILES.get("file")
    if isinstance(file, UploadedFile):
        made = guided_previews.reference_of_upload(file)
    else:
        picture = picture_of(request, request.POST.get("photo", ""))
        made = guided_previews.reference_of_file(picture)
    return JsonResponse({"reference": as_text(made)})


def picture_of(request: MemberRequest, key: str) -> StoredFile:
    """What is shown of one of their photos."""
    if not key:
        raise BadRequest(_("Choose a photo, or a file."))
    try:
        photo = get_object_or_404(Photo.objects.editable_by(request.user), pk=key)
    except ValidationError as error:
        raise Http404 from error
    versions = Colorization.objects.editable_by(request.user).filter(source=photo.original_id)
    version = colored_of(versions)
    derived = (
        {"derived_from": version.result_id, "purpose": Purpose.PREVIEW}
        if version
        else {"derived_from": photo.original_id, "purpose": Purpose.DISPLAY}
    )
    return get_object_or_404(StoredFile, **derived)
