"""The site has one address, SITE_URL: whatever a visitor's header Host says, links and redirects lead there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# Load balancers ask by the machine's address, of which the site knows nothing. There are no links in these.
ANY_HOST: Final = ("/healthz", "/readyz", "/metrics")


def links_from_site_url(get_response: GetResponse) -> GetResponse:
    """Middleware. A name that is not allowed is refused; an allowed one becomes that of SITE_URL."""

    def with_own_host(request: HttpRequest) -> HttpResponse:
        if request.path not in ANY_HOST:
            _rename_origin(request, request.get_host())
        request.META["HTTP_HOST"] = settings.SITE_HOST
        return get_response(request)

    return with_own_host


def _rename_origin(request: HttpRequest, host: str) -> None:
    """A form that was sent from where it goes to is the site's own, by whichever of its names."""
    if request.META.get("HTTP_ORIGIN") == f"{request.scheme}://{host}":
        request.META["HTTP_ORIGIN"] = settings.SITE_URL
