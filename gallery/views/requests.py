"""Typed requests of the pages."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PageRequest(HttpRequest):
    htmx: HtmxDetails


class MemberRequest(PageRequest):
    """Behind `login_required`."""

    user: User


def came_from(request: HttpRequest, default: str) -> str:
    """The page of this site on which the form was, as the form says: a whole path, else the default."""
    address = request.POST.get("next", "")
    is_own = address.startswith("/") and url_has_allowed_host_and_scheme(
        address, allowed_hosts=None
    )
    return address if is_own else default
