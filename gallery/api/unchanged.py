"""The short way of a conditional GET: nothing of the viewer's was written since the JSON was built last.

Each process remembers what it has sent, for a while: a new release begins anew, and no GET writes to a database.
"""

from __future__ import annotations

import hashlib
from http import HTTPMethod, HTTPStatus
from typing import Final, NamedTuple, cast

from django.core.cache import caches
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_http_date_safe
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from gallery.api.responses import ResponseKnownError
from gallery.changes import State

CACHE: Final = "unchanged"
READING: Final = (HTTPMethod.GET, HTTPMethod.HEAD)
LAST_MODIFIED: Final = "Last-Modified"
IF_MODIFIED_SINCE: Final = OpenApiParameter(
    "If-Modified-Since",
    location=OpenApiParameter.HEADER,
    description="The Last-Modified of what you have, as it was sent. If-None-Match goes before it.",
)


class Sent(NamedTuple):
    """
    Attributes:
        number: of `State`, read before the JSON was built.
    """

    number: int
    etag: str


def raise_if_unchanged(request: Request, state: State) -> None:
    """
    Raises:
        ResponseKnownError: what was sent is as it was, and is what the client has.
    """
    sent: Sent | None = caches[CACHE].get(_key(request))
    if sent is None or sent.number != state.number:
        return
    response = HttpResponse(headers={"ETag": sent.etag, LAST_MODIFIED: last_modified(state)})
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    # The very time that was sent: of another one nobody knows what was to be seen then.
    known = state.changed_at if since == state.changed_at else None
    django_request = request._request  # noqa: SLF001  (Django's own)
    final = cast(
        "HttpResponseBase", get_conditional_response(django_request, sent.etag, known, response)
    )
    if final.status_code == HTTPStatus.NOT_MODIFIED:
        raise ResponseKnownError(final)


def remember(request: Request, state: State, etag: str) -> None:
    caches[CACHE].set(_key(request), Sent(state.number, etag))


def last_modified(state: State) -> str:
    """The second before, as long as another change may have the same one: that date holds for no later request."""
    return http_date(state.changed_at if state.is_settled else state.changed_at - 1)


def _key(request: Request) -> str:
    """All that JSON depends on beside the viewer's rows."""
    of_credentials = (type(request.auth).__name__, getattr(request.auth, "scope", ""))
    asked = (request.build_absolute_uri(), request.accepted_media_type, get_language())
    parts = (request.user.pk, request.user.is_staff, *of_credentials, *asked)
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()
