"""What comes between a correct password and being logged in."""

from __future__ import annotations

from typing import Any

from allauth.account.stages import EmailVerificationStage
from django.conf import settings
from django.http import HttpRequest

from accounts import addresses


class ConfirmAddressStage(EmailVerificationStage):  # type: ignore[misc]  # allauth has no types
    def handle(self) -> tuple[Any, bool]:
        """Without a mail server nobody could confirm anything: whoever has the password goes in."""
        user = self.login.user
        if not settings.HAS_MAIL_SERVER and user is not None and not user.awaits_confirmation:
            return None, True
        if self.login.email:
            self.login.email = addresses.normalize(self.login.email)
        response: tuple[Any, bool] = super().handle()
        return response

    def is_resumable(self, request: HttpRequest) -> bool:
        """Who has an account after all finds the page to log in, not the one for the code."""
        return False
