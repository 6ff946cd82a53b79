"""Mails to owners about changes of how their account is entered: whoever took it over cannot keep it from them."""

from __future__ import annotations

import logging
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import mail
from accounts.models import User

logger = logging.getLogger(__name__)

API_KEY_MADE: Final = "account/email/api_key_made"
PASSWORD_CHANGED: Final = "account/email/password_changed"  # noqa: S105  (a name)
EVENTS: Final[dict[str, Promise | str]] = {
    PASSWORD_CHANGED: _("Your password was changed"),
    "account/email/password_reset": _("Your password was changed"),
    "account/email/password_set": _("A password was set"),
    "account/email/email_changed": _("Your main email was changed"),
    "account/email/email_deleted": _("An email was removed from your account"),
    "mfa/email/totp_activated": _("An authenticator app was added"),
    "mfa/email/totp_deactivated": _("The authenticator app was removed"),
    "mfa/email/webauthn_added": _("A passkey was added"),
    "mfa/email/webauthn_removed": _("A passkey was removed"),
    "mfa/email/recovery_codes_generated": _("New recovery codes were made"),
    API_KEY_MADE: _("An API key was made"),
}
"""By the names that allauth has for them."""
REMOVED: Final = {
    Authenticator.Type.TOTP.value: "mfa/email/totp_deactivated",
    Authenticator.Type.WEBAUTHN.value: "mfa/email/webauthn_removed",
}
"""By the type of a second factor."""


def send(event: str, user: User, **context: Any) -> None:
    """To all addresses that the user has proved: somebody else may have added another one.

    What was changed stays so when the mail server takes no message; the log has it.
    """
    for address in mail.proved_addresses(user):
        try:
            mail.send(
                "account/email/security_notice",
                address,
                user.language,
                event=EVENTS[event],
                **context,
            )
        except OSError:
            logger.exception("The message that a change was made to an account was not sent")
