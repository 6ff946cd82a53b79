"""Answers that come when something has happened: `Prefer: wait=30` (RFC 7240).

The web server suspends the request, which is made again afterwards. Any other server answers at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable
from http import HTTPMethod
from typing import Final, Protocol

from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from jobs.changes import is_other_now
from jobs.models import Job

SUSPENSION: Final = "tintype.suspension"
"""Where a WSGI environment has a Suspension."""
MAX_SECONDS: Final = 30
WAIT: Final = re.compile(r'(?:^|,)\s*wait\s*=\s*"?(\d{1,9})"?\s*(?=[,;]|$)', re.IGNORECASE)

PREFER = OpenApiParameter(
    "Prefer",
    location=OpenApiParameter.HEADER,
    description="wait=30: answer when something has changed, after so many seconds at the latest.",
)
WAITED: Final = {"GET": ("Preference-Applied",)}
"""Headers of the response, for the schema."""


class Suspension(Protocol):
    """How a request is suspended while it waits for something: its response is dropped, and made again later.

    Attributes:
        waited: how long it was suspended at most, if it was.
    """

    waited: int | None

    def suspend(self, who: Hashable, seconds: int, has_happened: Callable[[], bool]) -> bool:
        """Drop the response and ask again when it has happened; False when too many wait."""

    @property
    def is_closing(self) -> bool:
        """Whether the web server is being stopped."""


def suspension_of(request: Request) -> Suspension | None:
    """None where another web server serves."""
    return request.META.get(SUSPENSION)


def when_happened(
    request: Request, response: Response, has_happened: Callable[[], bool], *, is_due: bool
) -> Response:
    """The response, later if the client prefers that.

    Args:
        is_due: there is nothing to wait for.
    """
    suspension, seconds = suspension_of(request), _preferred_seconds(request)
    if suspension is None or not seconds or not _may_be_made_again(request):
        return response
    if suspension.waited is not None:
        response["Preference-Applied"] = f"wait={suspension.waited}"
    elif not is_due:
        suspension.suspend(request.user.pk, seconds, has_happened)
    return response


def when_changed(request: Request, response: Response, job: Job) -> Response:
    """For a response that describes a job as it was read."""
    return when_happened(request, response, lambda: is_other_now(job), is_due=job.is_finished)


def _may_be_made_again(request: Request) -> bool:
    """A change with If-Match looks at its object as GET does: it is not to be done twice."""
    made = request._request.method  # noqa: SLF001  (Django's own, which no view overrides)
    return made in (HTTPMethod.GET, HTTPMethod.HEAD)


def _preferred_seconds(request: Request) -> int:
    preference = WAIT.search(request.headers.get("Prefer", ""))
    return min(int(preference[1]), MAX_SECONDS) if preference else 0
