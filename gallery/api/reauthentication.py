"""What asks for the password again, as the settings pages do."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows import reauthentication
from django.contrib.sessions.backends.base import SessionBase
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from gallery.api.problems import ReauthenticationRequired


class RecentPasswordToPost(BasePermission):
    """Sent within the last minutes: a session that was left open is not enough."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method == "POST":
            require_password(request)
        return True


def require_password(request: Request) -> None:
    """Within the last minutes, as on the page; whoever has only a key for programs cannot."""
    asked = request._request  # noqa: SLF001  (Django's own, which allauth knows)
    asked.user = request.user
    if isinstance(request.auth, SessionBase):
        asked.session = request.auth
    if reauthentication.is_reauthentication_required(asked, app="account"):
        raise ReauthenticationRequired
