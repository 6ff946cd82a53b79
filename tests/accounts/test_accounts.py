"""Accounts: one per proved email address; a suspension has a reason and takes effect at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from accounts.models import User
from accounts.services import delete_unconfirmed, reinstate, suspend
from colorsite.management.commands.prepare import Command
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db


def test_an_account_needs_an_email_address() -> None:
    with pytest.raises(ValueError, match="needs an email address"):
        User.objects.create_user("", PASSWORD)


def test_an_address_is_kept_in_lower_case() -> None:
    assert make_user("Ada@Example.ORG").email == "ada@example.org"
    with pytest.raises(IntegrityError):
        User.objects.update(email="Ada@example.org")


def test_the_database_refuses_a_second_account_with_a_proved_address() -> None:
    EmailAddress.objects.create(user=make_user(), email="ada@example.org", verified=True)
    with pytest.raises(IntegrityError):
        EmailAddress.objects.create(user=make_user(), email="ada@example.org", verified=True)


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


def test_the_address_of_a_superuser_counts_as_proved() -> None:
    User.objects.create_superuser("root@example.org", PASSWORD)
    assert EmailAddress.objects.is_verified("root@example.org")


@pytest.mark.parametrize(
    ("email", "problem"),
    [("Ada@Example.org", "already an account"), ("\u00e4da@example.org", "email address")],
)
def test_no_superuser_is_made_who_could_not_log_in(email: str, problem: str) -> None:
    EmailAddress.objects.create(user=make_user(), email="ada@example.org", verified=True)
    with pytest.raises(CommandError, match=problem):
        call_command("createsuperuser", interactive=False, email=email, verbosity=0)
    with pytest.raises(CommandError, match=f"{problem}.* into ADMIN_EMAIL"):
        Command().create_administrator(email)
    assert not User.objects.filter(is_superuser=True).exists()


def test_an_unproved_claim_to_an_address_keeps_nobody_from_being_a_superuser() -> None:
    make_user("root@example.org")
    root = User.objects.create_superuser("root@example.org", PASSWORD)
    assert User.objects.holder_of("root@example.org") == root


def test_accounts_whose_address_nobody_confirmed_are_deleted_after_a_day() -> None:
    for name, waits, days in [("new", True, 0), ("old", True, 2), ("member", False, 2)]:
        joined = timezone.now() - timedelta(days=days)
        make_user(f"{name}@example.org", awaits_confirmation=waits, date_joined=joined)
    delete_unconfirmed()
    left = User.objects.values_list("email", flat=True)
    assert set(left) == {"new@example.org", "member@example.org"}


def test_a_suspension_does_not_undo_a_new_password() -> None:
    ada = make_user()
    herself = User.objects.get()
    herself.set_password("another long password")
    herself.save()
    suspend(ada, "Spam in ten albums", make_staff())
    herself.refresh_from_db()
    assert not herself.is_active
    assert herself.check_password("another long password")


def test_an_account_with_an_address_of_an_earlier_release_can_be_suspended() -> None:
    ada = make_user("\u0131da@example.org")
    suspend(ada, "Spam", make_staff())
    assert ada.is_suspended


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
