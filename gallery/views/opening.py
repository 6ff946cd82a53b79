"""A link in a request: whom it makes a guest of, and what responses say to caches, robots and other sites."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from gallery import share_access, sharing
from gallery.models.shares import Guest, Share
from gallery.share_forms import UnlockForm

PROOF_COOKIE: Final = "share_access"
VISIT_COOKIE: Final = "share_visit"
VISIT_SECONDS: Final = 1800
"""Who comes back later than this makes another visit."""
FileView = Callable[..., HttpResponseBase]

# Nobody else is logged in on these pages, whoever looks: they show nothing of a visitor's own.
NOBODY: Final = AnonymousUser()


def guest_of(token: str) -> Guest:
    """
    Raises:
        Http404: revoked, expired or never there: nobody can tell which.
    """
    shares = Share.objects.live().select_related("owner", "album", "photo__album")
    return Guest(get_object_or_404(shares, token=token))


def is_unlocked(request: HttpRequest, guest: Guest) -> bool:
    return share_access.is_open(guest.share, request.COOKIES.get(PROOF_COOKIE, ""))


def shared_file(view: FileView) -> FileView:
    """For a view that takes a guest in the place of a token, and gives no page."""

    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        guest = guest_of(token)
        if not is_unlocked(request, guest):
            raise Http404(_("The link has a password."))
        return secluded(view(request, guest, **kwargs))

    return respond


def shared_page(view: FileView) -> FileView:
    """For a page: without the password it asks for it, and a link that opens nothing says so."""

    @wraps(view)
    def respond(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            guest = guest_of(token)
            if not is_unlocked(request, guest):
                return locked(request, guest, UnlockForm())
            return secluded(_counted(request, guest, view(request, guest, **kwargs)))
        except Http404:
            return gone(request)

    return respond


def gone(request: HttpRequest) -> HttpResponseBase:
    return secluded(render(request, "shared/gone.html", {"user": NOBODY}, status=404))


def locked(
    request: HttpRequest, guest: Guest, form: UnlockForm, status: int = 200
) -> HttpResponseBase:
    context = {"user": NOBODY, "share": guest.share, "form": form}
    page = render(request, "shared/locked.html", context, status=status)
    return secluded(with_form(page))


def secluded(response: HttpResponseBase) -> HttpResponseBase:
    """The address is a secret: no other site hears of it, and no search engine keeps it."""
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def with_form(response: HttpResponseBase) -> HttpResponseBase:
    """A form has to say which site it is of, else Django refuses it. Other sites do not hear of the address either."""
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def remember(response: HttpResponseBase, guest: Guest, name: str, value: str, age: float) -> None:
    """In this browser, for the pages of this share."""
    response.set_cookie(
        name,
        value,
        max_age=int(age),
        path=guest.share.get_absolute_url(),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _counted(request: HttpRequest, guest: Guest, response: HttpResponseBase) -> HttpResponseBase:
    """A visit counts once, however many photos somebody looks at. The owner's own do not."""
    is_looked_at = request.method == "GET" and response.status_code == HTTPStatus.OK
    if not is_looked_at or request.user == guest.share.owner:
        return response
    if VISIT_COOKIE not in request.COOKIES:
        sharing.count_visit(guest.share)
    remember(response, guest, VISIT_COOKIE, "yes", VISIT_SECONDS)
    return response
