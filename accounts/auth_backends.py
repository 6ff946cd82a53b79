"""Who may log in with which address."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class AddressBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        """allauth would try each account that has the address, proved or not."""
        user: User | None = self._check_password(User.objects.holder_of(email), password)
        return user
