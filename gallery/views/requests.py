"""Typed requests of the pages."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from accounts.models import User


class PageRequest(HttpRequest):
    htmx: HtmxDetails


class MemberRequest(PageRequest):
    """Behind `login_required`."""

    user: User
