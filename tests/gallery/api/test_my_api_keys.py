"""API keys by the API: made by whoever has just sent the password, shown once, listed, ended. Never by a key."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import api_keys
from accounts.models import ApiKey, User
from gallery.models import IdempotentRequest
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
APP = "/_allauth/app/v1/auth"


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


@pytest.fixture
def token(ada: User) -> dict[str, str]:
    """Of a session that has just sent the password again."""
    client = Client()
    body = {"email": ada.email, "password": PASSWORD}
    login = client.post(f"{APP}/login", body, content_type="application/json").json()
    headers = {"X-Session-Token": login["meta"]["session_token"]}
    client.post(f"{APP}/reauthenticate", body, content_type="application/json", headers=headers)
    return headers


def make(token: dict[str, str], **fields: Any) -> Any:
    order = {"name": "Scanner script", "scope": "write", **fields}
    return client_of().post(address("key-list"), order, headers=token, format="json")


def test_a_key_is_shown_once_and_works(ada: User, token: dict[str, str]) -> None:
    made = make(token)
    body, record = made.json(), ApiKey.objects.get()
    assert (made.status_code, made["Location"]) == (201, absolute("key-detail", record))
    assert (record.owner, record.name, record.scope) == (ada, "Scanner script", "write")
    headers = {"Authorization": f"Bearer {body['key']}"}
    assert client_of().get(address("me"), headers=headers).json()["email"] == ada.email
    (listed,) = client_of().get(address("key-list"), headers=token).json()["results"]
    assert "key" not in listed
    assert body["key"].startswith(listed["prefix"])
    assert body["key"] not in client_of().get(listed["url"], headers=token).content.decode()


def test_it_reads_only_and_expires_in_90_days_unless_asked_otherwise(token: dict[str, str]) -> None:
    client_of().post(address("key-list"), {"name": "Script"}, headers=token)
    record = ApiKey.objects.get()
    assert record.scope == ApiKey.Scope.READ
    assert record.expires_at
    assert abs(record.expires_at - timezone.now() - timedelta(days=90)) < timedelta(hours=1)


def test_it_may_never_expire(token: dict[str, str]) -> None:
    assert make(token, expires_at=None).json()["expires_at"] is None


@pytest.mark.parametrize(("days", "code"), [(-1, "min_value"), (367, "max_value")])
def test_it_expires_in_the_future_and_within_a_year(
    token: dict[str, str], days: int, code: str
) -> None:
    expires_at = (timezone.now() + timedelta(days=days)).isoformat()
    assert invalid_fields(make(token, expires_at=expires_at)) == {"expires_at": code}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"scope": "admin"},
        {"expires_at": "9999-99-99"},
        {"expires_at": "0001-01-01T00:00:00+14:00"},
        {"expires_at": "9999-12-31T23:59:59-14:00"},
    ],
)
def test_what_is_wrong_is_named(token: dict[str, str], wrong: dict[str, str]) -> None:
    assert list(invalid_fields(make(token, **wrong))) == list(wrong)
    assert not ApiKey.objects.exists()


def test_the_password_is_asked_for_first(ada: User) -> None:
    response = client_of(ada).post(address("key-list"), {"name": "Script"})
    assert_problem(response, 403, "reauthentication_required")
    assert not ApiKey.objects.exists()


def test_there_is_an_end_of_keys(
    ada: User, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_KEYS", 1)
    make(token)
    assert invalid_fields(make(token)) == {"non_field_errors": "too_many_keys"}


def test_they_are_not_made_too_often(token: dict[str, str], settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"api_key": "1/h/user"}
    assert make(token).status_code == 201
    assert_problem(make(token), 429, "throttled")


def test_the_answer_with_the_key_is_not_kept(token: dict[str, str]) -> None:
    made = [make({**token, "Idempotency-Key": "once"}).json()["key"] for _ in range(2)]
    assert made[0] != made[1]
    assert not IdempotentRequest.objects.exists()


def test_a_deleted_key_is_locked_out(ada: User, token: dict[str, str]) -> None:
    made = make(token).json()
    assert client_of().delete(made["url"], headers=token).status_code == 204
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert_problem(client_of().get(address("me"), headers=headers), 401, "authentication_failed")


def test_what_has_ended_is_not_listed(ada: User) -> None:
    past = timezone.now() - timedelta(days=1)
    record, _key = api_keys.create(ada, "Old", "read", past)
    client = client_of(ada)
    assert client.get(address("key-list")).json()["results"] == []
    assert_problem(client.get(address("key-detail", record)), 404, "not_found")


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_a_key_has_nothing_to_do_with_keys(ada: User, method: str) -> None:
    record, key = api_keys.create(ada, "Script", "write", None)
    where = address("key-detail", record) if method == "delete" else address("key-list")
    response = getattr(client_of(), method)(where, headers={"Authorization": f"Bearer {key}"})
    assert_problem(response, 403, "insufficient_scope")
    assert ApiKey.objects.count() == 1
