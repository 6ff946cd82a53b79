"""What staff may do to an account."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User

ACCOUNT_STATUS = ["is_active", "suspended_at", "suspended_reason", "suspended_by"]


def suspend(user: User, reason: str, by: User) -> None:
    """Suspend an account: Django drops the sessions of an inactive user on their next request."""
    if user == by:
        raise ValidationError("You cannot suspend your own account.", code="own_account")
    user.is_active = False
    user.suspended_at = timezone.now()
    user.suspended_reason = reason.strip()
    user.suspended_by = by
    user.full_clean()
    user.save(update_fields=ACCOUNT_STATUS)


def reinstate(user: User) -> None:
    user.is_active = True
    user.suspended_at = None
    user.suspended_reason = ""
    user.suspended_by = None
    user.save(update_fields=ACCOUNT_STATUS)
