"""Lists are paginated, newest first; cursors stay valid while photos are added."""

from __future__ import annotations

from typing import Any, Final

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

from gallery.moments import parse_moment

PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200


class NewestFirstPagination(CursorPagination):
    ordering = ("-created_at", "id")
    page_size = PAGE_SIZE
    max_page_size = MAX_PAGE_SIZE
    page_size_query_param = "page_size"

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and parse_moment(str(cursor.position)) is None:
            raise NotFound(self.invalid_cursor_message)
        return cursor


class NewestPhotosPagination(NewestFirstPagination):
    # None: photos that were uploaded together have one time, however many they are.
    offset_cutoff = 0

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Keys are sorted alone, and whole rows read of the page only: there are many more than are shown."""
        columns = {name.lstrip("-") for name in self.ordering}
        keys = queryset.prefetch_related(None).values("pk", *columns)
        page: list[dict[str, Any]] | None = super().paginate_queryset(keys, request, view)
        if page is None:
            return None
        found = queryset.in_bulk([each["pk"] for each in page])
        return [found[each["pk"]] for each in page if each["pk"] in found]


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
