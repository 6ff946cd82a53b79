"""Wrong passwords: who guesses is stopped, and the owner gets in."""

from __future__ import annotations

import pytest
from allauth.core.internal.ratelimit import parse_rates
from django.core import mail
from pytest_django import Settings

from accounts.models import User
from tests.accounts.visitors import NEW_PASSWORD, App, Browser, Visitor, mails_to, reset_key_for
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

STOPPED = "Too many failed attempts"


@pytest.fixture(params=[Browser, App], ids=["pages", "api"])
def kind(request: pytest.FixtureRequest) -> type[Visitor]:
    kind: type[Visitor] = request.param
    return kind


@pytest.fixture
def user() -> User:
    return make_user("ada@example.org")


def at(kind: type[Visitor], network_address: str) -> Visitor:
    visitor = kind()
    visitor.client.defaults["REMOTE_ADDR"] = network_address
    return visitor


def guess(visitor: Visitor, email: str, times: int) -> str:
    """Returns what was said at last."""
    for number in range(times):
        response = visitor.log_in(email, f"guess number {number}")
    return str(response.content.decode())


def test_five_wrong_passwords_stop_the_one_who_guesses(kind: type[Visitor], user: User) -> None:
    visitor = at(kind, "203.0.113.1")
    assert STOPPED not in guess(visitor, user.email, 5)
    assert STOPPED in guess(visitor, user.email, 1)
    visitor.log_in(user.email)
    assert visitor.account() is None


def test_the_owner_gets_in_elsewhere(kind: type[Visitor], user: User) -> None:
    assert STOPPED in guess(at(kind, "203.0.113.1"), user.email, 8)
    owner = at(kind, "198.51.100.7")
    owner.log_in(user.email)
    assert owner.account() == user.pk


def test_another_spelling_of_the_address_counts_with_it(kind: type[Visitor], user: User) -> None:
    visitor = at(kind, "203.0.113.1")
    for spelling in ("ADA@example.org", "ada@EXAMPLE.org", "Ada@Example.Org"):
        said = guess(visitor, spelling, 2)
    assert STOPPED in said


def test_the_network_of_an_address_counts_as_one(kind: type[Visitor], user: User) -> None:
    for number in range(6):
        said = guess(at(kind, f"2001:db8::{number}"), user.email, 1)
    assert STOPPED in said


def test_guesses_from_many_addresses_are_stopped_at_last(
    kind: type[Visitor], user: User, settings: Settings
) -> None:
    limits = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_anywhere": "20/d/key"}
    settings.ACCOUNT_RATE_LIMITS = limits
    for number in range(21):
        said = guess(at(kind, f"203.0.113.{number}"), user.email, 1)
        assert (STOPPED in said) == (number == 20)


def test_nobody_can_use_up_the_messages_of_anothers_mailbox(
    kind: type[Visitor], user: User, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    stranger, owner = at(kind, "203.0.113.1"), at(kind, "198.51.100.7")
    statuses = [stranger.ask_for_reset(user.email).status_code for _ in range(11)]
    assert (statuses[0] < 400, statuses[-1]) == (True, 429)
    mail.outbox.clear()
    owner.ask_for_reset(user.email)
    assert len(mails_to(user.email)) == 1


@pytest.mark.parametrize(
    ("of_one", "of_all"),
    [
        ("login_failed", "login_failed_anywhere"),
        ("confirm_email", "confirm_email"),
        ("reset_password", "reset_password"),
    ],
)
def test_one_network_address_never_reaches_the_limit_of_all(
    settings: Settings, of_one: str, of_all: str
) -> None:
    """For logins, whose key has the network address in it, the last rate; for messages the one by ip."""
    limits = settings.ACCOUNT_RATE_LIMITS
    rates = parse_rates(limits[of_one])
    own = rates[-1] if of_one != of_all else rates[0]
    everybodys = parse_rates(limits[of_all])[-1]
    assert own.duration == everybodys.duration
    assert own.amount < everybodys.amount


def test_a_correct_password_does_not_count(kind: type[Visitor], user: User) -> None:
    for _ in range(7):
        owner = at(kind, "198.51.100.7")
        owner.log_in(user.email)
        assert owner.account() == user.pk


def test_a_reset_lets_the_owner_in_again(
    kind: type[Visitor], user: User, settings: Settings
) -> None:
    limits = {**settings.ACCOUNT_RATE_LIMITS, "login_failed_anywhere": "5/d/key"}
    settings.ACCOUNT_RATE_LIMITS = limits
    owner = at(kind, "198.51.100.7")
    guess(owner, user.email, 5)
    owner.ask_for_reset(user.email)
    owner.reset(reset_key_for(user.email))
    owner.log_in(user.email, NEW_PASSWORD)
    assert owner.account() == user.pk


def test_a_reset_of_an_account_that_staff_made_lets_its_owner_in_and_is_told(
    kind: type[Visitor],
) -> None:
    """The link proves the address that nobody had proved before."""
    user = User.objects.create_user("ada@example.org", PASSWORD)
    owner = at(kind, "198.51.100.7")
    guess(owner, user.email, 5)
    owner.ask_for_reset(user.email)
    owner.reset(reset_key_for(user.email))
    assert "Your password was changed" in mail.outbox[-1].subject
    owner.log_in(user.email, NEW_PASSWORD)
    assert owner.account() == user.pk
