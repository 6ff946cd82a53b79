"""The language of a response: what the person chose, or else what the browser asks for."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

GetResponse = Callable[[HttpRequest], HttpResponse]


def as_the_browser_asks(get_response: GetResponse) -> GetResponse:
    """Middleware; outermost, so that refusals are in that language, too, and the next request in its own."""

    def respond(request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = get_response(request)
            if "public" not in response.headers.get("Cache-Control", ""):  # files are in none
                response["Content-Language"] = translation.get_language() or ""
        return response

    return respond


def as_the_person_chose(get_response: GetResponse) -> GetResponse:
    """Middleware; after that which knows the user."""

    def respond(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
        return get_response(request)

    return respond
