"""Errors that Django reports: problem details below /api/, pages elsewhere, and below /_allauth/ allauth's JSON.

That becomes problem details in `login_problems`, with what allauth itself refuses. None of these reads the body
again, which may be what the error is about.
"""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from filestore.errors import StorageUnavailableError
from gallery.api.problems import ProblemCode, problem_response, refusal

API = "/api/"
HEADLESS = "/_allauth/"
AWAY: Final = (OperationalError, InterfaceError, StorageUnavailableError)
RETRY_SECONDS: Final = 5
MAIL_RETRY_SECONDS: Final = 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    status = HTTPStatus.BAD_REQUEST
    return _respond(request, status, ProblemCode.PARSE_ERROR, refusal(exception))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = _("You don't have access.")
    return _respond(request, HTTPStatus.FORBIDDEN, ProblemCode.PERMISSION_DENIED, detail)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _respond(
        request, HTTPStatus.NOT_FOUND, ProblemCode.NOT_FOUND, _("There is no such address.")
    )


def not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    """
    Args:
        allow: the methods that the address knows, as in the header of that name.
    """
    detail = _("This address knows %(methods)s only.") % {"methods": allow}
    status = HTTPStatus.METHOD_NOT_ALLOWED
    response = _respond(request, status, ProblemCode.METHOD_NOT_ALLOWED, detail)
    response["Allow"] = allow
    return response


def session_ended(request: HttpRequest) -> HttpResponse:
    """By another request, while an app used it."""
    detail = _("The session token is not valid anymore: log in again.")
    return _respond(request, HTTPStatus.GONE, ProblemCode.AUTHENTICATION_FAILED, detail)


def mail_not_sent(request: HttpRequest) -> HttpResponse:
    """What the message was about is not done either."""
    detail = _("We couldn't send the email. Try again in a few minutes.")
    response = _respond(request, HTTPStatus.SERVICE_UNAVAILABLE, ProblemCode.BUSY, detail)
    response["Retry-After"] = str(MAIL_RETRY_SECONDS)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody expected, which Django logs. A database, Redis or storage that is away comes back."""
    if isinstance(sys.exception(), _away()):
        return _unavailable(request)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = _("Something broke on our side; it has been logged.")
    return _respond(request, status, ProblemCode.INTERNAL_ERROR, detail, is_broken=True)


def _away() -> tuple[type[Exception], ...]:
    if "redis" not in settings.Q_CLUSTER:
        return AWAY
    from redis import ConnectionError, TimeoutError  # noqa: A004, PLC0415  (as in jobs.broker)

    return (*AWAY, ConnectionError, TimeoutError)


def _unavailable(request: HttpRequest) -> HttpResponse:
    detail = _("The site is not available right now. Try again in a moment.")
    status = HTTPStatus.SERVICE_UNAVAILABLE
    response = _respond(request, status, ProblemCode.BUSY, detail, is_broken=True)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _respond(
    request: HttpRequest, status: HTTPStatus, code: str, detail: str, *, is_broken: bool = False
) -> HttpResponse:
    if request.path.startswith(API):
        return problem_response(status, code, detail)
    if request.path.startswith(HEADLESS):
        errors = [{"code": str(code), "message": detail}]
        return JsonResponse({"status": status, "errors": errors}, status=status)
    if is_broken:  # it may be what other pages need
        return HttpResponse(render_to_string("500.html", {"status": status.value}), status=status)
    return render(request, f"{status}.html", {"detail": detail}, status=status)
