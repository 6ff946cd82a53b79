"""The content type of a request, which Django reads before any middleware, and without a net."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any, Final

from django.utils.http import parse_header_parameters

WSGIApplication = Callable[[dict[str, Any], Callable[..., Any]], Any]

UNREADABLE: Final = "colorsite.unreadable_content_type"
ENCODINGS: Final = ("utf-8", "ascii")


def with_readable_content_type(application: WSGIApplication) -> WSGIApplication:
    """One that Django cannot read is put aside, for `bad_requests` to refuse."""

    def application_without(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        content_type = environ.get("CONTENT_TYPE", "")
        if not _is_readable(content_type):
            environ.update({"CONTENT_TYPE": "", UNREADABLE: content_type})
        return application(environ, start_response)

    return application_without


def _is_readable(content_type: str) -> bool:
    try:
        parameters = parse_header_parameters(content_type)[1]
        return codecs.lookup(parameters.get("charset", "utf-8")).name in ENCODINGS
    except (LookupError, TypeError, ValueError):  # TypeError: of Python's email package
        return False
