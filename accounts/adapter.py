"""Where our accounts differ from allauth's."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail.message import sanitize_address
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The email or the password is not correct.",
        "email_taken": "There is already an account with this email address.",
        "enter_current_password": "Enter your current password.",
        "incorrect_password": "This password is not correct.",
        "rate_limited": "Too many requests. Try again in a minute.",
        "too_many_login_attempts": "Too many failed attempts to log in. Try again later.",
        "unverified_primary_email": "Confirm this address before you make it your main address.",
    }

    def clean_email(self, email: str) -> str:
        """Some addresses look valid, but no mail can be sent to them, such as a@xn--é.org."""
        try:
            sanitize_address(email, settings.DEFAULT_CHARSET)
        except ValueError as error:
            raise ValidationError("Enter a valid email address.", code="invalid") from error
        cleaned: str = super().clean_email(email)
        return cleaned

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        """Only who knows the password gets here, so the reason is shown."""
        return render(request, "account/account_inactive.html", {"account": user}, status=403)
