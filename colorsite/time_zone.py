"""Times on pages are those of the reader's clock: the browser names its zone in a cookie (static/js/site.js)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponse]

COOKIE: Final = "timezone"
NO_PLACES: Final = {"Factory", "localtime"}
"""Files beside the zones: for machines that are not set up, and this machine's own zone."""
FOR_PROGRAMS: Final = ("/api/", "/_allauth/")


def as_the_browser_names_it(get_response: GetResponse) -> GetResponse:
    """Middleware. Programs are always told UTC."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(FOR_PROGRAMS):
            return get_response(request)
        with timezone.override(zone_of(request)):
            return get_response(request)

    return respond


def zone_of(request: HttpRequest) -> ZoneInfo | None:
    """None where the browser has not named one that there is: UTC, then."""
    name = request.COOKIES.get(COOKIE)
    return ZoneInfo(name) if name in known_zones() else None


@cache
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - NO_PLACES
