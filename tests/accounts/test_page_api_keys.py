"""API keys in the settings: made after the password, shown once, listed and deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from accounts import api_keys
from accounts.models import ApiKey, User
from accounts.services import end_sessions, suspend
from tests.accounts.visitors import Browser
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db

KEYS, NEW = "/settings/api-keys/", "/settings/api-keys/new/"
CHOICES = {"name": "Scanner", "scope": "write", "days": "30"}


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def client(ada: User) -> Client:
    browser = Browser()
    browser.log_in(ada.email)
    browser.client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return browser.client


def make(client: Client, **choices: str) -> str:
    page = client.post(NEW, {**CHOICES, **choices})
    assertContains(page, "shown only this once")
    return str(page.context["key"])


def test_a_key_is_shown_once(client: Client) -> None:
    key = make(client)
    assert key.startswith("tt_")
    listed = client.get(KEYS)
    assertContains(listed, "Scanner")
    assertContains(listed, key[: api_keys.PREFIX_LENGTH])
    assertNotContains(listed, key)


def test_the_key_itself_is_kept_nowhere(client: Client) -> None:
    key = make(client)
    assert key not in str(ApiKey.objects.values())
    assert key not in str(dict(client.session.items()))


def test_it_opens_the_account_of_its_owner(client: Client, ada: User) -> None:
    record = api_keys.find(make(client))
    assert record is not None
    assert (record.owner, record.scope) == (ada, "write")


def test_the_password_is_asked_first(ada: User) -> None:
    device = Client()
    device.force_login(ada)
    assert device.get(NEW)["Location"].startswith(reverse("account_reauthenticate"))
    device.post(NEW, CHOICES)
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scope": "admin"}, {"days": "9999"}])
def test_what_is_no_choice_is_refused(client: Client, wrong: dict[str, str]) -> None:
    assertContains(client.post(NEW, {**CHOICES, **wrong}), "errorlist")
    assert not ApiKey.objects.exists()


def test_a_deleted_key_opens_nothing(client: Client) -> None:
    key = make(client)
    client.post(reverse("settings:key-revoke", args=[ApiKey.objects.get().pk]))
    assert api_keys.find(key) is None


def test_nobody_deletes_the_keys_of_others(client: Client) -> None:
    make(client)
    stranger = Client()
    stranger.force_login(make_user())
    address = reverse("settings:key-revoke", args=[ApiKey.objects.get().pk])
    assert stranger.post(address).status_code == 404
    assert ApiKey.objects.exists()


def test_a_key_expires(client: Client) -> None:
    key = make(client)
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert api_keys.find(key) is None
    assertNotContains(client.get(KEYS), "Scanner")
    api_keys.delete_ended()
    assert not ApiKey.objects.exists()


def test_a_key_without_an_end_does_not(client: Client) -> None:
    key = make(client, days="")
    assert ApiKey.objects.get().expires_at is None
    api_keys.delete_ended()
    assert api_keys.find(key) is not None


def test_a_new_password_ends_it(client: Client, ada: User) -> None:
    key = make(client)
    new = "a new and longer password"
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert api_keys.find(key) is None
    assertNotContains(client.get(KEYS), "Scanner")


def test_ending_all_sessions_ends_it(ada: User) -> None:
    _record, key = api_keys.create(ada, "Scanner", "read", None)
    end_sessions(ada)
    assert api_keys.find(key) is None


def test_a_suspension_ends_it(ada: User) -> None:
    _record, key = api_keys.create(ada, "Scanner", "read", None)
    suspend(ada, "Spam", make_staff())
    assert api_keys.find(key) is None


def test_its_use_is_written_down(client: Client) -> None:
    key = make(client)
    assertContains(client.get(KEYS), "never used")
    api_keys.find(key)
    assertNotContains(client.get(KEYS), "never used")


def test_there_is_an_end_to_their_number(ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "MAX_KEYS", 1)
    api_keys.create(ada, "One", "read", None)
    with pytest.raises(ValidationError, match="Delete one first"):
        api_keys.create(ada, "Two", "read", None)


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_time_are_not_both_the_last(
    ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_KEYS", 1)
    both = Barrier(2, timeout=10)

    def random_text(size: int) -> str:
        return f"{size}-{both.wait()}"

    monkeypatch.setattr("secrets.token_urlsafe", random_text)

    def make_one(name: str) -> bool:
        try:
            api_keys.create(ada, name, "read", None)
        except ValidationError:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(make_one, ["One", "Two"])) == [False, True]
    assert ApiKey.objects.count() == 1


def test_keys_that_ended_with_all_sessions_are_not_kept_forever(ada: User) -> None:
    api_keys.create(ada, "Old", "read", None)
    end_sessions(ada)
    api_keys.create(ada, "New", "read", None)
    assert ApiKey.objects.get().name == "New"
