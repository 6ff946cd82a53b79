"""Typed requests of the pages."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import User


class MemberRequest(HttpRequest):
    """Behind `login_required`."""

    user: User
