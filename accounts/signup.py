"""What allauth's forms for signing up, those of the pages and of the API, are derived from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts.models import User


class SignupForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        """An address that somebody signed up with and never confirmed is free."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        holder = User.objects.holder_of(cleaned.get("email", ""))
        self.account_already_exists = holder is not None and not holder.awaits_confirmation
        if self.account_already_exists:
            # The time that a new account takes: how long it takes tells nothing.
            make_password(cleaned.get("password1") or cleaned.get("password"))
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth calls this for each new account; there is nothing to add."""
