"""How often a person may do what costs something. Pages and API share the count, and so do all processes.

allauth counts, in the cache, as it does for signing up and logging in; the limits are in the settings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from allauth.core import ratelimit
from django.conf import settings
from django.http import HttpRequest, HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])

SECONDS: Final = {"m": 60, "h": 3600}


class TooManyRequestsError(Exception):
    """The person has done it as often as one may.

    Attributes:
        retry_after: seconds after which it is possible again for certain.
    """

    def __init__(self, action: str) -> None:
        super().__init__(action)
        period = settings.ACCOUNT_RATE_LIMITS[action].split("/")[1]
        self.retry_after = SECONDS[period]


def consume(request: HttpRequest, action: str, number: int = 1) -> None:
    """Count what is about to be done, `number` times.

    Raises:
        TooManyRequestsError: it must not be done now.
    """
    for _ in range(number):
        if not ratelimit.consume(request, action=action):
            raise TooManyRequestsError(action)


def refuse(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
    """The page that says so; a middleware (`colorsite.bad_requests`) answers with it."""
    response: HttpResponse = ratelimit.respond_429(request)
    response["Retry-After"] = str(error.retry_after)
    return response


def limited(action: str) -> Callable[[View], View]:
    """For a page: each request that changes something counts."""

    def decorate(view: View) -> View:
        @wraps(view)
        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            consume(request, action, number=request.method == "POST")
            return view(request, *args, **kwargs)

        return respond  # type: ignore[return-value]

    return decorate
