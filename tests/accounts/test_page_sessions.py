"""Where somebody is logged in: named, dated, and ended one by one or all at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains

from accounts import api_keys, devices
from accounts.models import User
from tests.accounts.visitors import App, Browser, Visitor
from tests.api import assert_problem
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

ADA = "ada@example.org"
SESSIONS = "/settings/sessions/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.5 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def ada() -> User:
    return make_user(ADA)


def browser(user_agent: str) -> Browser:
    device = Browser()
    device.client = Client(headers={"User-Agent": user_agent})
    device.log_in(ADA)
    return device


def end(by: Browser, session: UserSession) -> int:
    return by.client.post(reverse("settings:session-end", args=[session.pk])).status_code


def test_devices_have_names_and_addresses(ada: User) -> None:
    browser(SAFARI)
    page = browser(FIREFOX).client.get(SESSIONS)
    assertContains(page, "Firefox on Linux")
    assertContains(page, "Mobile Safari on iOS")
    assertContains(page, "Network address 127.0.0.1", count=2)
    assertContains(page, "This device", count=1)


def test_apps_with_a_token_are_devices(ada: User) -> None:
    app = App()
    app.log_in(ADA)
    assert app.account() == ada.pk
    assert len(devices.of(ada, None)) == 1


def test_one_device_is_logged_out(ada: User) -> None:
    mine, lost = browser(FIREFOX), browser(SAFARI)
    assert end(mine, UserSession.objects.get(user_agent=SAFARI)) == 302
    assert lost.account() is None
    assert mine.account() == ada.pk


def test_nobody_logs_out_others(ada: User) -> None:
    mine = browser(FIREFOX)
    stranger = Browser()
    stranger.client.force_login(make_user())
    assert end(stranger, UserSession.objects.get(user_agent=FIREFOX)) == 404
    assert mine.account() == ada.pk


def test_log_out_everywhere_ends_all_but_this_one(ada: User) -> None:
    mine, other, app = browser(FIREFOX), browser(SAFARI), App()
    app.log_in(ADA)
    _record, key = api_keys.create(ada, "Script", "read", None)
    mine.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = mine.client.post(reverse("settings:sessions-end-others"), follow=True)
    assertContains(page, "All other devices are logged out")
    assert mine.account() == ada.pk
    assert (other.account(), app.account(), api_keys.find(key)) == (None, None, None)
    assertNotContains(mine.client.get(SESSIONS), "Mobile Safari")


def test_log_out_everywhere_asks_for_the_password(ada: User) -> None:
    mine, other = browser(FIREFOX), browser(SAFARI)
    for device in (mine, other):
        session = device.client.session
        session["account_authentication_methods"] = []
        session.save()
    response = mine.client.post(reverse("settings:sessions-end-others"))
    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert other.account() == ada.pk


def test_a_new_password_ends_the_others_in_the_list_too(ada: User) -> None:
    mine = browser(FIREFOX)
    browser(SAFARI)
    mine.change_password(PASSWORD, "a new and longer password")
    assertNotContains(mine.client.get(SESSIONS), "Mobile Safari")
    assertContains(mine.client.get(SESSIONS), "This device")


def test_a_device_that_is_in_use_costs_no_query_more(ada: User) -> None:
    mine = browser(FIREFOX)
    mine.client.get("/explore/")
    with CaptureQueriesContext(connection) as queries:
        mine.client.get("/explore/")
    assert not [query for query in queries if "usersession" in query["sql"]]


def test_last_seen_is_written_down_after_a_while(ada: User) -> None:
    mine = browser(FIREFOX)
    before = timezone.now() - timedelta(hours=1)
    UserSession.objects.update(last_seen_at=before)
    User.objects.update(last_login=before)
    mine.client.get("/explore/")
    assert UserSession.objects.get().last_seen_at > before


def test_a_session_from_before_the_list_comes_into_it(ada: User) -> None:
    mine = browser(FIREFOX)
    UserSession.objects.all().delete()
    User.objects.update(last_login=timezone.now() - timedelta(hours=1))
    assertContains(mine.client.get(SESSIONS), "This device")


def test_who_has_not_come_since_the_secret_key_changed_is_listed(
    ada: User, settings: Settings
) -> None:
    mine = browser(FIREFOX)
    browser(SAFARI)
    api_keys.create(ada, "Script", "read", None)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another" * 8
    page = mine.client.get(SESSIONS)
    assertContains(page, "This device")
    assertContains(page, "Mobile Safari")
    assertContains(mine.client.get(reverse("settings:keys")), "Script")


def test_addresses_of_expired_sessions_are_forgotten(ada: User) -> None:
    browser(FIREFOX)
    devices.forget_expired()
    assert UserSession.objects.count() == 1
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(days=30))
    devices.forget_expired()
    assert UserSession.objects.count() == 0


@pytest.mark.parametrize("user_agent", ["", "x" * 2000, "curl/8.5", "\t;(", "okhttp/4.9"])
def test_odd_browsers_are_devices_too(ada: User, user_agent: str) -> None:
    assertContains(browser(user_agent).client.get(SESSIONS), "This device")


def end_first(execute: Any, sql: str, *args: Any) -> Any:
    """All sessions: once one is read, and before it is written."""
    if sql.startswith("SELECT") and 'FROM "accounts_user"' in sql:
        Session.objects.all().delete()
    return execute(sql, *args)


@pytest.mark.parametrize(
    ("kind", "address", "status"), [(Browser, SESSIONS, 302), (App, "/api/v1/me/", 401)]
)
def test_a_session_that_ends_while_it_is_used(
    ada: User, kind: type[Visitor], address: str, status: int
) -> None:
    device = kind()
    device.log_in(ADA)
    User.objects.update(last_login=timezone.now() - timedelta(hours=1))

    with connection.execute_wrapper(end_first):
        response = device.client.get(address, headers=device.headers)
    assert response.status_code == status
    assert not Session.objects.exists()


def test_a_session_of_an_app_that_ends_while_it_logs_in_once_more(ada: User) -> None:
    app = App()
    app.log_in(ADA)
    with connection.execute_wrapper(end_first):
        response = app.send("POST", "auth/reauthenticate", password=PASSWORD)
    assert_problem(response, 410, "authentication_failed")
