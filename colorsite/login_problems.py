"""Errors of allauth's addresses for apps are problem details (RFC 9457), too. What allauth says stays in them.

401 with `flows` is none: it says what the next step of logging in is, and logging out ends with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from colorsite.errors import HEADLESS
from gallery.api.problems import MEDIA_TYPE, ProblemCode, problem

GetResponse = Callable[[HttpRequest], HttpResponse]

JSON: Final = "application/json"
# allauth counts in minutes, hours and days, and does not say which was exceeded.
RETRY_SECONDS: Final = 60
# What allauth says by a status alone.
CODES: Final = {
    HTTPStatus.UNAUTHORIZED: ProblemCode.NOT_AUTHENTICATED,
    HTTPStatus.FORBIDDEN: ProblemCode.PERMISSION_DENIED,
    HTTPStatus.NOT_FOUND: ProblemCode.NOT_FOUND,
    HTTPStatus.CONFLICT: ProblemCode.CONFLICT,
    HTTPStatus.GONE: ProblemCode.AUTHENTICATION_FAILED,
    HTTPStatus.TOO_MANY_REQUESTS: ProblemCode.THROTTLED,
}
TEXTS: Final = {
    HTTPStatus.UNAUTHORIZED: _("Log in first."),
    HTTPStatus.FORBIDDEN: _("You don't have access."),
    HTTPStatus.NOT_FOUND: _("There is no such address."),
    HTTPStatus.CONFLICT: _(
        "This isn't available now: you're already logged in, or there is no pending step."
    ),
    HTTPStatus.GONE: _("The session token is not valid anymore: log in again."),
    HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests. Try again later."),
}


def problems_at_login(get_response: GetResponse) -> GetResponse:
    """Middleware, outside of all that refuse requests."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(HEADLESS) and _is_error(response):
            _make_problem(response)
        return response

    return respond


def _is_error(response: HttpResponse) -> bool:
    is_json = response.get("Content-Type") == JSON and response.content
    return bool(is_json) and response.status_code >= HTTPStatus.BAD_REQUEST


def _make_problem(response: HttpResponse) -> None:
    said = json.loads(response.content)
    if response.status_code == HTTPStatus.UNAUTHORIZED and "flows" in said.get("data", {}):
        return
    response.content = json.dumps(_problem(HTTPStatus(response.status_code), said))
    response["Content-Type"] = MEDIA_TYPE
    response["Content-Length"] = str(len(response.content))
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.setdefault("Retry-After", str(RETRY_SECONDS))


def _problem(status: HTTPStatus, said: dict[str, Any]) -> dict[str, Any]:
    errors = [_as_of_field(error) for error in said.get("errors", [])]
    detail = " ".join(error["detail"] for error in errors) or str(TEXTS.get(status, status.phrase))
    members = problem(status, _code(status, errors), detail)
    return members | said | ({"errors": errors} if errors else {})


def _code(status: HTTPStatus, errors: list[dict[str, Any]]) -> str:
    """What was refused before allauth saw it has a code of the API; what allauth refuses is in the fields."""
    codes = {error["code"] for error in errors}
    known = codes.intersection(ProblemCode.values) if len(codes) == 1 else set()
    return CODES.get(status) or (known.pop() if known else ProblemCode.INVALID)


def _as_of_field(error: dict[str, Any]) -> dict[str, Any]:
    """An error as allauth says it, and with the members that the API's have."""
    field = error.get("param", "non_field_errors")
    return {**error, "field": field, "detail": error["message"]}
