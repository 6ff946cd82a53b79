"""When sessions and tokens end: a new password, a suspension, their time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from accounts import api_keys
from accounts.models import User
from accounts.services import end_sessions, reinstate, suspend
from jobs import periodic
from tests.accounts.visitors import NEW_PASSWORD, App, Browser, Visitor, reset_key_for
from tests.factories import PASSWORD, make_staff, make_user
from tests.staff import act, client_of

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


@contextmanager
def suspended_before_it_is_saved(user: User) -> Iterator[None]:
    """When what was read of the account is about to be written."""
    is_done: list[bool] = []

    def suspend_first(execute: Any, sql: str, *args: Any) -> Any:
        if sql.startswith('UPDATE "accounts_user"') and '"password"' in sql and not is_done:
            is_done.append(True)
            suspend(User.objects.get(pk=user.pk), "Spam", staff)
        return execute(sql, *args)

    staff = make_staff()
    with connection.execute_wrapper(suspend_first):
        yield
    assert is_done


@pytest.mark.parametrize("changing", [0, 1], ids=["on a page", "by the API"])
def test_a_new_password_does_not_undo_a_suspension(
    user: User, devices: list[Visitor], changing: int
) -> None:
    with suspended_before_it_is_saved(user):
        devices[changing].change_password(PASSWORD, NEW_PASSWORD)
    user.refresh_from_db()
    assert user.is_suspended
    assert user.check_password(NEW_PASSWORD)
    assert devices[changing].account() is None


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


def change_secret_key(settings: Settings) -> None:
    """As an operator does who names the old one."""
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8


def test_a_new_secret_key_of_the_site_ends_nothing(
    user: User, devices: list[Visitor], settings: Settings
) -> None:
    """The app keeps the token that it has, and after some use the old key need not be named anymore."""
    _record, key = api_keys.create(user, "Script", "read", None)
    change_secret_key(settings)
    Browser().log_in(user.email)
    User.objects.update(last_login=timezone.now() - timedelta(hours=1))
    named: list[list[str]] = [settings.SECRET_KEY_FALLBACKS, []]
    for fallbacks in named:
        settings.SECRET_KEY_FALLBACKS = fallbacks
        assert [device.account() for device in devices] == [user.pk, user.pk]
        assert api_keys.find(key) is not None


def test_what_has_ended_stays_dead_after_a_new_secret_key(
    user: User, devices: list[Visitor], settings: Settings
) -> None:
    _record, key = api_keys.create(user, "Script", "read", None)
    end_sessions(user)
    change_secret_key(settings)
    assert [device.account() for device in devices] == [None, None]
    assert api_keys.find(key) is None


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


def test_whom_staff_have_confirmed_is_not_deleted(settings: Settings) -> None:
    """The message with the code did not arrive."""
    settings.HAS_MAIL_SERVER = True
    browser = Browser()
    browser.sign_up("new@example.org")
    address = EmailAddress.objects.get(email="new@example.org")
    act(client_of(make_staff()), "make_verified", [address])
    browser.log_in("new@example.org")
    assert browser.account() == address.user_id
    User.objects.update(date_joined=timezone.now() - timedelta(days=2))
    periodic._tasks["unconfirmed accounts"]._function()
    assert browser.account() == address.user_id
