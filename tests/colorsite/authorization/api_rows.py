"""The table of the API: each method of each route, with the status for each visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gallery.api.tus import MEDIA_TYPE as PART
from gallery.bulk import ACTIONS
from gallery.models import Photo
from tests.colorsite.authorization.rows import (
    API_LOOK,
    API_NOBODY,
    API_OWNER,
    LOG,
    LOOK,
    MODERATION,
    NOBODY,
    PUBLIC,
    TOKEN,
    Row,
    succeeding,
)
from tests.factories import (
    make_upload,
    picture_bytes,
)


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
