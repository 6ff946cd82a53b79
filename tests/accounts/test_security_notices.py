"""Owners are told by mail when somebody changes how their account is entered."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.urls import reverse

from accounts import api_keys, security_notices
from accounts.models import ApiKey, User
from tests.accounts.visitors import Browser
from tests.factories import PASSWORD, make_user

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
