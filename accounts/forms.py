"""Where our forms differ from allauth's: an address that is not proved opens one account at most."""

from __future__ import annotations

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django.forms import BooleanField, CharField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import second_factor, services
from accounts.models import User


class ResetPasswordForm(forms.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    def clean_email(self) -> str:
        email: str = get_adapter().clean_email(self.cleaned_data["email"])
        holder = User.objects.holder_of(email)
        self.users = [holder] if holder is not None and holder.is_active else []
        return email


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):  # type: ignore[misc]
    def save(self) -> None:
        super().save()
        services.prove_by_reset(self.user)


class ConfirmCodeForm(forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    def clean_code(self) -> str:
        """allauth would also refuse an address that others have without having proved it."""
        code: str = forms.BaseConfirmCodeForm.clean_code(self)
        if EmailAddress.objects.is_verified(self.email):
            raise get_adapter().validation_error("email_taken")
        return code


class AddPasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A passkey, or an older key that is a second factor only."""

    name = CharField(
        label=pgettext_lazy("of a passkey", "Name"),
        max_length=100,
        required=False,
        help_text=_("A name to recognize it by, such as your device's name."),
    )
    passwordless = BooleanField(
        label=_("Log in with it alone, without the password"),
        help_text=_("Uncheck this for an older security key without a PIN."),
        initial=True,
        required=False,
    )


class UsedOnce:
    """For the forms that take a code: that of an app works once."""

    user: User
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]  # of allauth's forms
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and not second_factor.is_first_use(self.user, code):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(UsedOnce, mfa_forms.AuthenticateForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(UsedOnce, mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    pass
