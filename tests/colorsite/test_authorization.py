"""Who may do what: one table of every route, for every kind of visitor.

Each row has the status codes of a route for owner, stranger, anonymous and staff, first when the album is
private, then when it is published. An object that is not there for somebody is 404, never 403.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.shortcuts import resolve_url
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from accounts import api_keys
from accounts.models import ApiKey, User
from colorizer.models import Colorization
from filestore.models import StoredFile, Upload
from gallery import sharing
from gallery.api.tus import MEDIA_TYPE as PART
from gallery.arranging import add_section
from gallery.bulk import ACTIONS
from gallery.details import edit_photo
from gallery.models import Album, Archive, Download, Notice, Person, Photo, Section, Tag
from gallery.models.shares import Share
from gallery.services import publish, trash_album, trash_colorization, trash_photos
from jobs.models import Job
from moderation.decisions import dismiss
from moderation.models import Report
from moderation.services import hide, report
from tests.factories import (
    begin_upload,
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_guided,
    make_pack,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
)
from webhooks import services as webhooks
from webhooks.models import Delivery, Webhook

CHEAP_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
VISITORS = ("owner", "stranger", "anonymous", "staff")
LOGIN = "login"  # a redirect to the login page

# Status codes that many routes have in common: owner, stranger, anonymous, staff.
PUBLIC = (200, 200, 200, 200)
LOOK = (200, 404, 404, 200)
OWNER = (200, 404, 404, 404)
TOKEN = (200, 200, 401, 200)
API_LOOK = (200, 404, 401, 200)
API_OWNER = (200, 404, 401, 404)
NOBODY = (404, 404, 404, 404)
API_NOBODY = (404, 404, 401, 404)
# Staff without the permission: who has it is in tests/moderation/test_api_permissions.py.
MODERATION = (404, 404, 401, 403)
LOG = (404, 404, 401, 200)

Statuses = tuple[int | str, int | str, int | str, int | str]


class Row(NamedTuple):
    route: str
    method: str
    private: Statuses
    published: Statuses
    data: Callable[[], dict[str, Any]] = dict
    headers: Mapping[str, str] = {}
    content_type: str = ""


def succeeding(status: int, like: Statuses) -> Statuses:
    """The same permissions, with another status code for success."""
    owner, stranger, anonymous, staff = (status if code == 200 else code for code in like)
    return owner, stranger, anonymous, staff


def image() -> dict[str, Any]:
    return {"image": make_upload()}


def title() -> dict[str, Any]:
    return {"title": "Trip"}


def name() -> dict[str, Any]:
    return {"name": "Ada"}


def photos() -> dict[str, Any]:
    return {"photos": [Photo.objects.get().pk]}


def reason() -> dict[str, Any]:
    return {"reason": "privacy"}


def target() -> dict[str, Any]:
    return {"target_url": "https://example.org/hook"}


TUS = {"Tus-Resumable": "1.0.0"}
# Of an upload that is whole, which is its owner's affair whatever is published.
BEGIN = {**TUS, "Upload-Length": "5"}
NOTHING_MORE = {**TUS, "Upload-Offset": str(len(picture_bytes()))}


def digests() -> dict[str, Any]:
    return {"sha256": "0" * 64}


def rating() -> dict[str, Any]:
    return {"rating": 4}


def adjusted() -> dict[str, Any]:
    return {"intensity": 0, "saturation": 0, "warmth": 9, "tint": 0}


def wish() -> dict[str, Any]:
    return {"form": "jpeg", "side": 1080}


def no_hints() -> dict[str, Any]:
    return {"hints": "none"}


def bulk(action: str) -> Callable[[], dict[str, Any]]:
    """The photo of this table, and whatever any action asks for."""

    def order() -> dict[str, Any]:
        photo = Photo.objects.get()
        choices = {
            "album": photo.album_id,
            "tags": ["lake"],
            "date_taken": "1932",
            "adjustments": {"warmth": 9},
        }
        return {"action": action, "photos": [photo.pk], **choices}

    return order


def other_name() -> dict[str, Any]:
    return {"name": "Somebody else"}


def places() -> dict[str, Any]:
    return {"place": "Rhodes", "name": "Athens"}


def own_album() -> dict[str, Any]:
    return {"album": Photo.objects.get().album_id}


def password() -> dict[str, Any]:
    return {"password": "cake"}


def key() -> dict[str, Any]:
    return {"name": "Script", "scope": "read", "days": "30"}


DELETED = succeeding(204, API_OWNER)
OWN_ALBUM = (200, 400, 401, 400)
INTO_AN_ALBUM = ("move", "copy")
QUEUED = succeeding(202, API_OWNER)
# What is sent is wrong, so that no network has to be loaded; others do not hear of that.
REFUSED = (400, 404, 401, 404)

SHARED_ALBUM = (201, 400, 401, 400)
UNLOCKED = (403, 403, 403, 403)

MODERATED = ("report", "moderated_photo", "moderated_album", "moderated_job", "member")

API_ROWS = [
    Row("api:me", "GET", TOKEN, TOKEN),
    Row("api:me", "PATCH", TOKEN, TOKEN, name),
    # 403: nobody has typed the password again.
    Row("api:me-deletion", "POST", succeeding(403, TOKEN), succeeding(403, TOKEN)),
    Row("api:me-deletion", "DELETE", TOKEN, TOKEN),
    Row("api:me-storage", "GET", TOKEN, TOKEN),
    Row("api:key-list", "GET", TOKEN, TOKEN),
    # 403: as above.
    Row("api:key-list", "POST", succeeding(403, TOKEN), succeeding(403, TOKEN), key),
    Row("api:key-detail", "GET", API_OWNER, API_OWNER),
    Row("api:key-detail", "DELETE", DELETED, DELETED),
    Row("api:person-list", "GET", TOKEN, TOKEN),
    Row("api:person-detail", "GET", API_OWNER, API_OWNER),
    Row("api:person-detail", "PATCH", API_OWNER, API_OWNER, other_name),
    Row("api:person-detail", "DELETE", DELETED, DELETED),
    Row("api:tag-list", "GET", TOKEN, TOKEN),
    Row("api:tag-detail", "GET", API_OWNER, API_OWNER),
    Row("api:tag-detail", "PATCH", API_OWNER, API_OWNER, other_name),
    Row("api:tag-detail", "DELETE", DELETED, DELETED),
    Row("api:place-list", "GET", TOKEN, TOKEN),
    # The place of nobody's photos.
    Row("api:place-rename", "POST", API_NOBODY, API_NOBODY, places),
    Row("api:timeline", "GET", TOKEN, TOKEN),
    Row("api:duplicates", "GET", TOKEN, TOKEN),
    Row("api:photo-keep", "POST", API_OWNER, API_OWNER),
    Row("api:limits", "GET", PUBLIC, PUBLIC),
    Row("api:album-list", "GET", TOKEN, TOKEN),
    Row("api:album-list", "POST", succeeding(201, TOKEN), succeeding(201, TOKEN), title),
    Row("api:album-detail", "GET", API_LOOK, TOKEN),
    Row("api:album-detail", "PATCH", API_OWNER, API_OWNER, title),
    Row("api:album-detail", "DELETE", DELETED, DELETED),
    Row("api:album-photos", "GET", API_LOOK, TOKEN),
    Row("api:album-order", "POST", DELETED, DELETED, photos),
    Row("api:album-sections", "GET", API_LOOK, TOKEN),
    Row(
        "api:album-sections", "POST", succeeding(201, API_OWNER), succeeding(201, API_OWNER), title
    ),
    Row("api:section-detail", "GET", API_LOOK, TOKEN),
    Row("api:section-detail", "PATCH", API_OWNER, API_OWNER, title),
    Row("api:section-detail", "DELETE", DELETED, DELETED),
    # An album of others is refused. That nothing happens to their photos is shown below.
    *(
        Row("api:photos-bulk", "POST", OWN_ALBUM, OWN_ALBUM, bulk(action))
        for action in INTO_AN_ALBUM
    ),
    *(
        Row("api:photos-bulk", "POST", TOKEN, TOKEN, bulk(action))
        for action in ACTIONS
        if action not in INTO_AN_ALBUM
    ),
    # An album that is being zipped or has a zip file: published or not, it is the owner's affair.
    Row("api:album-archive", "POST", QUEUED, QUEUED),
    Row("api:archive-list", "GET", TOKEN, TOKEN),
    Row("api:archive-list", "POST", QUEUED, QUEUED, photos),
    Row("api:archive-detail", "GET", API_LOOK, API_LOOK),
    Row("api:archive-detail", "DELETE", DELETED, DELETED),
    Row("api:archive-file", "GET", API_LOOK, API_LOOK),
    Row("api:job-list", "GET", TOKEN, TOKEN),
    Row("api:jobs-cancel", "POST", TOKEN, TOKEN),
    Row("api:jobs-retry", "POST", TOKEN, TOKEN),
    Row("api:job-changes", "GET", TOKEN, TOKEN),
    # 404: streams are switched off by default.
    Row("api:job-events", "GET", succeeding(404, TOKEN), succeeding(404, TOKEN)),
    Row("api:job-detail", "GET", API_LOOK, API_LOOK),
    # 409: the job of this table has succeeded.
    Row("api:job-cancel", "POST", succeeding(409, API_OWNER), succeeding(409, API_OWNER)),
    Row("api:job-retry", "POST", succeeding(409, API_OWNER), succeeding(409, API_OWNER)),
    Row(
        "api:upload-list", "POST", succeeding(201, TOKEN), succeeding(201, TOKEN), dict, BEGIN, PART
    ),
    Row("api:upload-detail", "GET", API_OWNER, API_OWNER),
    Row("api:upload-detail", "PATCH", DELETED, DELETED, dict, NOTHING_MORE, PART),
    Row("api:upload-detail", "DELETE", DELETED, DELETED, dict, TUS),
    Row("api:upload-photos", "POST", succeeding(201, API_OWNER), succeeding(201, API_OWNER)),
    Row("api:notice-list", "GET", TOKEN, TOKEN),
    Row("api:notices-read", "POST", TOKEN, TOKEN),
    Row("api:photo-list", "GET", TOKEN, TOKEN),
    Row("api:photo-list", "POST", succeeding(201, TOKEN), succeeding(201, TOKEN), image),
    Row("api:photo-lookup", "POST", TOKEN, TOKEN, digests),
    Row("api:photo-detail", "GET", API_LOOK, TOKEN),
    Row("api:photo-detail", "PATCH", API_OWNER, API_OWNER, title),
    Row("api:photo-detail", "DELETE", DELETED, DELETED),
    Row("api:photo-original", "GET", API_LOOK, API_LOOK),
    # What is published needs no token.
    Row("api:photo-display", "GET", LOOK, PUBLIC),
    Row("api:photo-thumbnail", "GET", LOOK, PUBLIC),
    Row("api:photo-colorizations", "GET", API_LOOK, TOKEN),
    Row("api:photo-colorizations", "POST", QUEUED, QUEUED),
    Row("api:photo-preview", "POST", REFUSED, REFUSED, no_hints),
    Row("api:photo-colors", "POST", REFUSED, REFUSED),
    Row("api:photo-reference", "POST", REFUSED, REFUSED),
    Row("api:colorize", "POST", succeeding(202, TOKEN), succeeding(202, TOKEN), image),
    Row("api:colorization-list", "GET", TOKEN, TOKEN),
    Row("api:colorizations-cancel", "POST", TOKEN, TOKEN),
    Row("api:colorization-detail", "GET", API_LOOK, TOKEN),
    Row("api:colorization-detail", "PATCH", API_OWNER, API_OWNER, rating),
    Row("api:colorization-detail", "DELETE", DELETED, DELETED),
    # 409: the colorization of this table is finished, and only its owner hears of it.
    Row("api:colorization-cancel", "POST", succeeding(409, API_OWNER), succeeding(409, API_OWNER)),
    Row("api:colorization-retry", "POST", succeeding(409, API_OWNER), succeeding(409, API_OWNER)),
    Row("api:colorization-reports", "POST", NOBODY, succeeding(201, PUBLIC), reason),
    *(
        Row(f"api:{kind}-{name}", method, MODERATION, MODERATION)
        for kind in MODERATED
        for name, method in (("list", "GET"), ("detail", "GET"), ("decisions", "POST"))
    ),
    *(Row(f"api:{kind}s-decisions", "POST", MODERATION, MODERATION) for kind in MODERATED),
    Row("api:decision-list", "GET", LOG, LOG),
    Row("api:decision-detail", "GET", API_NOBODY, API_NOBODY),
    Row("api:share-list", "GET", TOKEN, TOKEN),
    # Of an album of others there is nothing to share.
    Row("api:share-list", "POST", SHARED_ALBUM, SHARED_ALBUM, own_album),
    Row("api:share-detail", "GET", API_OWNER, API_OWNER),
    Row("api:share-detail", "PATCH", API_OWNER, API_OWNER, title),
    Row("api:share-detail", "DELETE", DELETED, DELETED),
    # Whoever has the link, and nobody else: without a password, whether published or not.
    Row("api:shared", "GET", PUBLIC, PUBLIC),
    # 403: this link has no password, and so none is right.
    Row("api:shared-unlock", "POST", UNLOCKED, UNLOCKED, password),
    Row("api:shared-photos", "GET", PUBLIC, PUBLIC),
    Row("api:shared-file", "GET", PUBLIC, PUBLIC),
    Row("api:webhook-list", "GET", TOKEN, TOKEN),
    Row("api:webhook-list", "POST", succeeding(201, TOKEN), succeeding(201, TOKEN), target),
    # Their owner's affair, whatever is published.
    Row("api:webhook-detail", "GET", API_OWNER, API_OWNER),
    Row("api:webhook-detail", "PATCH", API_OWNER, API_OWNER, target),
    Row("api:webhook-detail", "DELETE", DELETED, DELETED),
    Row("api:webhook-rotate-secret", "POST", API_OWNER, API_OWNER),
    Row("api:webhook-test", "POST", QUEUED, QUEUED),
    Row("api:webhook-deliveries", "GET", API_OWNER, API_OWNER),
    Row("api:delivery-detail", "GET", API_OWNER, API_OWNER),
    Row("api:delivery-resend", "POST", QUEUED, QUEUED),
    Row("api:trash", "GET", TOKEN, TOKEN),
    Row("api:trash", "DELETE", succeeding(204, TOKEN), succeeding(204, TOKEN)),
    Row("api:trash-size", "GET", TOKEN, TOKEN),
    # Nothing of this table is in the trash: below it is.
    Row("api:trash-restore", "POST", API_NOBODY, API_NOBODY),
    Row("api:album-in-trash", "DELETE", API_NOBODY, API_NOBODY),
    Row("api:photo-in-trash", "DELETE", API_NOBODY, API_NOBODY),
    Row("api:colorization-in-trash", "DELETE", API_NOBODY, API_NOBODY),
    Row("api:photo-in-trash-thumbnail", "GET", API_NOBODY, API_NOBODY),
    Row("api:colorization-in-trash-thumbnail", "GET", API_NOBODY, API_NOBODY),
    Row("api:colorization-image", "GET", API_LOOK, API_LOOK),
    Row("api:colorization-adjustments", "GET", API_OWNER, API_OWNER),
    Row("api:colorization-adjustments", "PUT", QUEUED, QUEUED, adjusted),
    Row("api:colorization-adjustments", "DELETE", API_OWNER, API_OWNER),
    Row("api:colorization-unadjusted", "GET", API_OWNER, API_OWNER),
    Row("api:colorization-downloads", "POST", QUEUED, QUEUED, wish),
    Row("api:download-detail", "GET", API_OWNER, API_OWNER),
    Row("api:download-detail", "DELETE", DELETED, DELETED),
    Row("api:download-file", "GET", API_OWNER, API_OWNER),
    Row("api:colorization-reference", "GET", API_OWNER, API_OWNER),
    Row("api:colorization-preview", "GET", LOOK, PUBLIC),
    # The photo of this table is no film: who sees one is in tests/gallery/test_films.py.
    Row("api:colorization-film", "GET", NOBODY, NOBODY),
    Row("api:colorization-thumbnail", "GET", LOOK, PUBLIC),
    Row("api:public-albums", "GET", PUBLIC, PUBLIC),
    Row("api:album-public", "GET", NOBODY, PUBLIC),
    Row("api:album-public-photos", "GET", NOBODY, PUBLIC),
]

# The pages redirect (302) after a change, and send who is not logged in to the login page.
MEMBER = (200, 200, LOGIN, 200)
FORM = (200, 404, LOGIN, 404)
CHANGE = succeeding(302, FORM)
CREATE = succeeding(302, MEMBER)
NOT_THERE = (404, 404, LOGIN, 404)
ARCHIVE = (200, 404, LOGIN, 200)
OWN_PICTURE = (200, 404, 404, 404)


def things() -> dict[str, Any]:
    return {"things": f"photo:{Photo.objects.get().pk}"}


def moment() -> dict[str, Any]:
    return {"moment": "2026-01-01T00:00:00Z"}


def options() -> dict[str, Any]:
    return {"variant": "stable", "render_factor": 20}


def start() -> dict[str, Any]:
    return {"start": 0}


def files() -> dict[str, Any]:
    return {**options(), "photos": make_upload()}


def favorite() -> dict[str, Any]:
    return {"favorite": "true"}


def publication() -> dict[str, Any]:
    return {"action": "publish"}


def part() -> dict[str, Any]:
    return {"part": "stage"}


def opinion() -> dict[str, Any]:
    return {"version": Colorization.objects.get().pk, "is_kept": "true", "rating": 4}


def style() -> dict[str, Any]:
    return {"name": "stable-20"}


def tile() -> dict[str, Any]:
    return {"name": "0/0_0"}


def selection() -> dict[str, Any]:
    """The photo of this table, and what the page that asks sends."""
    photo = Photo.objects.get()
    return {**options(), "photos": [photo.pk], "album": photo.album_id, "confirmed": "yes"}


def adjusted_selection() -> dict[str, Any]:
    return {**selection(), **adjusted()}


def order() -> dict[str, Any]:
    return {"photo_order": "oldest"}


def place() -> dict[str, Any]:
    return {"photo": Photo.objects.get().pk}


REPORTED = succeeding(302, PUBLIC)
SELECTION = ("copy", "section", "front", "back", "cover")


def overlap() -> dict[str, Any]:
    return {"overlap": "24"}


def preferences() -> dict[str, Any]:
    return {"language": "", "theme": "dark"}


PAGE_ROWS = [
    Row("legal:privacy", "GET", PUBLIC, PUBLIC),
    Row("legal:terms", "GET", PUBLIC, PUBLIC),
    Row("legal:contact", "GET", PUBLIC, PUBLIC),
    Row("settings:profile", "GET", MEMBER, MEMBER),
    Row("settings:profile", "POST", CREATE, CREATE, name),
    Row("settings:preferences", "GET", MEMBER, MEMBER),
    Row("settings:preferences", "POST", CREATE, CREATE, preferences),
    Row("settings:security", "GET", MEMBER, MEMBER),
    Row("settings:sessions", "GET", MEMBER, MEMBER),
    # Both ask for the password first.
    Row("settings:sessions-end-others", "POST", CREATE, CREATE),
    Row("settings:key-create", "GET", CREATE, CREATE),
    Row("settings:key-create", "POST", CREATE, CREATE, key),
    Row("settings:keys", "GET", MEMBER, MEMBER),
    # A session or a key of the owner: staff end those of others by a suspension only.
    Row("settings:session-end", "POST", CHANGE, CHANGE),
    Row("settings:key-revoke", "POST", CHANGE, CHANGE),
    Row("webhooks:webhooks", "GET", MEMBER, MEMBER),
    # They show the secret, once, and ask for the password first.
    Row("webhooks:webhook-create", "GET", CREATE, CREATE),
    Row("webhooks:webhook-create", "POST", CREATE, CREATE, target),
    Row("webhooks:webhook-rotate", "POST", CREATE, CREATE, overlap),
    Row("webhooks:webhook", "GET", FORM, FORM),
    Row("webhooks:webhook", "POST", CHANGE, CHANGE, target),
    Row("webhooks:webhook-switch", "POST", CHANGE, CHANGE),
    Row("webhooks:webhook-test", "POST", CHANGE, CHANGE),
    Row("webhooks:webhook-delete", "GET", FORM, FORM),
    Row("webhooks:webhook-delete", "POST", CHANGE, CHANGE),
    Row("webhooks:delivery-resend", "POST", CHANGE, CHANGE),
    Row("gallery:storage", "GET", MEMBER, MEMBER),
    Row("gallery:home", "GET", PUBLIC, PUBLIC),
    Row("gallery:explore", "GET", PUBLIC, PUBLIC),
    Row("gallery:activity", "GET", MEMBER, MEMBER),
    Row("gallery:account-export", "GET", MEMBER, MEMBER),
    Row("gallery:account-export", "POST", CREATE, CREATE),
    Row("gallery:account-delete", "GET", MEMBER, MEMBER),
    Row("gallery:account-delete", "POST", CREATE, CREATE),
    Row("gallery:account-keep", "POST", CREATE, CREATE),
    Row("gallery:jobs-cancel", "POST", CREATE, CREATE),
    Row("gallery:jobs-retry", "POST", CREATE, CREATE),
    Row("gallery:job-cancel", "POST", CHANGE, CHANGE),
    Row("gallery:job-retry", "POST", CHANGE, CHANGE),
    Row("gallery:notices", "GET", MEMBER, MEMBER),
    Row("gallery:notices-read", "POST", CREATE, CREATE),
    Row("gallery:notice", "GET", CHANGE, CHANGE),
    Row("gallery:progress", "GET", MEMBER, MEMBER),
    Row("gallery:upload", "GET", MEMBER, MEMBER),
    Row("gallery:upload-choices", "GET", MEMBER, MEMBER),
    Row("gallery:upload", "POST", CREATE, CREATE, files),
    Row("gallery:album-create", "GET", MEMBER, MEMBER),
    Row("gallery:album-create", "POST", CREATE, CREATE, title),
    Row("gallery:album", "GET", LOOK, PUBLIC),
    Row("gallery:album-edit", "GET", FORM, FORM),
    Row("gallery:album-edit", "POST", CHANGE, CHANGE, title),
    Row("gallery:album-order", "POST", CHANGE, CHANGE, order),
    Row("gallery:album-place", "POST", succeeding(204, FORM), succeeding(204, FORM), place),
    Row("gallery:album-sections", "GET", FORM, FORM),
    Row("gallery:album-sections", "POST", CHANGE, CHANGE, title),
    Row("gallery:section", "POST", CHANGE, CHANGE, title),
    Row("gallery:album-publish", "GET", FORM, FORM),
    Row("gallery:album-publish", "POST", CHANGE, CHANGE, publication),
    Row("gallery:album-delete", "GET", FORM, FORM),
    Row("gallery:album-delete", "POST", CHANGE, CHANGE),
    Row("gallery:album-upload", "GET", FORM, FORM),
    Row("gallery:album-upload", "POST", CHANGE, CHANGE, files),
    Row("gallery:album-archive", "GET", FORM, FORM),
    Row("gallery:album-archive", "POST", CHANGE, CHANGE),
    Row("gallery:archive", "GET", ARCHIVE, ARCHIVE),
    Row("gallery:archive-cancel", "POST", CHANGE, CHANGE),
    Row("gallery:archive-again", "POST", CHANGE, CHANGE),
    Row("gallery:archive-file", "GET", LOOK, LOOK),
    Row("gallery:photo", "GET", LOOK, PUBLIC),
    Row("gallery:photo-status", "GET", LOOK, PUBLIC, part),
    Row("gallery:photo-colorize", "POST", CHANGE, CHANGE, options),
    Row("gallery:photo-judge", "POST", CHANGE, CHANGE, opinion),
    Row("gallery:photo-styles", "GET", FORM, FORM),
    Row("gallery:photo-styles", "POST", CHANGE, CHANGE),
    Row("gallery:photo-style", "GET", OWNER, OWNER, style),
    Row("gallery:photo-hints", "GET", FORM, FORM),
    Row("gallery:photo-hints", "POST", CHANGE, CHANGE, options),
    # 400: the photo of this table is no film.
    Row("gallery:photo-hints-frame", "GET", succeeding(400, FORM), succeeding(400, FORM)),
    # 400: they take JSON, or a file.
    *(
        Row(f"gallery:photo-hints-{part}", "POST", succeeding(400, FORM), succeeding(400, FORM))
        for part in ("preview", "colors", "reference")
    ),
    Row("gallery:photo-tiles", "GET", LOOK, PUBLIC),
    Row("gallery:photo-tile", "GET", LOOK, PUBLIC, tile),
    # 400: as above.
    # The photo of this table is no film.
    Row("gallery:photo-try", "POST", succeeding(400, FORM), succeeding(400, FORM), start),
    Row("gallery:photo-edit", "GET", FORM, FORM),
    Row("gallery:photo-edit", "POST", CHANGE, CHANGE, title),
    Row("gallery:photo-delete", "GET", FORM, FORM),
    Row("gallery:photo-delete", "POST", CHANGE, CHANGE),
    Row("gallery:photo-thumbnail", "GET", LOOK, PUBLIC),
    Row("gallery:photo-display", "GET", LOOK, PUBLIC),
    Row("gallery:photo-original", "GET", LOOK, LOOK),
    Row("gallery:photo-favorite", "POST", CHANGE, CHANGE, favorite),
    Row("gallery:photo-keep", "POST", CHANGE, CHANGE),
    Row("gallery:album-share", "GET", FORM, FORM),
    Row("gallery:album-share", "POST", CHANGE, CHANGE, title),
    Row("gallery:photo-share", "GET", FORM, FORM),
    Row("gallery:photo-share", "POST", CHANGE, CHANGE, title),
    Row("gallery:shares", "GET", MEMBER, MEMBER),
    Row("gallery:share-edit", "GET", FORM, FORM),
    Row("gallery:share-edit", "POST", CHANGE, CHANGE, title),
    Row("gallery:share-delete", "GET", FORM, FORM),
    Row("gallery:share-delete", "POST", CHANGE, CHANGE),
    # Whoever has the link.
    Row("shared:share", "GET", PUBLIC, PUBLIC),
    Row("shared:unlock", "POST", succeeding(302, PUBLIC), succeeding(302, PUBLIC), password),
    Row("shared:photo", "GET", PUBLIC, PUBLIC),
    Row("shared:file", "GET", PUBLIC, PUBLIC),
    Row("shared:tiles", "GET", PUBLIC, PUBLIC),
    Row("shared:tile", "GET", PUBLIC, PUBLIC, tile),
    Row("moderation:shared-report", "GET", PUBLIC, PUBLIC),
    Row("moderation:shared-report", "POST", REPORTED, REPORTED, reason),
    Row("gallery:search", "GET", MEMBER, MEMBER),
    Row("gallery:timeline", "GET", MEMBER, MEMBER),
    Row("gallery:favorites", "GET", MEMBER, MEMBER),
    Row("gallery:duplicates", "GET", MEMBER, MEMBER),
    Row("gallery:duplicates-keep", "GET", CREATE, CREATE),
    Row("gallery:duplicates-keep", "POST", CREATE, CREATE),
    Row("gallery:people", "GET", MEMBER, MEMBER),
    Row("gallery:person-edit", "GET", FORM, FORM),
    Row("gallery:person-edit", "POST", CHANGE, CHANGE, other_name),
    Row("gallery:tags", "GET", MEMBER, MEMBER),
    Row("gallery:tag-edit", "GET", FORM, FORM),
    Row("gallery:tag-edit", "POST", CHANGE, CHANGE, other_name),
    Row("gallery:places", "GET", MEMBER, MEMBER),
    *(Row(f"gallery:selection-{action}", "GET", CREATE, CREATE) for action in SELECTION),
    *(
        Row(f"gallery:selection-{action}", "POST", CHANGE, CHANGE, selection)
        for action in SELECTION
    ),
    Row("gallery:selection-move", "GET", CREATE, CREATE),
    Row("gallery:selection-edit", "GET", CREATE, CREATE),
    Row("gallery:selection-color", "GET", CREATE, CREATE),
    Row("gallery:selection-adjust", "GET", CREATE, CREATE),
    Row("gallery:selection-download", "GET", CREATE, CREATE),
    Row("gallery:selection-delete", "GET", CREATE, CREATE),
    Row("gallery:selection-move", "POST", CHANGE, CHANGE, selection),
    Row("gallery:selection-edit", "POST", CHANGE, CHANGE, selection),
    Row("gallery:selection-color", "POST", CHANGE, CHANGE, selection),
    Row("gallery:selection-adjust", "POST", CHANGE, CHANGE, adjusted_selection),
    Row("gallery:selection-download", "POST", CHANGE, CHANGE, selection),
    Row("gallery:selection-delete", "POST", CHANGE, CHANGE, selection),
    Row("gallery:colorizations-cancel", "POST", CREATE, CREATE),
    Row("gallery:trash", "GET", MEMBER, MEMBER),
    Row("gallery:trash-restore", "POST", NOT_THERE, NOT_THERE, things),
    Row("gallery:trash-undo", "POST", CREATE, CREATE, moment),
    Row("gallery:trash-delete", "GET", CREATE, CREATE),
    Row("gallery:trash-delete", "POST", CREATE, CREATE, things),
    Row("gallery:trash-empty", "GET", CREATE, CREATE),
    Row("gallery:trash-empty", "POST", CREATE, CREATE),
    Row("gallery:album-in-trash", "GET", NOT_THERE, NOT_THERE),
    Row("gallery:photo-in-trash-thumbnail", "GET", NOT_THERE, NOT_THERE),
    Row("gallery:colorization-in-trash-thumbnail", "GET", NOT_THERE, NOT_THERE),
    Row("gallery:colorization", "GET", succeeding(302, LOOK), succeeding(302, PUBLIC)),
    Row("gallery:colorization-cancel", "POST", CHANGE, CHANGE),
    Row("gallery:colorization-delete", "GET", FORM, FORM),
    Row("gallery:colorization-delete", "POST", CHANGE, CHANGE),
    Row("moderation:colorization-report", "GET", NOBODY, PUBLIC),
    Row("moderation:colorization-report", "POST", NOBODY, succeeding(302, PUBLIC), reason),
    Row("gallery:colorization-adjust", "GET", FORM, FORM),
    Row("gallery:colorization-adjust", "POST", CHANGE, CHANGE, adjusted),
    Row("gallery:colorization-unadjusted", "GET", OWN_PICTURE, OWN_PICTURE),
    Row("gallery:colorization-downloads", "POST", CHANGE, CHANGE, wish),
    Row("gallery:download", "GET", FORM, FORM),
    Row("gallery:download-cancel", "POST", CHANGE, CHANGE),
    Row("gallery:download-file", "GET", OWN_PICTURE, OWN_PICTURE),
    Row("gallery:colorization-preview", "GET", LOOK, PUBLIC),
    # As above.
    Row("gallery:colorization-film", "GET", NOBODY, NOBODY),
    Row("gallery:colorization-thumbnail", "GET", LOOK, PUBLIC),
    Row("gallery:colorization-image", "GET", LOOK, LOOK),
    Row("gallery:colorization-tiles", "GET", LOOK, PUBLIC),
    Row("gallery:colorization-tile", "GET", LOOK, PUBLIC, tile),
]

ROWS = API_ROWS + PAGE_ROWS

# Not ours, or without anything to protect.
EXCLUDED = (
    "account_",
    "mfa_",
    "usersessions_",
    "interrupted",  # what is kept is in the session of one browser
    "admin:",
    "headless:",
    "accounts_api:",
    "api:docs",
    "api:schema",
    "api:unknown",
    "javascript-catalog",
    "set_language",
    "manifest",
    "service-worker",
    "offline",
    "healthz",
    "readyz",
    "metrics",
)


class Route(NamedTuple):
    name: str
    pattern: URLPattern

    @property
    def takes_an_object(self) -> bool:
        return bool(self.pattern.pattern.converters)

    @property
    def api_methods(self) -> set[str]:
        """The methods of a view of the API, apart from HEAD and OPTIONS."""
        view = self.pattern.callback.cls  # type: ignore[attr-defined]
        return {
            method.upper()
            for method in view.http_method_names
            if method in {"get", "post", "put", "patch", "delete"} and hasattr(view, method)
        }


def routes(resolver: URLResolver, namespace: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry, inner)
        else:
            yield Route(f"{namespace}{entry.name}", entry)


ROUTES = {
    route.name: route for route in routes(get_resolver()) if not route.name.startswith(EXCLUDED)
}


def kind_of(row: Row) -> str:
    return row.route.partition(":")[2].partition("-")[0]


def is_under_the_link(row: Row) -> bool:
    return "token" in ROUTES[row.route].pattern.pattern.converters


class World(NamedTuple):
    session: UserSession
    key: ApiKey
    album: Album
    photo: Photo
    colorization: Colorization
    archive: Archive
    download: Download
    upload: Upload
    section: Section
    notice: Notice
    person: Person
    tag: Tag
    report: Report
    decision: LogEntry
    webhook: Webhook
    delivery: Delivery
    share: Share
    visitors: dict[str, User | AnonymousUser]
    cookies: dict[str, SimpleCookie]

    @property
    def job(self) -> Job:
        return self.colorization.job

    @property
    def moderated_photo(self) -> Photo:
        return self.photo

    @property
    def moderated_job(self) -> Job:
        return self.job

    @property
    def moderated_album(self) -> Album:
        return self.album

    @property
    def member(self) -> User:
        return self.album.owner

    def address(self, row: Row) -> str:
        """A route named album-*, photo-*, session-*, ... is about that object, one under a link about the photo."""
        if not ROUTES[row.route].takes_an_object:
            return reverse(row.route)
        if is_under_the_link(row):
            return reverse(row.route, kwargs=self._under_the_link(row))
        return reverse(row.route, args=[getattr(self, kind_of(row)).pk])

    def _under_the_link(self, row: Row) -> dict[str, Any]:
        known = {"token": self.share.token, "pk": self.photo.pk, "name": "color", "of": "original"}
        return {name: known[name] for name in ROUTES[row.route].pattern.pattern.converters}

    def delete(self, kind: str) -> None:
        """As its owner does: into the trash."""
        if kind == "album":
            trash_album(self.album)
        elif kind == "photo":
            trash_photos([self.photo])
        else:
            trash_colorization(self.colorization)

    def statuses_for(self, row: Row) -> tuple[int | str, ...]:
        """Owner, stranger, anonymous and staff, each as if the others had not been there."""
        return tuple(self._status_alone(row, visitor) for visitor in VISITORS)

    def _status_alone(self, row: Row, visitor: str) -> int | str:
        with transaction.atomic():
            status = self._status_for(row, visitor)
            transaction.set_rollback(True)
        return status

    def _status_for(self, row: Row, visitor: str) -> int | str:
        response = send(client_with(self.cookies[visitor]), row, self.address(row))
        to_login = response.headers.get("Location", "").startswith(resolve_url(settings.LOGIN_URL))
        return LOGIN if to_login else response.status_code


def send(client: Client, row: Row, address: str) -> Any:
    method = getattr(client, row.method.lower())
    if row.content_type:
        return method(address, b"", content_type=row.content_type, headers=row.headers)
    if row.method in ("PATCH", "PUT") or row.route == "api:photos-bulk":
        return method(address, row.data(), content_type="application/json")
    return method(address, row.data(), headers=row.headers)


def logged_in(user: User | AnonymousUser) -> SimpleCookie:
    client = Client()
    if isinstance(user, User):
        client.force_login(user)
    return client.cookies


def client_with(cookies: SimpleCookie) -> Client:
    client = Client()
    client.cookies = SimpleCookie(cookies)
    return client


class Made(NamedTuple):
    world: World
    media: Path


@pytest.fixture(scope="module")
def made(standing_db: None, tmp_path_factory: pytest.TempPathFactory) -> Made:
    media = tmp_path_factory.mktemp("media")
    with override_settings(
        MEDIA_ROOT=media, FILE_UPLOAD_TEMP_DIR=media, PASSWORD_HASHERS=CHEAP_HASHERS
    ):
        return Made(make_world(), media)


@pytest.fixture
def world(made: Made, db: None, settings: Settings) -> World:
    """Records of its own: what a test changes, the next does not see."""
    settings.MEDIA_ROOT = made.media
    return deepcopy(made.world)


def make_world() -> World:
    album = make_album(make_user())
    photo = make_photo(album)
    visitors: dict[str, User | AnonymousUser] = {
        "owner": album.owner,
        "stranger": make_user(),
        "anonymous": AnonymousUser(),
        "staff": make_user(is_staff=True),
    }
    edit_photo(photo, {}, people=["Anna"], tags=["sea"])
    key, _secret = api_keys.create(album.owner, "Script", "read", None)
    colorization = make_guided(make_colorization(photo), reference=b"PNG")
    make_pack(photo.original, "tiles", ["0/0_0"])
    make_pack(photo.original, "styles", ["stable-20"])
    make_pack(cast("StoredFile", colorization.result), "tiles", ["0/0_0"])
    complaint = report(colorization, make_user(), Report.Reason.PRIVACY)
    dismiss(report(colorization, make_user(), Report.Reason.OTHER), make_user(is_staff=True))
    webhook = webhooks.create(album.owner, target_url="https://example.org/other")
    return World(
        session=UserSession.objects.create(user=album.owner, ip="::1", session_key="x"),
        key=key,
        album=album,
        photo=photo,
        colorization=colorization,
        archive=make_archive(album),
        download=make_download(colorization),
        upload=begin_upload(album.owner, picture_bytes()),
        notice=Notice.objects.create(owner=album.owner, kind="photos", succeeded=2, album=album),
        section=add_section(album, "Summer"),
        person=photo.people.get(),
        tag=photo.tags.get(),
        report=complaint,
        decision=LogEntry.objects.get(),
        webhook=webhook,
        delivery=webhooks.ping(webhook),
        share=sharing.create(album.owner, album),
        visitors=visitors,
        cookies={name: logged_in(user) for name, user in visitors.items()},
    )


every_row = pytest.mark.parametrize(
    "row", [pytest.param(row, id=f"{row.method}-{row.route}") for row in ROWS]
)


@every_row
def test_a_private_album(world: World, row: Row) -> None:
    assert world.statuses_for(row) == row.private


@every_row
def test_a_published_album(world: World, row: Row) -> None:
    publish(world.album)
    assert world.statuses_for(row) == row.published


@every_row
def test_a_hidden_album_is_as_private(world: World, row: Row) -> None:
    publish(world.album)
    hide(world.album, make_user(), "Under review")
    assert world.statuses_for(row) == (NOBODY if is_under_the_link(row) else row.private)


# What is deleted, and the objects that are in the trash then.
TRASHED = {
    "colorization": {"colorization", "download"},
    "photo": {"photo", "colorization", "download"},
    "album": {"album", "photo", "colorization", "archive", "download", "share", "shared"},
}
# The owner's alone. A version that is there with its photo comes back with it.
IN_TRASH = {
    "api:album-in-trash": (204, {"album"}),
    "api:photo-in-trash": (204, {"photo", "album"}),
    "api:colorization-in-trash": (204, {"colorization"}),
    "api:photo-in-trash-thumbnail": (200, {"photo", "album"}),
    "api:colorization-in-trash-thumbnail": (200, {"colorization"}),
    "gallery:album-in-trash": (200, {"album"}),
    "gallery:photo-in-trash-thumbnail": (200, {"photo", "album"}),
    "gallery:colorization-in-trash-thumbnail": (200, {"colorization"}),
}


def rows_about(kinds: set[str]) -> list[Row]:
    return [
        row
        for row in ROWS
        if (ROUTES[row.route].takes_an_object and kind_of(row) in kinds)
        or (kind_of(row) == "selection" and row.method == "POST" and "photo" in kinds)
    ]


@pytest.mark.parametrize(
    ("deleted", "row"),
    [
        pytest.param(deleted, row, id=f"{deleted}-{row.method}-{row.route}")
        for deleted, kinds in TRASHED.items()
        for row in rows_about(kinds)
    ],
)
def test_what_is_in_the_trash_is_not_there(world: World, deleted: str, row: Row) -> None:
    publish(world.album)
    world.delete(deleted)
    nobody = tuple(code if code in (LOGIN, 401) else 404 for code in row.published)
    status, kinds = IN_TRASH.get(row.route, (404, set()))
    owner = status if deleted in kinds else 404
    assert world.statuses_for(row) == (owner, *nobody[1:])


@pytest.mark.parametrize("is_public", [False, True])
@pytest.mark.parametrize("visitor", ["stranger", "staff"])
@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_with_photos_of_others(
    world: World, action: str, visitor: str, is_public: bool
) -> None:
    if is_public:
        publish(world.album)
    user = world.visitors[visitor]
    assert isinstance(user, User)
    client = Client()
    client.force_login(user)
    order = bulk(action)() | {"album": make_album(user).pk}
    before = list(Photo.objects.values())
    response = client.post(reverse("api:photos-bulk"), order, "application/json")
    assert [outcome["status"] for outcome in response.json()] == ["not_found"]
    assert list(Photo.objects.values()) == before
    assert [tag.name for tag in world.photo.tags.all()] == ["sea"]
    assert list(Colorization.objects.all()) == [world.colorization]


def test_every_route_has_its_rows() -> None:
    assert {row.route for row in ROWS} == set(ROUTES)


@pytest.mark.parametrize("route", [name for name in ROUTES if name.startswith("api:")])
def test_every_method_of_the_api_has_its_row(route: str) -> None:
    assert {row.method for row in ROWS if row.route == route} == ROUTES[route].api_methods
