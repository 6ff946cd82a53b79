"""How often a person may do what costs something. Pages and API share the count, and so do all processes.

allauth counts, in the cache, as it does for signing up and logging in; the limits are in the settings.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, TypeVar

from allauth.core import ratelimit
from allauth.core.internal import ratelimit as counting
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

# Under which allauth counts.
APP: Final = "allauth.account"
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


def consume(request: HttpRequest, action: str, number: int = 1, *, key: str = "") -> None:
    """Count what is about to be done, `number` times.

    Args:
        key: what rates "per key" count for.

    Raises:
        TooManyRequestsError: it must not be done now.
    """
    for rate in counting.parse_rates(settings.ACCOUNT_RATE_LIMITS.get(action)):
        counted = counting.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        with counting.cache_lock(counted) as is_locked:
            if not (is_locked and _fits(counted, rate, number)):
                raise TooManyRequestsError(action)


def give_back(request: HttpRequest, action: str, *, key: str = "") -> None:
    """Take back the last that `consume` counted: it was none of those that are to be few."""
    for rate in counting.parse_rates(settings.ACCOUNT_RATE_LIMITS.get(action)):
        counted = counting.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        with counting.cache_lock(counted) as is_locked:
            if is_locked:
                history: list[float] = cache.get(counted, [])
                cache.set(counted, history[1:], rate.duration)


def _fits(key: str, rate: counting.Rate, number: int) -> bool:
    """Whether so many more are within the rate, and then they are counted."""
    history: list[float] = cache.get(key, [])
    for _ in range(number):
        allowed, history = counting.apply_rate(history, time.time(), rate)
        if not allowed:
            return False
    cache.set(key, history, rate.duration)
    return True


@dataclass(frozen=True)
class Allowance:
    """How far somebody is with what one may do.

    Attributes:
        name: of what is counted.
        amount: how often one may do it within `seconds`.
        left: how often now.
        reset: seconds until it is at least once more.
    """

    name: str
    amount: int
    seconds: int
    left: int
    reset: int


def allowance(name: str, amount: int, seconds: float, times: Sequence[float]) -> Allowance:
    """
    Args:
        times: when it was done, the newest first.
    """
    recent = [moment for moment in times if moment > time.time() - seconds]
    reset = recent[-1] + seconds - time.time() if recent else seconds
    return Allowance(name, amount, int(seconds), max(0, amount - len(recent)), math.ceil(reset))


def limits(action: str) -> list[counting.Rate]:
    """How often it may be done: `amount` times within `duration` seconds."""
    found: list[counting.Rate] = counting.get_rates(app=APP, action=action)
    return found


def allowances(request: HttpRequest, action: str) -> list[Allowance]:
    """Of the person who asks; what `consume` counted is counted."""
    return [
        allowance(action, rate.amount, rate.duration, _times(request, action, rate))
        for rate in limits(action)
    ]


def _times(request: HttpRequest, action: str, rate: counting.Rate) -> list[float]:
    key = counting.get_cache_key(request, app=APP, action=action, rate=rate)
    times: list[float] = cache.get(key, [])
    return times


def refuse(request: HttpRequest, error: TooManyRequestsError) -> HttpResponse:
    """The page that says so; a middleware (`colorsite.bad_requests`) answers with it."""
    response: HttpResponse = ratelimit.respond_429(request)
    response["Retry-After"] = str(error.retry_after)
    return response


def limited(action: str) -> Callable[[View], View]:
    """For a page: each request that changes something counts."""

    def decorate(view: View) -> View:
        @wraps(view)
        def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                consume(request, action)
            return view(request, *args, **kwargs)

        return respond  # type: ignore[return-value]

    return decorate
