"""Two-factor authentication and passkeys: where they differ from allauth's."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User

Type = Authenticator.Type


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": gettext_lazy(
            "Confirm your email address before you turn on two-factor authentication."
        ),
        "cannot_generate_recovery_codes": gettext_lazy(
            "Recovery codes come with an authenticator app or a passkey: add one first."
        ),
        "incorrect_code": gettext_lazy("This code is not correct."),
        "unverified_email": gettext_lazy(
            "Confirm your email address before you turn on two-factor authentication."
        ),
    }

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  (allauth's)
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": _host_name(), "name": settings.SITE_NAME}


def passkeys_work_here() -> bool:
    """Browsers want a name, and https unless the name is that of the machine itself."""
    try:
        ip_address(_host_name().strip("[]"))
    except ValueError:
        return settings.SITE_URL.startswith("https:") or _host_name() == "localhost"
    return False


def factors() -> QuerySet[Authenticator]:
    """Whoever has one of these is asked for it after the password."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(
        type__in=[Type.TOTP, Type.WEBAUTHN]
    )
    return found


def is_on(user: User) -> bool:
    return factors().filter(user=user).exists()


def turn_off(user: User) -> None:
    """For somebody who has lost it all: staff have made sure who asks."""
    Authenticator.objects.filter(user=user).delete()


def is_first_use(user: User, code: str) -> bool:
    """Whether a code of the app comes for the first time while it is good.

    allauth remembers one for a period, and takes it for as many more as clocks may differ.
    """
    periods = 2 * app_settings.TOTP_TOLERANCE + 1
    key = f"accounts.second_factor.used:{user.pk}:{normalize_user_code(code)}"
    return cache.add(key, True, timeout=periods * app_settings.TOTP_PERIOD)


def _host_name() -> str:
    return urlsplit(settings.SITE_URL).hostname or ""
