"""The pages, each with what it lists; and the routes that are no pages."""

from __future__ import annotations

from typing import Final

from gallery.search_text import PHOTOS_PER_QUERY
from gallery.views.progress import MAX_KEYS
from tests.colorsite.query_counts.library import Library
from tests.colorsite.query_counts.visits import Entry, Parameters

ANYBODY: Final = ""
SELECTION: Final = ("move", "copy", "section", "color", "adjust", "download", "delete")


def selected(library: Library) -> Parameters:
    return {"photos": ",".join(library.keys("photos"))}


def in_one_query(library: Library) -> Parameters:
    """Names of more photos are looked for in several."""
    return {"photos": ",".join(library.keys("photos")[:PHOTOS_PER_QUERY])}


def all_of_album(library: Library) -> Parameters:
    return {"all_of": str(library.album.pk)}


def on_a_page(library: Library) -> Parameters:
    """What a page asks about that shows as much as it may."""
    photos, albums = library.keys("photos")[:MAX_KEYS], library.keys("albums")[:MAX_KEYS]
    return {"photo": photos, "new": photos, "album": albums, "storage": "yes"}


PAGES: Final = [
    Entry("gallery:home", "albums photos", queries=9),
    Entry("gallery:home", "albums", ANYBODY, queries=1),
    Entry("gallery:explore", "albums", ANYBODY, queries=2),
    Entry("gallery:activity", "work", queries=15),
    Entry("gallery:notices", "notices"),
    Entry("gallery:progress", "photos albums", query=on_a_page),
    Entry("gallery:account-export", "exports photos albums versions"),
    Entry("gallery:account-delete", "exports photos albums versions"),
    Entry("gallery:storage", "photos albums trash uploads", is_full=True),
    Entry("gallery:upload-choices", "albums"),
    Entry("gallery:album", "photos sections", queries=10),
    Entry("gallery:album", "photos sections", "stranger", queries=10),
    Entry("gallery:album", "photos sections", ANYBODY, queries=7),
    Entry("gallery:album-sections", "sections"),
    Entry("gallery:album-publish", "photos"),
    Entry("gallery:album-share", "shares"),
    Entry("gallery:album-delete", "photos"),
    Entry("gallery:album-archive", "photos"),
    Entry("gallery:archive", "parts"),
    Entry("gallery:photo", "people tags"),
    Entry("gallery:photo", "versions", "collector", "varied", queries=11),
    Entry("gallery:photo-hints", "photos", query=lambda _: {"part": "references"}),
    Entry("gallery:photo-edit", "people tags photos"),
    Entry("gallery:photo-share", "shares"),
    Entry("gallery:shares", "shares", queries=5),
    Entry("gallery:search", "photos albums people tags"),
    Entry(
        "gallery:search",
        "photos albums people tags",
        query=lambda _: {"q": "beach", "state": "colored", "variant": "artistic"},
        queries=10,
    ),
    Entry("gallery:timeline", "photos", queries=7),
    Entry("gallery:favorites", "photos", queries=6),
    Entry("gallery:duplicates", "photos", queries=7),
    Entry("gallery:duplicates-keep", "photos"),
    Entry("gallery:people", "people", queries=8),
    Entry("gallery:tags", "tags", queries=8),
    Entry("gallery:places", "photos", queries=7),
    *(Entry(f"gallery:selection-{action}", "photos", data=selected) for action in SELECTION),
    Entry("gallery:selection-edit", "photos people tags", data=in_one_query),
    Entry("gallery:selection-move", "photos albums", data=all_of_album),
    Entry("gallery:trash", "trash", queries=8),
    Entry("gallery:trash-delete", "trash", data=lambda _: {"all": "yes"}),
    Entry("gallery:trash-empty", "trash"),
    Entry("gallery:album-in-trash", "trash", about="album_in_trash"),
    Entry("shared:share", "photos sections", ANYBODY, queries=8),
    Entry("shared:photo", "photos people", ANYBODY),
    Entry("settings:sessions", "devices"),
    Entry("settings:keys", "keys"),
    Entry("webhooks:webhooks", "webhooks"),
    Entry("webhooks:webhook", "deliveries", queries=7),
]

NO_PAGES: Final = {
    "It is a file, or a part of one.": (
        "gallery:archive-file gallery:download-file gallery:photo-style gallery:photo-hints-frame "
        "gallery:photo-tiles gallery:photo-tile gallery:photo-thumbnail gallery:photo-display "
        "gallery:photo-original gallery:photo-in-trash-thumbnail "
        "gallery:colorization-in-trash-thumbnail gallery:colorization-unadjusted "
        "gallery:colorization-preview gallery:colorization-thumbnail gallery:colorization-film "
        "gallery:colorization-tiles gallery:colorization-tile gallery:colorization-image "
        "shared:file shared:tiles shared:tile"
    ),
    "It is a part of a page that is asked for.": "gallery:photo-status",
    "It leads to a page.": (
        "gallery:colorization gallery:notice gallery:selection-front gallery:selection-back "
        "gallery:selection-cover"
    ),
    "It is a form, or about one thing: it lists nothing.": (
        "gallery:upload gallery:album-create gallery:album-edit gallery:album-upload "
        "gallery:download gallery:photo-styles gallery:photo-delete "
        "gallery:share-edit gallery:share-delete gallery:person-edit gallery:tag-edit "
        "gallery:colorization-delete gallery:colorization-adjust webhooks:webhook-create "
        "webhooks:webhook-delete moderation:colorization-report moderation:shared-report "
        "legal:privacy legal:terms legal:contact settings:profile settings:preferences "
        "settings:security settings:key-create"
    ),
}
