"""Lists are paginated, newest first; cursors stay valid while photos are added."""

from __future__ import annotations

from typing import Any, Final, cast

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from colorizer.models import Colorization
from gallery.moments import parse_moment

PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
RANKED: Final[tuple[str, ...]] = ("rank",)
RANK_DIGITS: Final = 9
"""Of the rank of a photo in its album, at most."""


class NewestFirstPagination(CursorPagination):
    ordering: tuple[str, ...] = ("-created_at", "id")
    page_size = PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor

    def is_position(self, text: str) -> bool:
        return parse_moment(text) is not None


class KeysFirstPagination(NewestFirstPagination):
    """Keys are sorted alone, and whole rows read of the page only: there are many more than are shown."""

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        ordering = self.get_ordering(request, queryset, cast("APIView", view))
        columns = {name.lstrip("-") for name in ordering}
        keys = queryset.prefetch_related(None).values("pk", *columns)
        page: list[dict[str, Any]] | None = super().paginate_queryset(keys, request, view)
        if page is None:
            return None
        found = self.rows(queryset).in_bulk([each["pk"] for each in page])
        return [found[each["pk"]] for each in page if each["pk"] in found]

    def rows(self, queryset: Any) -> Any:
        """Where the rows of the keys are read."""
        return queryset


class NewestPhotosPagination(KeysFirstPagination):
    # Photos that were uploaded together have one time, however many they are; no database skips any number.
    offset_cutoff = 10_000_000


class NewestColorizationsPagination(KeysFirstPagination):
    def rows(self, queryset: Any) -> Any:
        """What the keys were found by is not asked again: it may be as many keys."""
        return Colorization.objects.select_related("source__photo", "result")


class AlbumPhotosPagination(NewestPhotosPagination):
    """Newest first, or by the `rank` that the query gives each photo."""

    def get_ordering(self, request: Request, queryset: Any, view: APIView) -> tuple[str, ...]:
        return RANKED if "rank" in queryset.query.annotations else self.ordering

    def is_position(self, text: str) -> bool:
        if self.ordering == RANKED:
            return text.isdecimal() and len(text) <= RANK_DIGITS
        return super().is_position(text)


class NewestJobsPagination(NewestFirstPagination):
    """A job that is retried is new again."""

    ordering = ("-queued_at", "id")


class NewestPublishedPagination(NewestFirstPagination):
    ordering = ("-published_at", "id")


class NumberedPagination(PageNumberPagination):
    """For what has no order of its own by creation."""

    page_size = PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"
