"""Sign-up, reset and a further address say the same for known and unknown addresses; the message says the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from pytest_django import Settings

from accounts.models import User
from accounts.services import suspend
from tests.accounts.visitors import App, Browser, Visitor, mails_to
from tests.factories import make_staff, make_user

pytestmark = pytest.mark.django_db

KNOWN = "known@example.org"
UNPROVED = "waits@example.org"
SUSPENDED = "suspended@example.org"
UNKNOWN = "unknown@example.org"
ALL = [KNOWN, UNPROVED, SUSPENDED, UNKNOWN]


class CountingHasher(hashers.MD5PasswordHasher):
    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        CountingHasher.hashed += 1
        return super().encode(password, salt)


@pytest.fixture(params=[Browser, App], ids=["pages", "api"])
def device(request: pytest.FixtureRequest) -> type[Visitor]:
    kind: type[Visitor] = request.param
    return kind


@pytest.fixture(scope="module")
def accounts(standing_db: None) -> Iterator[None]:
    with override_settings(
        HAS_MAIL_SERVER=True,
        PASSWORD_HASHERS=["tests.accounts.test_alike.CountingHasher"],
        # More messages than one network address may cause in a minute.
        ACCOUNT_RATE_LIMITS={"confirm_email": "100/m/ip", "reset_password": "100/m/ip"},
    ):
        for email in (KNOWN, SUSPENDED):
            device = Browser()
            device.get_in(email)
            assert device.account() is not None
        suspend(User.objects.get(email=SUSPENDED), "Spam", make_staff())
        make_user(UNPROVED, awaits_confirmation=True)
        yield


@pytest.fixture(autouse=True)
def _no_mail_yet(accounts: None, db: None) -> None:
    mail.outbox.clear()


def seen(visitor: Visitor, response: Any, email: str) -> list[object]:
    """What the person sees of it, and of the page that it leads to, without what is different each time."""
    pages = [response]
    if "Location" in response:
        pages.append(visitor.client.get(response["Location"]))
    return [(page.status_code, sorted(page.headers), _content(page, email)) for page in pages]


def _content(response: Any, email: str) -> str:
    content = response.content.decode().replace(email, "EMAIL")
    own = r'(csrfmiddlewaretoken" value="|session_token": "|data-user=")\w+'
    return re.sub(own, r"\1", content)


@pytest.mark.parametrize("email", ALL)
def test_signing_up(device: type[Visitor], email: str) -> None:
    visitor, other = device(), device()
    unknown = seen(other, other.sign_up("nobody@example.org"), "nobody@example.org")
    assert seen(visitor, visitor.sign_up(email), email) == unknown
    assert visitor.account() is None
    assert len(mails_to(email)) == 1


class RefusingBackend(BaseEmailBackend):
    """A mail server that knows its mailboxes."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPRecipientsRefused({"nobody@example.org": (550, b"No such mailbox")})


def test_an_address_that_the_mail_server_refuses(device: type[Visitor], settings: Settings) -> None:
    visitor, other = device(), device()
    taken = seen(other, other.sign_up(KNOWN), KNOWN)
    settings.EMAIL_BACKEND = "tests.accounts.test_alike.RefusingBackend"
    response = visitor.sign_up("nobody@example.org")
    assert seen(visitor, response, "nobody@example.org") == taken


@pytest.mark.parametrize("email", ALL)
def test_a_wrong_code(device: type[Visitor], email: str) -> None:
    visitor, other = device(), device()
    visitor.sign_up(email)
    other.sign_up("nobody@example.org")
    for _ in range(4):
        unknown = seen(other, other.enter_code("BCDF-BCDF"), "nobody@example.org")
        assert seen(visitor, visitor.enter_code("BCDF-BCDF"), email) == unknown


@pytest.mark.parametrize("email", ALL)
def test_asking_for_a_reset(device: type[Visitor], email: str) -> None:
    visitor, other = device(), device()
    unknown = seen(other, other.ask_for_reset("nobody@example.org"), "nobody@example.org")
    assert seen(visitor, visitor.ask_for_reset(email), email) == unknown
    assert len(mails_to(email)) == 1


@pytest.mark.parametrize("email", ALL)
def test_adding_an_address(device: type[Visitor], email: str) -> None:
    visitor, other = device(), device()
    for person, own in ((visitor, "ada@example.org"), (other, "bob@example.org")):
        person.get_in(own)
        assert person.account() is not None
    mail.outbox.clear()
    unknown = seen(other, other.add_address("nobody@example.org"), "nobody@example.org")
    responses = seen(visitor, visitor.add_address(email), email)
    assert str(responses).replace("ada@", "bob@").replace(">A<", ">B<") == str(unknown)
    assert len(mails_to(email)) == 1


@pytest.mark.parametrize("email", ALL)
def test_a_wrong_password(device: type[Visitor], email: str) -> None:
    visitor, other = device(), device()
    unknown = seen(other, other.log_in("nobody@example.org", "guess"), "nobody@example.org")
    assert seen(visitor, visitor.log_in(email, "guess"), email) == unknown


@pytest.mark.parametrize("email", ALL)
def test_one_password_is_hashed(device: type[Visitor], email: str) -> None:
    """Nothing else takes long enough to be told apart from outside."""
    visitor = device()
    for act in (visitor.sign_up, visitor.log_in):
        CountingHasher.hashed = 0
        act(email, "a guess of mine")
        assert CountingHasher.hashed == 1


def test_the_message_says_the_rest() -> None:
    for email in ALL:
        App().sign_up(email)
        App().ask_for_reset(email)
    has = {email: "\n".join(mails_to(email)) for email in ALL}
    assert "there is an account with it already" in has[KNOWN]
    assert "there is an account with it already" in has[SUSPENDED]
    assert "enter this code" in has[UNPROVED]
    assert "enter this code" in has[UNKNOWN]
    assert "to choose a new password" in has[KNOWN]
    assert "no account with this email address" in has[SUSPENDED]
