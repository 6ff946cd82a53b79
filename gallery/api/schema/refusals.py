"""Which problems an operation can answer with: most of it follows from what the operation is."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from filestore.upload_handler import max_files
from gallery.api.problems import PHRASES

TEXTS: Final[dict[int, str]] = {
    400: "Something in the request is wrong: see `code`, and `errors` where it is `invalid`.",
    401: "Nobody is logged in, or the token or key is not valid anymore.",
    403: "You are known, but may not do this: see `code`.",
    404: "It is not there, or not yours.",
    406: "Responses are JSON only.",
    408: "The request came too slowly.",
    409: "Not in this state, or not while the first of two such requests is worked on: see `code`.",
    412: "A condition of the request does not hold: see `code`.",
    413: "The request, or the file, has too many bytes.",
    415: "This content type, or this kind of file, is not accepted.",
    416: "The file has no such bytes.",
    422: "The Idempotency-Key was sent with another request.",
    429: "Too many requests, or too many open jobs: see `code`.",
    460: "Other bytes have come than the checksum says.",
    500: "Something broke on our side.",
    503: "The site is busy: try again.",
    507: "There is no room left in your storage.",
}


def name_of(status: int) -> str:
    """Of the component that describes it."""
    phrase = PHRASES.get(status) or HTTPStatus(status).phrase
    return "".join(word.capitalize() for word in phrase.split())


def statuses(view: APIView, method: str, operation: dict[str, Any]) -> Iterator[int]:
    yield 400
    if method == "POST":
        yield from _of_post(view)
    yield from _of_authentication(view)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        yield 404
    if getattr(view, "pagination_class", None) and _is_paginated(operation):
        yield 404
    if method == "GET" or _takes(operation, "If-Match"):
        yield 412
    if view.content_negotiation_class is DefaultContentNegotiation:
        yield 406
    if method == "POST" or "requestBody" in operation:
        yield from (408, 413, 415)
    types = operation.get("requestBody", {}).get("content", ())
    if "multipart/form-data" in types and max_files(type(view)):
        yield 507
    if "206" in operation["responses"]:
        yield from (412, 416)
    if view.get_throttles():
        yield 429
    yield from (500, 503)


def _of_post(view: APIView) -> Iterator[int]:
    yield 404  # an account that goes meanwhile
    if keeps_answers(view):
        yield from (409, 422)  # of Idempotency-Key


def keeps_answers(view: APIView) -> bool:
    return bool(getattr(view, "keeps_answers", False))


def _of_authentication(view: APIView) -> Iterator[int]:
    if view.get_authenticators():
        yield 401
    if not any(isinstance(permission, AllowAny) for permission in view.get_permissions()):
        yield 403


def _takes(operation: dict[str, Any], name: str) -> bool:
    return any(parameter["name"] == name for parameter in operation.get("parameters", []))


def _is_paginated(operation: dict[str, Any]) -> bool:
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    return bool(names & {"cursor", "page"})
