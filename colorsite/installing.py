"""What makes the site one that can be installed: its manifest, and a page that is there without a line."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Of tokens.css: `--paper`.
PAPER = "#f6f5f2"
# Asked for each time: an old one would go on with files that are there no more.
fresh = cache_control(public=True, no_cache=True)


@fresh
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "id": "/",
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "description": _("Black-and-white photos in color."),
            "lang": get_language(),
            "start_url": reverse("gallery:home"),
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [
                icon("icon-192.png", "192x192"),
                icon("icon-512.png", "512x512"),
                icon("icon-maskable-512.png", "512x512", purpose="maskable"),
            ],
        },
        content_type="application/manifest+json",
    )


def icon(name: str, sizes: str, purpose: str = "any") -> dict[str, str]:
    return {
        "src": static(f"icons/{name}"),
        "sizes": sizes,
        "type": "image/png",
        "purpose": purpose,
    }


@fresh
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root: a service worker is for what lies beside and below it."""
    return render(request, "service-worker.js", content_type="text/javascript")


@fresh
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: a browser keeps it, whoever is logged in."""
    return render(request, "offline.html")
