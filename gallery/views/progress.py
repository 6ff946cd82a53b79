"""What pages ask while photos are being colored: one request for everything that they show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import BadRequest
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from gallery import progress as reading
from gallery import queries, storage
from gallery.models import Photo
from gallery.moments import database_time, parse_moment
from gallery.views.requests import MemberRequest

MAX_KEYS: Final = 100


@login_required
@require_safe
def progress(request: MemberRequest) -> JsonResponse:
    """
    Query parameters:
        since: from when on jobs that have ended are counted; a time that this said before.
        photo: photos that the page shows as open. Those that are queued still are left out.
        new: photos whose cards the page lacks.
        album: albums whose number of photos the page shows.
        storage: whether the page says how much is kept.
    """
    now = database_time()
    changed, gone = reading.changed_photos(request.user, keys(request, "photo"))
    return JsonResponse(
        {
            "now": now.isoformat(),
            **asdict(reading.coloring_of(request.user, since(request) or now)),
            "cards": rendered(request, "gallery/_photo_card.html", changed),
            "gone": sorted(map(str, gone)),
            "new": rendered(request, "gallery/_sheet_item.html", new_photos(request)),
            "albums": album_texts(request),
            "notices": render_to_string("components/notice_link.html", {}, request),
            "storage": storage_line(request) if changed or gone or "new" in request.GET else "",
        }
    )


def since(request: MemberRequest) -> datetime | None:
    text = request.GET.get("since", "")
    found = parse_moment(text)
    if text and found is None:
        raise BadRequest(_("The parameter since has to be a time with a time zone."))
    return found


def keys(request: MemberRequest, name: str) -> list[UUID]:
    values = request.GET.getlist(name)
    if len(values) > MAX_KEYS:
        raise BadRequest(_("Ask for at most %(number)d at a time.") % {"number": MAX_KEYS})
    try:
        return [UUID(value) for value in values]
    except ValueError as error:
        raise BadRequest(
            _("The parameter %(name)s has to be the id of one.") % {"name": name}
        ) from error


def new_photos(request: MemberRequest) -> Iterable[Photo]:
    asked = keys(request, "new")
    own = Photo.objects.editable_by(request.user).filter(pk__in=asked).select_related("album")
    return queries.with_colorizations(own, request.user) if asked else []


def rendered(request: MemberRequest, template: str, photos: Iterable[Photo]) -> dict[str, str]:
    return {
        str(photo.pk): render_to_string(template, card_context(request, photo), request)
        for photo in photos
    }


def card_context(request: MemberRequest, photo: Photo) -> dict[str, Any]:
    return {
        "photo": photo,
        "version": photo.shown_version,
        "can_edit": photo.album.owner_id == request.user.pk,
        "is_fresh": True,
    }


def storage_line(request: MemberRequest) -> str:
    """Empty where the page shows none: to sum it up takes a while."""
    if "storage" not in request.GET:
        return ""
    return render_to_string("gallery/_storage.html", storage.line_of(request.user), request)


def album_texts(request: MemberRequest) -> dict[str, str]:
    counts = reading.photo_counts(request.user, keys(request, "album"))
    return {
        str(key): ngettext("%(shown)s photo", "%(shown)s photos", number)
        % {"shown": intcomma(number)}
        for key, number in counts.items()
    }
