"""Second factors of tests: an authenticator app that is set up."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth

from accounts.models import User

WRONG_CODE = "000000"


def code_of(secret: str) -> str:
    """What the app shows now. It is good for the next period, too."""
    _before, now, _after = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(secret, now)))


def next_code_of(secret: str) -> str:
    """What an app shows whose clock is ahead: it is good for longest."""
    *_, after = auth.yield_hotp_counters_from_time()
    return str(auth.format_hotp_value(auth.hotp_value(secret, after)))


def add_app(user: User) -> str:
    """Returns the secret that the app has."""
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(user, secret)
    return str(secret)


def add_recovery_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def types_of(user: User) -> set[str]:
    return set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
