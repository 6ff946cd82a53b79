"""Owners are told by mail when somebody changes how their account is entered."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import api_keys, security_notices
from accounts.models import ApiKey, User
from tests.accounts.factors import add_app
from tests.accounts.visitors import Browser
from tests.factories import PASSWORD, make_staff, make_user
from tests.staff import act, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    ada = make_user("ada@example.org")
    EmailAddress.objects.update_or_create(
        user=ada, email=ada.email, defaults={"verified": True, "primary": True}
    )
    EmailAddress.objects.create(user=ada, email="stranger@example.org")
    return ada


def test_a_changed_password_is_told_at_proved_addresses_only(
    ada: User, mailoutbox: list[EmailMessage]
) -> None:
    browser = Browser()
    browser.log_in(ada.email)
    new = "another long phrase"
    address = reverse("account_change_password")
    passwords = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    browser.client.post(address, passwords)
    (message,) = mailoutbox
    assert message.to == ["ada@example.org"]
    assert "Your password was changed" in message.subject
    assert "127.0.0.1" in message.body
    assert reverse("settings:security") in message.body


def test_a_new_key_is_told_in_the_language_of_its_owner(
    ada: User, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(pk=ada.pk).update(language="zh-hans")
    ada.refresh_from_db()
    api_keys.create(ada, "Scanner", ApiKey.Scope.READ, None)
    (message,) = mailoutbox
    assert "Scanner" in message.body
    assert "http" in message.body


@pytest.mark.parametrize("event", security_notices.EVENTS)
def test_each_change_has_its_words(ada: User, event: str, mailoutbox: list[EmailMessage]) -> None:
    security_notices.send(event, ada)
    (message,) = mailoutbox
    assert str(security_notices.EVENTS[event]) in message.subject


def test_without_a_proved_address_nobody_is_written_to(mailoutbox: list[EmailMessage]) -> None:
    security_notices.send(security_notices.API_KEY_MADE, make_user())
    assert not [message for message in mailoutbox if "API key" in message.subject]


def test_a_second_factor_that_staff_reset_is_told(
    ada: User,
    mailoutbox: list[EmailMessage],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Staff may have been fooled by whoever has the password."""
    add_app(ada)
    with django_capture_on_commit_callbacks(execute=True):
        act(client_of(make_staff()), "reset_two_factor", [ada], reason="She called")
    (message,) = mailoutbox
    assert message.to == ["ada@example.org"]
    assert "The authenticator app was removed" in message.subject


def test_a_password_that_staff_set_is_told(ada: User, mailoutbox: list[EmailMessage]) -> None:
    new = "another long phrase"
    form = {"usable_password": "true", "password1": new, "password2": new}
    client_of(make_staff()).post(reverse("admin:auth_user_password_change", args=[ada.pk]), form)
    ada.refresh_from_db()
    assert ada.check_password(new)
    (message,) = mailoutbox
    assert "Your password was changed" in message.subject
