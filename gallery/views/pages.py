"""Pages of long lists of photos."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Window

from gallery.models import PhotoQuerySet

MAX_DIGITS = 6


def page_of_keys(
    photos: PhotoQuerySet, per_page: int, number: str, *, is_costly: bool
) -> Page[Any]:
    """The keys of a page of photos.

    Args:
        is_costly: to find them takes longer than to sort all of them: they are counted by the same query.
    """
    pages = Paginator(photos.values_list("pk", flat=True), per_page)
    if not is_costly:
        return pages.get_page(number)
    asked = int(number) if number.isdecimal() and len(number) <= MAX_DIGITS else 1
    begin = (max(1, asked) - 1) * per_page
    counted = photos.annotate(total=Window(Count("pk"))).values_list("pk", "total")
    rows = list(counted[begin : begin + per_page])
    if rows:
        pages.count = rows[0][1]
    page = pages.get_page(number)
    # Otherwise there is no such page, and the first or the last is meant.
    if rows and page.start_index() == begin + 1:
        page.object_list = [key for key, _ in rows]
    return page
