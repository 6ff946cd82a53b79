"""Expensive requests have rate limits of their own, which are in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.throttling import BaseThrottle, UserRateThrottle

from accounts import rates

if TYPE_CHECKING:
    # REST framework's views import this module through the settings.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class UserThrottle(UserRateThrottle):
    """All requests count, so each process counts its own: the shared cache may be a database."""

    cache = ConnectionProxy(caches, "process")  # type: ignore[assignment]  # stands for a cache


class PostThrottle(BaseThrottle):
    """Requests that create something count for the `throttle_scope` of the view, as on the pages."""

    _wait: int | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if request.method != "POST" or not scope:
            return True
        try:
            rates.consume(request._request, scope)  # noqa: SLF001  (Django's own, which allauth knows)
        except rates.TooManyRequestsError as error:
            self._wait = error.retry_after
            return False
        return True

    def wait(self) -> int | None:
        return self._wait
