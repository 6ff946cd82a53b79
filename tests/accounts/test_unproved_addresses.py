"""An address that its owner has not confirmed is no key, and stands in nobody's way. By the pages and by the API."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from pytest_django import Settings

from accounts.models import User
from accounts.services import prove
from tests.accounts.visitors import (
    NEW_PASSWORD,
    App,
    Browser,
    Visitor,
    code_for,
    mails_to,
    reset_key_for,
)
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

VICTIM = "victim@example.org"
STRANGER = "stranger@example.org"


@pytest.fixture(params=[Browser, App], ids=["pages", "api"])
def device(request: pytest.FixtureRequest) -> type[Visitor]:
    kind: type[Visitor] = request.param
    return kind


@pytest.fixture(params=[True, False], ids=["mail_server", "no_mail_server"])
def has_mail_server(request: pytest.FixtureRequest, settings: Settings) -> bool:
    # Old code knew only allauth's own setting.
    settings.HAS_MAIL_SERVER = request.param
    return bool(request.param)


@pytest.fixture
def mail_server(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = False


def logged_in(device: type[Visitor], email: str) -> Visitor:
    """Somebody with an account and a proved address."""
    visitor = device()
    visitor.get_in(email)
    assert visitor.account() is not None
    return visitor


@pytest.mark.usefixtures("has_mail_server")
def test_who_added_a_victims_address_never_sees_what_the_victim_uploads(
    device: type[Visitor],
) -> None:
    stranger, victim = logged_in(device, STRANGER), device()
    stranger.add_address(VICTIM)
    stranger.make_main(VICTIM)
    victim.get_in(VICTIM)
    original = victim.upload()
    assert victim.may_fetch(original)
    # The victim's new password would have ended the stranger's session: in again, by the own address.
    stranger.ask_for_reset(STRANGER)
    stranger.reset(reset_key_for(STRANGER))
    stranger.log_in(STRANGER, NEW_PASSWORD)
    assert stranger.account() not in (None, victim.account())
    assert victim.account() is not None
    assert not stranger.may_fetch(original)


@pytest.mark.usefixtures("has_mail_server")
def test_who_signed_up_with_a_victims_address_has_no_part_in_the_victims_account(
    device: type[Visitor],
) -> None:
    stranger, victim, again = device(), device(), device()
    stranger.sign_up(VICTIM, "known to the stranger")
    stranger.add_address(STRANGER)
    if code := code_for(STRANGER):
        stranger.enter_code(code)
    victim.get_in(VICTIM)
    original = victim.upload()
    again.log_in(VICTIM, "known to the stranger")
    assert victim.may_fetch(original)
    assert not stranger.may_fetch(original)
    assert not again.may_fetch(original)
    assert not EmailAddress.objects.filter(user=victim.account(), email=STRANGER).exists()


@pytest.mark.usefixtures("no_mail_server")
def test_a_reset_takes_an_account_from_who_made_it_with_the_victims_address(
    device: type[Visitor],
) -> None:
    by_cookie, by_token, victim = Browser(), App(), device()
    by_cookie.sign_up(VICTIM, "known to the stranger")
    by_token.log_in(VICTIM, "known to the stranger")
    assert by_cookie.account() == by_token.account() is not None
    by_token.add_address(STRANGER)
    victim.ask_for_reset(VICTIM)
    victim.reset(reset_key_for(VICTIM))
    victim.log_in(VICTIM, NEW_PASSWORD)
    assert victim.account() is not None
    assert by_cookie.account() is by_token.account() is None
    # What the stranger has begun goes no further, neither on this account nor on another.
    by_token.enter_code(code_for(STRANGER) or "")
    assert list(EmailAddress.objects.values_list("email", "verified")) == [(VICTIM, True)]


@pytest.mark.usefixtures("no_mail_server")
def test_a_first_confirmation_ends_other_sessions_and_tokens(device: type[Visitor]) -> None:
    owner, by_cookie, by_token = device(), Browser(), App()
    owner.sign_up(VICTIM)
    for other in (by_cookie, by_token):
        other.log_in(VICTIM)
        assert other.account() is not None
    owner.add_address("owner@example.org")
    owner.enter_code(code_for("owner@example.org") or "")
    assert owner.account() is not None
    assert by_cookie.account() is by_token.account() is None
    # The address that nobody proved is no key anymore.
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["owner@example.org"]
    by_token.log_in(VICTIM)
    assert by_token.account() is None


@pytest.mark.usefixtures("mail_server")
def test_a_further_confirmation_leaves_the_owners_other_devices_logged_in(
    device: type[Visitor],
) -> None:
    owner, by_cookie, by_token = logged_in(device, VICTIM), Browser(), App()
    by_cookie.log_in(VICTIM)
    by_token.log_in(VICTIM)
    token = owner.headers
    owner.add_address("second@example.org")
    owner.enter_code(code_for("second@example.org") or "")
    assert owner.headers == token
    assert owner.account() == by_cookie.account() == by_token.account() is not None
    for email in (VICTIM, "second@example.org"):
        assert User.objects.holder_of(email) == User.objects.get()


@pytest.mark.usefixtures("mail_server")
def test_nobody_is_in_before_the_code_was_entered(device: type[Visitor]) -> None:
    visitor = device()
    visitor.sign_up(VICTIM)
    assert visitor.account() is None
    visitor.enter_code("BCDF-BCDF")
    assert visitor.account() is None
    visitor.enter_code(code_for(VICTIM) or "")
    assert visitor.account() == User.objects.get().pk


@pytest.mark.usefixtures("mail_server")
def test_sign_ups_of_the_same_address_do_not_disturb_each_other(device: type[Visitor]) -> None:
    owner, stranger = device(), device()
    owner.sign_up(VICTIM)
    code = code_for(VICTIM)
    stranger.sign_up(VICTIM, "known to the stranger")
    owner.enter_code(code or "")
    assert owner.account() == User.objects.get().pk
    # The code of the stranger's own sign-up, if it became known, is worth nothing now.
    response = stranger.enter_code(code_for(VICTIM) or "")
    assert response.status_code < 500
    assert stranger.account() is None
    stranger.log_in(VICTIM, "known to the stranger")
    assert stranger.account() is None


@pytest.mark.usefixtures("mail_server")
def test_an_address_in_waiting_is_confirmed_by_who_logs_in_again(device: type[Visitor]) -> None:
    device().sign_up(VICTIM)
    mail.outbox.clear()
    visitor = device()
    visitor.log_in(VICTIM)
    assert visitor.account() is None
    visitor.enter_code(code_for(VICTIM) or "")
    assert visitor.account() == User.objects.get().pk


@pytest.mark.usefixtures("mail_server")
def test_a_strangers_sign_up_does_not_keep_a_member_from_adding_and_choosing_the_address(
    device: type[Visitor],
) -> None:
    member = logged_in(device, "member@example.org")
    device().sign_up(VICTIM)
    member.add_address(VICTIM)
    member.enter_code(code_for(VICTIM) or "")
    response = member.make_main(VICTIM)
    assert response.status_code < 400
    assert User.objects.get().email == VICTIM


@pytest.mark.usefixtures("mail_server")
def test_a_taken_address_is_not_added_and_only_its_owner_is_told(device: type[Visitor]) -> None:
    logged_in(device, VICTIM)
    stranger = logged_in(device, STRANGER)
    mail.outbox.clear()
    stranger.add_address(VICTIM)
    assert "already belongs to an account" in mails_to(VICTIM)[0]
    assert code_for(VICTIM) is None
    assert stranger.enter_code("BCDF-BCDF").status_code < 500
    assert stranger.make_main(VICTIM).status_code < 500
    assert not EmailAddress.objects.filter(user=stranger.account(), email=VICTIM).exists()


@pytest.mark.usefixtures("mail_server")
def test_an_address_that_was_proved_meanwhile_is_refused_in_words(device: type[Visitor]) -> None:
    owner, other = logged_in(device, STRANGER), logged_in(device, "other@example.org")
    other.add_address(VICTIM)
    code = code_for(VICTIM)
    owner.add_address(VICTIM)
    owner.enter_code(code_for(VICTIM) or "")
    response = other.enter_code(code or "")
    assert response.status_code in (200, 400)
    assert "already an account with this email address" in response.content.decode()
    assert EmailAddress.objects.get(email=VICTIM).user_id == owner.account()


def test_of_two_who_prove_an_address_at_the_same_moment_one_has_it() -> None:
    ada, bob = make_user(), make_user()
    assert prove(EmailAddress(user=ada, email=VICTIM))
    assert not prove(EmailAddress(user=bob, email=VICTIM))
    bob.refresh_from_db()
    assert User.objects.holder_of(VICTIM) == ada
    assert bob.email != VICTIM
    assert bob.sessions_ended == 0


@pytest.mark.usefixtures("has_mail_server")
def test_an_unproved_row_of_another_account_is_no_key(device: type[Visitor]) -> None:
    """However it came there: by hand, or from an earlier release."""
    stranger = make_user(STRANGER)
    EmailAddress.objects.create(user=stranger, email=VICTIM)
    visitor = device()
    visitor.log_in(VICTIM, PASSWORD)
    assert visitor.account() is None
    visitor.ask_for_reset(VICTIM)
    assert "no account with this email address" in mails_to(VICTIM)[0]
    visitor.get_in(VICTIM)
    assert visitor.account() not in (None, stranger.pk)


@pytest.mark.parametrize(
    "spelling", ["VICTIM@Example.ORG", "victim@\uff45xample.org", "  victim@example.org  "]
)
@pytest.mark.usefixtures("mail_server")
def test_another_spelling_is_the_same_address(device: type[Visitor], spelling: str) -> None:
    owner = logged_in(device, VICTIM)
    other = device()
    other.sign_up(spelling)
    assert User.objects.count() == 1
    other.log_in(spelling)
    assert other.account() == owner.account()


@pytest.mark.parametrize(
    "look_alike", ["v\u0131ctim@example.org", "\ufb01ona@example.org", "v\u0456ctim@example.org"]
)
@pytest.mark.usefixtures("has_mail_server")
def test_a_look_alike_of_an_address_is_refused(device: type[Visitor], look_alike: str) -> None:
    logged_in(device, VICTIM)
    visitor = device()
    response = visitor.sign_up(look_alike)
    assert response.status_code in (200, 400)
    assert visitor.account() is None
    assert User.objects.count() == 1
