"""What is done with several photos at once. The first request shows the page that asks, the second does it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts import rates
from colorizer.adjusting import adjustments_of
from colorizer.engine.adjustments import Adjustments
from colorizer.errors import NotForFilmsError, UploadError
from colorizer.models import Colorization
from filestore.services import in_batches
from gallery import archives, arranging, bulk, copying, details, queries, services
from gallery.adjusting_forms import AdjustmentsForm, initial_of
from gallery.details_forms import SelectionDetailsForm
from gallery.errors import NothingToDownloadError
from gallery.forms import (
    ArchiveForm,
    ChooseSectionForm,
    ColorizeForm,
    CopyForm,
    MoveForm,
    SelectionForm,
)
from gallery.models import Album, Archive, Photo, PhotoQuerySet
from gallery.queries import in_album_order
from gallery.thumbnails import thumbnail_addresses
from gallery.views.requests import MemberRequest, came_from
from gallery.views.trash import tell_deleted
from jobs.errors import TooManyJobsError

MAX_PHOTOS: Final = 10_000
"""By their keys. All photos of an album are named by the album's, however many they are."""
AT_ONCE: Final = 500
"""More are changed so many at a time."""
COPIED_AT_ONCE: Final = 500
COPIED_WITHOUT_PROGRESS: Final = 20
PICTURES: Final = 8
"""Of the selected photos, on a page that asks what shall become of them."""


def selected_photos(request: MemberRequest) -> Sequence[Photo]:
    """Those that are still there. One that was deleted in another tab keeps nobody from the others."""
    form = SelectionForm(request.user, request.POST)
    if not form.is_valid():
        raise BadRequest(_("Select at least one photo."))
    own = Photo.objects.editable_by(request.user).select_related("album", "original__owner")
    if album := form.cleaned_data["all_of"]:
        photos = list(in_album_order(own.filter(album=album), album, by_section=True))
    else:
        photos = list(own.filter(pk__in=selected_keys(form.cleaned_data["photos"])))
    if not photos:
        raise Http404(_("None of these photos is there anymore."))
    return photos


def selected_keys(keys: set[uuid.UUID]) -> set[uuid.UUID]:
    if len(keys) > MAX_PHOTOS:
        raise BadRequest(_("Select at most %(number)d photos at a time.") % {"number": MAX_PHOTOS})
    return keys


def of_selected(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @login_required
    @require_http_methods(["GET", "POST"])
    @wraps(view)
    def respond(request: MemberRequest) -> HttpResponse:
        # After a login, or typed by hand: nothing is selected any more.
        if request.method == "GET":
            return redirect("gallery:home")
        return view(request, selected_photos(request))

    return respond


@of_selected
def move(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = MoveForm(request.user, answers(request))
    if not form.is_valid():
        return ask(request, "move", photos, form=form)
    album = form.cleaned_data["album"]
    if album:
        services.move_photos(photos, album)
    else:
        album = services.move_photos_to_new_album(photos, form.cleaned_data["title"])
    text = ngettext("Moved: %(number)d photo.", "Moved: %(number)d photos.", len(photos))
    messages.success(request, text % {"number": len(photos)})
    return redirect(album)


@of_selected
def copy(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    """Many take minutes: a page sends them part by part; without scripts each press copies some."""
    form = CopyForm(request.user, answers(request))
    if not form.is_valid():
        return ask(request, "copy", photos, form=form)
    try:
        album, missing = copying.album_for(
            photos, form.cleaned_data["album"], form.cleaned_data["title"]
        )
        if form.cleaned_data["by_script"] and len(missing) > COPIED_WITHOUT_PROGRESS:
            return show_copying(request, album, photos, missing)
        return copy_some(request, form, album, photos, missing)
    except UploadError as error:
        messages.error(request, error.message)
        return redirect(where_they_were(request, photos))


def show_copying(
    request: MemberRequest, album: Album, photos: Sequence[Photo], missing: Sequence[Photo]
) -> HttpResponse:
    """The page whose script copies them by the API, and says how far it is and how it ended."""
    order = {"album": album.pk, "photos": [photo.pk for photo in missing]}
    context = {
        "album": album,
        "order": order,
        "number": len(missing),
        "there": len(photos) - len(missing),
        "back": where_they_were(request, photos),
    }
    return render(request, "gallery/selection_copying.html", context)


def copy_some(
    request: MemberRequest,
    form: CopyForm,
    album: Album,
    photos: Sequence[Photo],
    missing: Sequence[Photo],
) -> HttpResponse:
    if len(photos) > COPIED_AT_ONCE and photos[0].album_id == album.pk:
        raise BadRequest(
            _("Copy at most %(number)d photos within an album.") % {"number": COPIED_AT_ONCE}
        )
    # The oldest first, as within each of these.
    copies = copying.copy_photos(missing[-COPIED_AT_ONCE:], album)
    copied = (form.cleaned_data["copied"] or 0) + len(copies)
    if left := len(missing[:-COPIED_AT_ONCE]):
        form = CopyForm(request.user, initial={"album": album, "copied": copied})
        return ask(request, "copy", photos, form=form, copied=copied, number=copied + left)
    # Of all of an album, some may have been deleted meanwhile.
    tell_copied(request, copied, max(0, len(photos) - copied))
    return redirect(album)


def tell_copied(request: MemberRequest, number: int, already_there: int) -> None:
    if number:
        text = ngettext("%(number)d photo was copied.", "%(number)d photos were copied.", number)
        messages.success(request, text % {"number": number})
    if already_there:
        text = ngettext(
            "%(number)d photo is in this album already.",
            "%(number)d photos are in this album already.",
            already_there,
        )
        messages.info(request, text % {"number": already_there})


@of_selected
def section(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    album = common_album(photos)
    form = ChooseSectionForm(album, answers(request))
    if not form.is_valid():
        return ask(request, "section", photos, form=form)
    if title := form.cleaned_data["title"]:
        arranging.put_into_new_section(photos, album, title)
    else:
        arranging.put_into_section(photos, album, form.cleaned_data["section"])
    return redirect(album)


@of_selected
def to_front(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    arranging.move_to_front(photos, common_album(photos))
    return redirect(where_they_were(request, photos))


@of_selected
def to_back(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    arranging.move_to_back(photos, common_album(photos))
    return redirect(where_they_were(request, photos))


@of_selected
def cover(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    if len(photos) > 1:
        raise BadRequest(_("An album has one cover: select one photo."))
    services.choose_cover(photos[0])
    messages.success(request, _("This photo is the cover of the album now."))
    return redirect(where_they_were(request, photos))


def common_album(photos: Sequence[Photo]) -> Album:
    if any(photo.album_id != photos[0].album_id for photo in photos):
        raise BadRequest(_("Select photos of one album."))
    return photos[0].album


@of_selected
def edit(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = SelectionDetailsForm(photos, answers(request))
    if not form.is_valid():
        return ask(request, "edit", photos, form=form, **queries.known_names(request.user))
    rates.consume(request, "job", min(len(photos), AT_ONCE))
    changes = form.changes()
    number = sum(details.edit_photos(some, **changes) for some in in_batches(photos, AT_ONCE))
    text = ngettext("Edited: %(number)d photo.", "Edited: %(number)d photos.", number)
    messages.success(request, text % {"number": number})
    return redirect(where_they_were(request, photos))


@of_selected
def color(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = ColorizeForm(answers(request))
    if not form.is_valid():
        return ask(request, "color", photos, form=form)
    rates.consume(request, "job", min(len(photos), AT_ONCE))
    number = 0
    for some in in_batches(photos, AT_ONCE):
        queued = services.color_photos(some, **form.cleaned_data)
        number += len(queued.existing) + len(queued.made)
    tell_waiting(request, len(photos) - number)
    if number:
        text = ngettext(
            "Being colored: %(number)d photo.", "Being colored: %(number)d photos.", number
        )
        messages.success(request, text % {"number": number})
    return redirect(where_they_were(request, photos))


@of_selected
def adjust(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    """The same adjustments for all. The form begins with those of the first photo that has some."""
    form = AdjustmentsForm(answers(request), initial=initial_of(first_adjustments(photos)))
    if not form.is_valid():
        films = sum(photo.is_film for photo in photos)
        return ask(request, "adjust", photos, form=form, films=films)
    rates.consume(request, "job", min(len(photos), AT_ONCE))
    outcomes: list[bulk.Outcome] = []
    for some in in_batches([photo.pk for photo in photos], AT_ONCE):
        of_some = bulk.ACTIONS["adjust"](request.user, some, form.cleaned_data["adjustments"])
        outcomes += [of_some[key] for key in some]
    tell_adjusted(request, outcomes)
    return redirect(where_they_were(request, photos))


def first_adjustments(photos: Sequence[Photo]) -> Adjustments:
    adjusted = Colorization.objects.kept().filter(
        source__photo__in=[photo.pk for photo in photos[:AT_ONCE]], adjustment__isnull=False
    )
    found = adjusted.first()
    return adjustments_of(found) if found else Adjustments()


def tell_adjusted(request: MemberRequest, outcomes: Sequence[bulk.Outcome]) -> None:
    done = sum(outcome.status == bulk.Status.DONE for outcome in outcomes)
    uncolored = sum(outcome.code == "not_colored" for outcome in outcomes)
    films = sum(outcome.code == NotForFilmsError.code for outcome in outcomes)
    refused = sum(outcome.status == bulk.Status.REFUSED for outcome in outcomes)
    tell_waiting(request, refused - uncolored - films)
    if uncolored:
        text = ngettext(
            "%(number)d photo is not in color yet.",
            "%(number)d photos are not in color yet.",
            uncolored,
        )
        messages.info(request, text % {"number": uncolored})
    if films:
        text = ngettext(
            "%(number)d film was left as it is: only photos can be adjusted.",
            "%(number)d films were left as they are: only photos can be adjusted.",
            films,
        )
        messages.info(request, text % {"number": films})
    if done or not refused:
        text = ngettext("Adjusted: %(number)d photo.", "Adjusted: %(number)d photos.", done)
        messages.success(request, text % {"number": done})


def tell_waiting(request: MemberRequest, number: int) -> None:
    if number:
        text = ngettext(
            "You have too many open jobs: %(number)d of the photos has to wait.",
            "You have too many open jobs: %(number)d of the photos have to wait.",
            number,
        )
        messages.error(request, text % {"number": number})


@of_selected
def download(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    form = ArchiveForm(answers(request))
    # All of an album is the album: it may be of any size.
    album = photos[0].album if request.POST.get("all_of") else None
    if form.is_valid():
        rates.consume(request, "job")
        try:
            return redirect(request_archive(photos, album, form.choices))
        except TooManyJobsError as error:
            messages.error(request, error.message)
            return redirect(where_they_were(request, photos))
        except NothingToDownloadError as error:
            form.add_error("holds", error.message)
    chosen = Photo.objects.kept().filter(album=album) if album else of_keys(photos)
    choices = form.choices_with_sizes(archives.bytes_of(chosen))
    return ask(request, "download", photos, form=form, choices=choices)


def request_archive(
    photos: Sequence[Photo], album: Album | None, choices: archives.Choices
) -> Archive:
    if album:
        return archives.request_archive(album, choices)
    return archives.request_selection(photos, choices)


@of_selected
def delete(request: MemberRequest, photos: Sequence[Photo]) -> HttpResponse:
    if answers(request) is None:
        return ask(request, "delete", photos)
    moment = services.trash_photos(photos)
    text = ngettext(
        "%(number)d photo is in the trash.", "%(number)d photos are in the trash.", len(photos)
    )
    tell_deleted(request, text % {"number": len(photos)}, moment)
    return redirect(where_they_were(request, photos))


def of_keys(photos: Sequence[Photo]) -> PhotoQuerySet:
    return Photo.objects.filter(pk__in=[photo.pk for photo in photos])


def answers(request: MemberRequest) -> Any:
    """What was filled in on the page that asks; None when it has not been shown yet."""
    return request.POST if "confirmed" in request.POST else None


def where_they_were(request: MemberRequest, photos: Sequence[Photo]) -> str:
    """The list in which they were selected, with its search and page; else their album."""
    return came_from(request, photos[0].album.get_absolute_url())


def ask(request: MemberRequest, action: str, photos: Sequence[Photo], **more: Any) -> HttpResponse:
    first = photos[:PICTURES]
    thumbnails = thumbnail_addresses([photo.pk for photo in first])
    context = {
        "photos": photos,
        "pictures": [(photo, thumbnails[photo.pk]) for photo in first],
        "unseen": len(photos) - len(first),
        "all_of": request.POST.get("all_of"),
        "back": where_they_were(request, photos),
        **more,
    }
    return render(request, f"gallery/selection_{action}.html", context)
