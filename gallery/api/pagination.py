"""Long lists come in pages, newest first; a cursor stays right while photos are added."""

from __future__ import annotations

from rest_framework.pagination import CursorPagination


class NewestFirstPagination(CursorPagination):
    ordering = ("-created_at", "id")
    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"


class LatestJobFirstPagination(NewestFirstPagination):
    ordering = ("-queued_at", "id")
