"""Accounts: one per email address, whatever its case; a suspension has a reason and takes effect at once."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from accounts.services import reinstate, suspend
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db


def test_an_account_needs_an_email_address() -> None:
    with pytest.raises(ValueError, match="needs an email address"):
        User.objects.create_user("", PASSWORD)


def test_the_database_refuses_an_address_in_another_case() -> None:
    make_user("ada@example.org")
    with pytest.raises(IntegrityError):
        make_user("ADA@example.org")


def test_validation_names_the_address_that_is_taken() -> None:
    make_user("ada@example.org")
    with pytest.raises(ValidationError, match="already an account with this email address"):
        User(email="Ada@Example.org", password="x").full_clean()


def test_an_account_is_found_in_any_case() -> None:
    ada = make_user("ada@example.org")
    assert User.objects.get_by_natural_key("ADA@EXAMPLE.ORG") == ada


def test_a_superuser_is_staff() -> None:
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    assert root.is_staff
    assert root.is_superuser


def test_a_suspension_does_not_undo_a_new_password() -> None:
    ada = make_user()
    herself = User.objects.get()
    herself.set_password("another long password")
    herself.save()
    suspend(ada, "Spam in ten albums", make_staff())
    herself.refresh_from_db()
    assert not herself.is_active
    assert herself.check_password("another long password")


def test_suspending_keeps_who_when_and_why() -> None:
    ada, staff = make_user(), make_staff()
    before = timezone.now()

    suspend(ada, "  Spam in ten albums ", staff)

    ada.refresh_from_db()
    assert ada.is_suspended
    assert not ada.is_active
    assert ada.suspended_reason == "Spam in ten albums"
    assert ada.suspended_by == staff
    assert ada.suspended_at is not None
    assert ada.suspended_at >= before


@pytest.mark.parametrize("reason", ["", "   ", "x" * 301])
def test_a_suspension_without_a_fitting_reason_changes_nothing(reason: str) -> None:
    ada = make_user()
    with pytest.raises(ValidationError):
        suspend(ada, reason, make_staff())
    ada.refresh_from_db()
    assert ada.is_active
    assert not ada.is_suspended


def test_nobody_suspends_the_own_account() -> None:
    staff = make_staff()
    with pytest.raises(ValidationError, match="your own account"):
        suspend(staff, "Testing", staff)


def test_reinstating_opens_the_account_again() -> None:
    ada = make_user()
    suspend(ada, "Spam", make_staff())

    reinstate(ada)

    ada.refresh_from_db()
    assert ada.is_active
    assert not ada.is_suspended
    assert ada.suspended_reason == ""


def test_the_database_refuses_a_suspended_account_that_is_active() -> None:
    ada = make_user()
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=ada.pk).update(suspended_at=timezone.now(), suspended_reason="Spam")


def test_the_database_refuses_a_suspension_without_a_reason() -> None:
    ada = make_user()
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=ada.pk).update(suspended_at=timezone.now(), is_active=False)
