"""What changes an account: its owner proves an address or ends all sessions, staff suspend it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import second_factor, security_notices
from accounts.models import User

ACCOUNT_STATUS: Final = [
    "is_active",
    "suspended_at",
    "suspended_reason",
    "suspended_by",
    "sessions_ended",
]
# Longer than any code is good for.
UNCONFIRMED_FOR: Final = timedelta(days=1)


def prove(address: EmailAddress) -> bool:
    """Its owner has shown that the address is theirs. False when another account has it proved.

    Nobody else's unproved claim to it is left. If it is the first of its account, a stranger may have made
    that account: other addresses, sessions, tokens, keys and passkeys go. With a proved one before, they are
    the owner's own.
    """
    try:
        with transaction.atomic():
            if not EmailAddress.objects.filter(user=address.user, verified=True).exists():
                _start_anew(address.user, address)
            address.verified = True
            address.save()
            _withdraw_claims(address)
    except IntegrityError:  # the database lets only one account have it
        return False
    return True


def prove_by_reset(user: User) -> None:
    """A link that was sent to the address of the account was used."""
    if EmailAddress.objects.filter(user=user, verified=True).exists():
        return
    known = EmailAddress.objects.filter(user=user, email=user.email).first()
    prove(known or EmailAddress(user=user, email=user.email))


def _start_anew(user: User, address: EmailAddress) -> None:
    EmailAddress.objects.filter(user=user).exclude(pk=address.pk).delete()
    second_factor.turn_off(user)
    address.primary = True
    user.email = address.email
    user.awaits_confirmation = False
    user.sessions_ended += 1
    user.save(update_fields=["email", "awaits_confirmation", "sessions_ended"])


def _withdraw_claims(address: EmailAddress) -> None:
    EmailAddress.objects.filter(email=address.email, verified=False).delete()
    User.objects.filter(email=address.email, awaits_confirmation=True).delete()


def end_sessions(user: User) -> None:
    """Nothing that opened the account without a login does so anymore: sessions, tokens and API keys."""
    user.sessions_ended += 1
    user.save(update_fields=["sessions_ended"])


def reset_second_factor(user: User) -> None:
    """Staff have made sure who asks. The owner is told, in case it was somebody else."""
    had = set(second_factor.factors().filter(user=user).values_list("type", flat=True))
    second_factor.turn_off(user)
    for kind in had:
        event = security_notices.REMOVED[kind]
        transaction.on_commit(partial(security_notices.send, event, user), robust=True)


def delete_unconfirmed() -> None:
    """Accounts whose addresses nobody confirmed in time, staff included. Nobody was ever logged in to them."""
    before = timezone.now() - UNCONFIRMED_FOR
    waiting = User.objects.filter(awaits_confirmation=True, date_joined__lt=before)
    waiting.exclude(emailaddress__verified=True).delete()


def suspend(user: User, reason: str, by: User) -> None:
    """Lock the account. Its sessions and tokens are dead for good: reinstating brings none back."""
    if user == by:
        raise ValidationError(_("You cannot suspend your own account."), code="own_account")
    user.is_active = False
    user.suspended_at = timezone.now()
    user.suspended_reason = reason.strip()
    user.suspended_by = by
    user.sessions_ended += 1
    user.full_clean()
    user.save(update_fields=ACCOUNT_STATUS)


def reinstate(user: User) -> None:
    user.is_active = True
    user.suspended_at = None
    user.suspended_reason = ""
    user.suspended_by = None
    user.save(update_fields=ACCOUNT_STATUS)
