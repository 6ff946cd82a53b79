"""Expensive requests have rate limits of their own, which are in the settings.

How far somebody is with them, responses tell as draft-ietf-httpapi-ratelimit-headers-10 has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from django.core.cache import caches
from django.utils.connection import ConnectionProxy
from rest_framework.exceptions import Throttled
from rest_framework.throttling import BaseThrottle, UserRateThrottle

from accounts import rates

if TYPE_CHECKING:
    # REST framework's views import this module through the settings.
    from rest_framework.request import Request
    from rest_framework.views import APIView


class UserThrottle(UserRateThrottle):
    """All requests count, so each process counts its own: the shared cache may be a database."""

    cache = ConnectionProxy(caches, "process")  # type: ignore[assignment]  # stands for a cache
    counted: Final = "requests"
    num_requests: int
    duration: int

    def allowances(self) -> list[rates.Allowance]:
        times: list[float] | None = getattr(self, "history", None)
        if times is None:
            return []
        return [rates.allowance(self.counted, self.num_requests, self.duration, times)]


MAKING: Final = ("POST", "PUT")


class MakingThrottle(BaseThrottle):
    """Requests that make something count for the `throttle_scope` of the view, as on the pages."""

    _wait: int | None = None
    _allowances: Sequence[rates.Allowance] = ()

    def allow_request(self, request: Request, view: APIView) -> bool:
        scope = getattr(view, "throttle_scope", None)
        if request.method not in MAKING or not scope:
            return True
        asked = request._request  # noqa: SLF001  (Django's own, which allauth knows)
        try:
            rates.consume(asked, scope)
        except rates.TooManyRequestsError as error:
            self._wait = error.retry_after
        self._allowances = rates.allowances(asked, scope)
        return self._wait is None

    def wait(self) -> int | None:
        return self._wait

    def allowances(self) -> Sequence[rates.Allowance]:
        return self._allowances


def count_jobs(request: Request, number: int) -> None:
    """As if each had been asked for by itself."""
    try:
        rates.consume(request._request, "job", number)  # noqa: SLF001  (Django's own)
    except rates.TooManyRequestsError as error:
        raise Throttled(error.retry_after) from error


def rate_headers(throttles: Iterable[UserThrottle | MakingThrottle]) -> dict[str, str]:
    """Of what has been counted for a request."""
    allowances = [each for throttle in throttles for each in throttle.allowances()]
    if not allowances:
        return {}
    return {
        "RateLimit-Policy": ", ".join(
            f'"{it.name}";q={it.amount};w={it.seconds}' for it in allowances
        ),
        "RateLimit": ", ".join(f'"{it.name}";r={it.left};t={it.reset}' for it in allowances),
    }
