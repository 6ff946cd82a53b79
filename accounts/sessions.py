"""Where sessions are kept: in the database, as Django does it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db

from accounts.models import User


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """What was made with an earlier secret key of the site is as if made with that of now.

        Django would give such a session another key, even to look whether it is still good. An app has the old
        one as its token, and a browser that asks for two things at a time would be logged out by the second.
        """
        content: dict[str, Any] = super().load()
        proof = content.get(HASH_SESSION_KEY)
        if proof and settings.SECRET_KEY_FALLBACKS:
            user = User.objects.filter(pk=content.get(SESSION_KEY, 0)).first()
            if user and proof in user.get_session_auth_fallback_hash():
                content[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return content
