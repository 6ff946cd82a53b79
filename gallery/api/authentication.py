"""Who asks: by a session token of allauth headless's app client (X-Session-Token), or by an API key (Authorization)."""

from __future__ import annotations

from typing import Final

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.contrib.sessions.backends.base import SessionBase
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts import api_keys, devices
from accounts.models import ApiKey, User

SCHEME: Final = "Bearer"
# One of gallery.api.problems.ProblemCode, which imports REST framework's views, and these import this module.
INSUFFICIENT_SCOPE: Final = "insufficient_scope"


class SessionTokenAuthentication(XSessionTokenAuthentication):  # type: ignore[misc]  # allauth has no types
    def authenticate(self, request: Request) -> tuple[User, SessionBase] | None:
        """Refuse a token that is no longer good: anonymous would hide why the request failed."""
        user_and_session: tuple[User, SessionBase] | None = super().authenticate(request)
        is_there = user_and_session and devices.note(request._request, *user_and_session)  # noqa: SLF001  (Django's own)
        if not is_there and self.get_session_token(request):
            raise AuthenticationFailed(_("The session token is not valid anymore: log in again."))
        return user_and_session

    def authenticate_header(self, request: Request) -> str:
        """Without a challenge, REST framework responds with 403 instead of 401."""
        return "X-Session-Token"


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer tt_...`: for whoever has the key, as far as its scope goes."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        record = api_keys.find(key.strip())
        if record is None:
            raise AuthenticationFailed(_("The API key is not valid, or not anymore."))
        if record.scope == ApiKey.Scope.READ and request.method not in SAFE_METHODS:
            detail = _("This API key may only read. Make one that may write, too.")
            raise PermissionDenied(detail, INSUFFICIENT_SCOPE)
        return _as_member(record.owner), record

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


def _as_member(owner: User) -> User:
    """Whoever finds the key of a member of the staff must not see everybody's pictures. Never saved like this."""
    owner.is_staff = owner.is_superuser = False
    return owner
