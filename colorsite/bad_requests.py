"""Requests that cannot be meant are refused here, before views and the database see them."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.contrib.sessions.backends.base import UpdateError
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.utils.translation import gettext as _

from accounts import mail, rates
from colorsite import errors
from colorsite.content_type import UNREADABLE
from gallery.api.parsers import check_form, check_text, parse_json, unreadable_part
from jobs.errors import GoneError

UNREADABLE_PASSKEY: Final = (
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    struct.error,
)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class RefuseBadRequests:
    """Middleware; before all that reads cookies, and before the check of CSRF tokens, which reads forms."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if UNREADABLE in request.META:
            raise BadRequest(_("The content type cannot be read, or is not in UTF-8."))
        for text in _texts(request):
            check_text(text)
        method = request.method
        response = self._get_response(request)
        request.method = method
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return errors.not_allowed(request, response["Allow"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.path.startswith(errors.HEADLESS):
            return _prepare_headless(request, view)
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            _check_body(request)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What services say that no view has asked about before."""
        if isinstance(exception, GoneError):
            return errors.not_found(request, exception)
        if isinstance(exception, rates.TooManyRequestsError):
            return rates.refuse(request, exception)
        if isinstance(exception, mail.NotSentError):
            return errors.mail_not_sent(request)
        # Of pages, Django's middleware says it.
        if isinstance(exception, UpdateError) and request.path.startswith(errors.HEADLESS):
            request.session.flush()  # or it would be tried once more
            return errors.session_ended(request)
        is_refusal = isinstance(exception, ValidationError) or _is_no_passkey(request, exception)
        return errors.bad_request(request, exception) if is_refusal else None


def _is_no_passkey(request: HttpRequest, exception: Exception) -> bool:
    """allauth expects of a passkey that a browser wrote it, and some of what its library raises."""
    match = request.resolver_match
    is_asked = "credential" in request.POST or (match and "webauthn" in str(match.url_name))
    return bool(is_asked) and isinstance(exception, UNREADABLE_PASSKEY)


def _texts(request: HttpRequest) -> Iterator[str]:
    yield request.path_info
    for cookie in request.COOKIES.items():
        yield from cookie
    for name, values in request.GET.lists():
        yield from (name, *values)
    yield from (value for name, value in request.META.items() if name.startswith("HTTP_"))


def _check_body(request: HttpRequest) -> None:
    try:
        form = request.POST
    except TypeError as error:
        raise unreadable_part() from error
    check_form(form)


def _prepare_headless(request: HttpRequest, view: Any) -> HttpResponse | None:
    """What allauth's JSON views take for granted: a method that they know, and an object as the body."""
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return None
    methods = [name.upper() for name in view_class.http_method_names if hasattr(view_class, name)]
    allow = ", ".join(["HEAD", *methods] if "GET" in methods else methods)
    if request.method == "OPTIONS":
        return HttpResponse(headers={"Allow": allow})
    if request.method == "HEAD" and "GET" in methods:
        request.method = "GET"  # they would look for a body
    if request.method not in methods:
        return errors.not_allowed(request, allow)
    if request.method != "GET" and request.body and not isinstance(parse_json(request.body), dict):
        raise BadRequest(_("The body has to be a JSON object."))
    return None
