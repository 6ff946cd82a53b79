"""Expensive requests have rate limits of their own, which are in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.throttling import ScopedRateThrottle

if TYPE_CHECKING:
    # REST framework's views import this module through the settings.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class PostThrottle(ScopedRateThrottle):
    """Only requests that create something count for the scope of the view."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.method != "POST" or super().allow_request(request, view)
