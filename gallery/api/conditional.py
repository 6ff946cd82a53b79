"""Conditional requests (RFC 9110): JSON that a client has is not sent again, and what changed is not overwritten.

An ETag is a digest of the whole JSON. Compression makes it weak, so that If-Match takes weak ones, too.
"""

from __future__ import annotations

import hashlib
from http import HTTPMethod, HTTPStatus
from typing import Any, Final, cast

from django.http.response import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import parse_etags, quote_etag
from drf_spectacular.utils import OpenApiParameter
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from gallery.api.problems import PreconditionFailed, problem_response

# What a 304 keeps of the response beside what Django keeps.
KEPT_HEADERS: Final = ("Retry-After", "Preference-Applied")
IF_NONE_MATCH: Final = OpenApiParameter(
    "If-None-Match",
    location=OpenApiParameter.HEADER,
    description="The ETag of what you have: 304 when it is still the same.",
)
IF_MATCH: Final = OpenApiParameter(
    "If-Match",
    location=OpenApiParameter.HEADER,
    description="The ETag of what you have seen: 412 when it has changed since.",
)
WRITES: Final = (HTTPMethod.PUT, HTTPMethod.PATCH, HTTPMethod.DELETE)


def is_conditional_write(method: str | None, headers: Any) -> bool:
    return method in WRITES and "If-Match" in headers


def require_match(request: Request, current: str | None) -> None:
    """
    Raises:
        PreconditionFailed: If-Match names other states than the current one.
    """
    named = [_strong(etag) for etag in parse_etags(request.headers["If-Match"])]
    if current is None or (named != ["*"] and current not in named):
        raise PreconditionFailed


def etag_of(content: bytes) -> str:
    return quote_etag(hashlib.blake2b(content, digest_size=16).hexdigest())


def answer(request: Request, response: Response) -> Response:
    """The response to a GET, or that the client has it already."""
    if not has_state(request, response):
        return response
    response.render()
    return cast("Response", compared(request, response))


def compared(request: Request, response: HttpResponse) -> HttpResponseBase:
    """A response to a GET with its ETag, or that the client has it already."""
    etag = response["ETag"] = etag_of(response.content)
    django_request = request._request  # noqa: SLF001  (Django's own)
    final = cast("HttpResponseBase", get_conditional_response(django_request, etag, None, response))
    if final.status_code == HTTPStatus.PRECONDITION_FAILED:
        code, detail = PreconditionFailed.default_code, PreconditionFailed.default_detail
        final = problem_response(final.status_code, code, str(detail))
    _keep_headers(response, final)
    return final


def _strong(etag: str) -> str:
    return etag.removeprefix("W/")


def has_state(request: Request, response: Any) -> bool:
    is_json = isinstance(response, Response) and response.data is not None
    return is_json and request.method in SAFE_METHODS and response.status_code == HTTPStatus.OK


def _keep_headers(response: HttpResponseBase, final: HttpResponseBase) -> None:
    for name in KEPT_HEADERS:
        if name in response:
            final[name] = response[name]
