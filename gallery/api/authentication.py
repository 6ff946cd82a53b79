"""Session tokens of allauth headless's app client, sent in the header X-Session-Token."""

from __future__ import annotations

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.contrib.sessions.backends.base import SessionBase
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User


class SessionTokenAuthentication(XSessionTokenAuthentication):  # type: ignore[misc]  # allauth has no types
    def authenticate(self, request: Request) -> tuple[User, SessionBase] | None:
        """Refuse a token that is no longer good: anonymous would hide why the request failed."""
        user_and_session: tuple[User, SessionBase] | None = super().authenticate(request)
        if user_and_session is None and self.get_session_token(request):
            raise AuthenticationFailed("The session token is not valid anymore: log in again.")
        return user_and_session

    def authenticate_header(self, request: Request) -> str:
        """Without a challenge, REST framework responds with 403 instead of 401."""
        return "X-Session-Token"
