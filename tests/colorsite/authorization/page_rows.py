"""The table of the pages: each method of each route, with the status for each visitor."""

from __future__ import annotations

from typing import Any

from colorizer.models import Colorization
from gallery.models import Photo
from tests.colorsite.authorization.api_rows import (
    adjusted,
    key,
    name,
    other_name,
    password,
    reason,
    target,
    title,
    wish,
)
from tests.colorsite.authorization.rows import LOGIN, LOOK, NOBODY, OWNER, PUBLIC, Row, succeeding
from tests.factories import (
    make_upload,
)

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
