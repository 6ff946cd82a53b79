"""The headers of responses that a client needs, by what the response is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

HEADERS: Final[dict[str, tuple[dict[str, Any], str]]] = {
    "Accept-Ranges": ({"type": "string", "enum": ["bytes"]}, "Parts of the file may be asked for."),
    "Content-Disposition": ({"type": "string"}, "What to call the file."),
    "Content-Range": ({"type": "string"}, "Which bytes of how many these are."),
    "ETag": ({"type": "string"}, "For If-None-Match and If-Range; changes only with the content."),
    "Idempotency-Replayed": (
        {"type": "string", "enum": ["true"]},
        "The request was answered before: this is that answer again.",
    ),
    "Last-Modified": (
        {"type": "string"},
        "When the file was made, or anything of yours changed last, as an HTTP date.",
    ),
    "Location": ({"type": "string", "format": "uri-reference"}, "The address of what was made."),
    "Preference-Applied": ({"type": "string"}, "The request waited, as Prefer asked for."),
    "RateLimit": ({"type": "string"}, "How much is left of each rate, and seconds until more is."),
    "RateLimit-Policy": ({"type": "string"}, "How much each rate allows in how many seconds."),
    "Retry-After": ({"type": "integer", "minimum": 0}, "Seconds to wait before asking again."),
    "Tus-Resumable": ({"type": "string", "enum": ["1.0.0"]}, "The version of tus."),
    "Tus-Version": (
        {"type": "string", "enum": ["1.0.0"]},
        "The only version that this site speaks.",
    ),
    "Upload-Expires": ({"type": "string"}, "When what has come is deleted, as an HTTP date."),
    "Upload-Length": ({"type": "integer", "minimum": 1}, "How many bytes the whole file has."),
    "Upload-Metadata": ({"type": "string"}, "As it was sent when the upload began."),
    "Upload-Offset": ({"type": "integer", "minimum": 0}, "How many bytes have come."),
    "WWW-Authenticate": ({"type": "string"}, "How to authenticate."),
}

OF_REFUSALS: Final[dict[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    409: ("Retry-After",),
    412: ("ETag", "Tus-Version"),
    416: ("Content-Range", "ETag"),
    429: ("RateLimit", "RateLimit-Policy", "Retry-After"),
    503: ("Retry-After",),
}
"""By status."""

OF_FILES: Final = ("Accept-Ranges", "Content-Disposition", "ETag", "Last-Modified")
OF_RATES: Final = ("RateLimit", "RateLimit-Policy")


def described(name: str) -> dict[str, Any]:
    schema, description = HEADERS[name]
    return {"description": description, "schema": dict(schema)}


def of_response(status: str, method: str, properties: set[str], others: set[str]) -> Iterator[str]:
    """Names of the headers of a response that succeeded.

    Args:
        properties: of the object that it holds.
        others: the other statuses that the operation may have.
    """
    if "206" in {status, *others}:
        yield from OF_FILES
        if status == "206":
            yield "Content-Range"
    elif "304" in {status, *others}:
        yield "ETag"
        if status == "304":
            yield "Retry-After"
    makes = status in {"201", "202"} or (status == "200" and "202" in others)
    if makes and "url" in properties:
        yield "Location"
    if "finished_at" in properties and (status == "202" or method == "GET"):
        yield "Retry-After"
