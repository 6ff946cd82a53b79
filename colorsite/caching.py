"""Nothing personal is kept by a cache, nor shown by going back in a browser after logging out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

# What a response depends on: who asks, in which way, in which language, and whether for a page or a part of it.
VARY = ("Cookie", "X-Session-Token", "Authorization", "Accept-Language", "HX-Request")


def private_unless_said(get_response: GetResponse) -> GetResponse:
    """Middleware, outside of all that respond. Static and stored files say for themselves what holds for them.

    Pages for everybody are no exception: each has a form with a token against forgery.
    """

    def with_cache_control(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if "private" in response["Cache-Control"]:
            patch_vary_headers(response, VARY)
        return response

    return with_cache_control
