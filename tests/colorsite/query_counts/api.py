"""The endpoints of the API that are read, each with what it lists; and those that give files."""

from __future__ import annotations

from typing import Final

from gallery.api.pagination import MAX_PAGE_SIZE
from jobs.changes import Cursor
from tests.colorsite.query_counts.library import Library
from tests.colorsite.query_counts.visits import Entry, Parameters

ANYBODY: Final = ""


def whole_page(_: Library) -> Parameters:
    """For lists that have more than a usual page as soon as there are a few of all."""
    return {"page_size": str(MAX_PAGE_SIZE)}


def from_the_beginning(_: Library) -> Parameters:
    return {"since": str(Cursor())}


def listing(
    route: str,
    lists: str,
    visitor: str = "owner",
    about: str = "",
    *,
    queries: int | None = None,
    **filters: str,
) -> Entry:
    return Entry(route, lists, visitor, about, lambda _: filters, queries=queries)


API: Final = [
    listing("api:album-list", "albums", queries=5),
    listing("api:album-photos", "photos", queries=9),
    listing("api:album-photos", "photos", "stranger", queries=9),
    listing("api:album-photos", "photos", order="album"),
    Entry("api:album-detail", "photos"),
    Entry("api:album-sections", "sections"),
    listing("api:public-albums", "albums", ANYBODY, queries=1),
    Entry("api:album-public", "photos", ANYBODY),
    listing("api:album-public-photos", "photos", ANYBODY, queries=6),
    listing("api:archive-list", "archives exports"),
    Entry("api:archive-detail", "parts"),
    listing("api:colorization-list", "photos", queries=5),
    listing("api:colorization-list", "photos", state="succeeded", queries=5),
    listing("api:colorization-list", "photos", changed_since="2020-01-01T00:00:00Z", queries=6),
    listing("api:duplicates", "photos", queries=10),
    Entry("api:job-list", "work", query=whole_page, queries=8),
    Entry("api:job-detail", "attempts"),
    Entry("api:job-changes", "work", query=from_the_beginning),
    listing("api:key-list", "keys"),
    Entry("api:me-storage", "photos albums trash"),
    listing("api:notice-list", "notices"),
    listing("api:person-list", "people", queries=8),
    listing("api:photo-list", "photos", queries=8),
    listing("api:photo-list", "photos", q="beach", state="colored", variant="artistic", queries=8),
    Entry("api:photo-detail", "people tags"),
    Entry("api:photo-detail", "versions", "collector", "varied", queries=8),
    listing("api:photo-colorizations", "versions", "collector", "varied", queries=5),
    listing("api:place-list", "photos", queries=7),
    listing("api:share-list", "shares"),
    Entry("api:shared", "photos", ANYBODY),
    listing("api:shared-photos", "photos", ANYBODY, queries=6),
    listing("api:tag-list", "tags", queries=8),
    Entry("api:timeline", "photos", queries=5),
    listing("api:trash", "trash"),
    Entry("api:trash-size", "trash"),
    listing("api:webhook-list", "webhooks"),
    listing("api:webhook-deliveries", "deliveries"),
]

NO_LISTS: Final = {
    "It is a file.": (
        "api:archive-file api:download-file api:photo-original api:photo-display "
        "api:photo-thumbnail api:photo-in-trash-thumbnail api:colorization-in-trash-thumbnail "
        "api:colorization-unadjusted api:colorization-reference api:colorization-image "
        "api:colorization-preview api:colorization-thumbnail api:colorization-film api:shared-file"
    ),
    "It is a stream that ends after minutes: of each change it says what job-changes says.": (
        "api:job-events"
    ),
    "It is about one thing: it lists nothing.": (
        "api:section-detail api:colorization-detail api:colorization-adjustments "
        "api:delivery-detail api:download-detail api:key-detail api:limits api:me "
        "api:person-detail api:share-detail api:tag-detail api:upload-detail "
        "api:webhook-detail"
    ),
}
