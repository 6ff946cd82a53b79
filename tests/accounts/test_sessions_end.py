"""When sessions and tokens end: a new password, a suspension, their time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from accounts.services import reinstate, suspend
from jobs import periodic
from tests.accounts.visitors import NEW_PASSWORD, App, Browser, Visitor, reset_key_for
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def devices(user: User) -> list[Visitor]:
    """A browser and an app that are logged in."""
    devices: list[Visitor] = [Browser(), App()]
    for device in devices:
        device.log_in(user.email)
        assert device.account() == user.pk
    return devices


def test_what_was_before_a_suspension_stays_dead_after_it(
    user: User, devices: list[Visitor]
) -> None:
    suspend(user, "Spam", make_staff())
    assert [device.account() for device in devices] == [None, None]
    reinstate(user)
    assert [device.account() for device in devices] == [None, None]
    for device in devices:
        device.log_in(user.email)
        assert device.account() == user.pk


def test_a_suspension_that_nobody_noticed_ends_what_was_before_it(
    user: User, devices: list[Visitor]
) -> None:
    """No request came between the two."""
    suspend(user, "Spam", make_staff())
    reinstate(user)
    assert [device.account() for device in devices] == [None, None]


@pytest.mark.parametrize("changing", [0, 1], ids=["on a page", "by the API"])
def test_a_new_password_ends_all_but_where_it_was_typed(
    user: User, devices: list[Visitor], changing: int
) -> None:
    others = [Browser(), App()]
    for other in others:
        other.log_in(user.email)
    devices[changing].change_password(PASSWORD, NEW_PASSWORD)
    assert devices[changing].account() == user.pk
    assert [device.account() for device in (*others, devices[1 - changing])] == [None] * 3


@pytest.mark.parametrize("kind", [Browser, App], ids=["on a page", "by the API"])
def test_a_reset_ends_all(user: User, devices: list[Visitor], kind: type[Visitor]) -> None:
    visitor = kind()
    visitor.ask_for_reset(user.email)
    visitor.reset(reset_key_for(user.email))
    assert [device.account() for device in devices] == [None, None]


@pytest.mark.usefixtures("devices")
def test_expired_sessions_are_deleted() -> None:
    assert Session.objects.count() == 2
    kept = Session.objects.first()
    assert kept is not None
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.exclude(pk=kept.pk).update(expire_date=past)
    periodic._tasks["expired sessions"]._function()
    assert Session.objects.get() == kept


def test_accounts_that_nobody_confirmed_are_deleted_from_time_to_time() -> None:
    long_ago = timezone.now() - timedelta(days=2)
    make_user(awaits_confirmation=True, date_joined=long_ago)
    periodic._tasks["unconfirmed accounts"]._function()
    assert not User.objects.exists()
