"""Sign-up, login, reset and a further address while the mail server is away: people are told, and try again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django import Settings

from accounts.models import User
from tests.accounts.visitors import App, Browser, Visitor, code_for, mails_to, reset_key_for
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NEW = "new@example.org"
MEMORY = "django.core.mail.backends.locmem.EmailBackend"
Act = Callable[[Visitor], Any]


class FullBackend(BaseEmailBackend):
    """A mail server that takes no message now."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPRecipientsRefused({NEW: (452, b"Insufficient system storage")})


class RejectingBackend(BaseEmailBackend):
    """A mail server that does not like what it reads."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPDataError(554, b"Transaction failed")


def nobody_listens(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


@pytest.fixture(autouse=True)
def _with_mail_server(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True


@pytest.fixture(params=[Browser, App], ids=["pages", "api"])
def visitor(request: pytest.FixtureRequest) -> Visitor:
    kind: type[Visitor] = request.param
    return kind()


def assert_told(response: Any) -> None:
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    said = response.json()["detail"] if "json" in response["Content-Type"] else response.text
    assert "send the email" in said
    assert "has been logged" not in said


def sign_up(visitor: Visitor) -> Any:
    return visitor.sign_up(NEW)


def ask_for_reset(visitor: Visitor) -> Any:
    return visitor.ask_for_reset(NEW)


@pytest.mark.parametrize("act", [sign_up, ask_for_reset])
@pytest.mark.parametrize("has_account", [True, False])
def test_people_are_told(visitor: Visitor, act: Act, has_account: bool, settings: Settings) -> None:
    if has_account:
        make_user(NEW)
    nobody_listens(settings)
    assert_told(act(visitor))


@pytest.mark.parametrize("backend", [FullBackend, RejectingBackend])
def test_a_server_that_takes_no_message(
    visitor: Visitor, backend: type[BaseEmailBackend], settings: Settings
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"
    assert_told(visitor.sign_up(NEW))


def test_signing_up_again_when_it_is_back(visitor: Visitor, settings: Settings) -> None:
    nobody_listens(settings)
    visitor.sign_up(NEW)
    settings.EMAIL_BACKEND = MEMORY
    visitor.sign_up(NEW)
    assert len(mails_to(NEW)) == 1
    visitor.enter_code(code_for(NEW) or "")
    assert visitor.account() == User.objects.get().pk


def test_a_login_that_waits_for_a_code(visitor: Visitor, settings: Settings) -> None:
    user = make_user(NEW, awaits_confirmation=True)
    nobody_listens(settings)
    assert_told(visitor.log_in(NEW))
    settings.EMAIL_BACKEND = MEMORY
    visitor.log_in(NEW)
    visitor.enter_code(code_for(NEW) or "")
    assert visitor.account() == user.pk


def test_a_reset_when_it_is_back(visitor: Visitor, settings: Settings) -> None:
    make_user(NEW)
    nobody_listens(settings)
    visitor.ask_for_reset(NEW)
    settings.EMAIL_BACKEND = MEMORY
    visitor.ask_for_reset(NEW)
    visitor.reset(reset_key_for(NEW), "a new and longer password")
    assert User.objects.get().check_password("a new and longer password")


def test_a_further_address(visitor: Visitor, settings: Settings) -> None:
    visitor.get_in("ada@example.org")
    nobody_listens(settings)
    assert_told(visitor.add_address(NEW))
    settings.EMAIL_BACKEND = MEMORY
    visitor.add_address(NEW)
    visitor.enter_code(code_for(NEW) or "")
    addresses = User.objects.get().emailaddress_set  # type: ignore[attr-defined]  # allauth has no types
    assert addresses.filter(email=NEW, verified=True).exists()


def test_the_code_that_arrived_stays_good_when_another_does_not(
    visitor: Visitor, settings: Settings
) -> None:
    visitor.sign_up(NEW)
    settings.EMAIL_BACKEND = f"{__name__}.RejectingBackend"
    resent = (
        visitor.send("POST", "auth/email/verify/resend")
        if isinstance(visitor, App)
        else visitor.client.post("/accounts/confirm-email/", {"action": "resend"})
    )
    assert_told(resent)
    visitor.enter_code(code_for(NEW) or "")
    assert visitor.account() is not None
