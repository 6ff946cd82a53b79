"""Codes for an address that is confirmed already, and keys that name no account: refused in words."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from accounts.models import TAKEN, User
from tests.accounts.visitors import (
    APP,
    App,
    Browser,
    Visitor,
    code_for,
    mails_to,
    reset_key_for,
)
from tests.factories import make_user

pytestmark = pytest.mark.django_db

OWNER, SECOND = "owner@example.org", "second@example.org"
# An account, a dash, a secret: here one of them, or all, are missing.
KEYS = ["-a", "--", "-", "--a", " -a", "\u3000-a", "a-", "a- ", "a", "z" * 20 + "-a", "1--"]


@pytest.fixture(autouse=True)
def mail_server(settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True


@pytest.fixture(params=[Browser, App], ids=["pages", "api"])
def device(request: pytest.FixtureRequest) -> type[Visitor]:
    kind: type[Visitor] = request.param
    return kind


def newest_code(email: str) -> str:
    code = code_for(email)
    assert code is not None, mails_to(email)
    return code


def assert_taken(response: Any) -> None:
    """The API says it in a code, too; a page shows its form again."""
    if response.headers["Content-Type"] == "application/json":
        assert response.status_code == 400
        assert [error["code"] for error in response.json()["errors"]] == ["email_taken"]
    assert response.status_code in (200, 400)
    assert str(TAKEN) in response.content.decode()


def test_of_two_sessions_that_wait_for_a_first_confirmation_the_later_is_refused(
    device: type[Visitor],
) -> None:
    first, second = device(), device()
    first.sign_up(OWNER)
    code = newest_code(OWNER)
    second.log_in(OWNER)
    later_code = newest_code(OWNER)
    first.enter_code(code)
    assert first.account() == User.objects.get().pk
    assert_taken(second.enter_code(later_code))
    assert second.account() is None
    second.log_in(OWNER)
    assert second.account() == first.account()


def test_of_two_sessions_that_add_the_same_address_the_later_is_refused(
    device: type[Visitor],
) -> None:
    first, second = device(), device()
    first.get_in(OWNER)
    second.log_in(OWNER)
    codes = []
    for visitor in (first, second):
        visitor.add_address(SECOND)
        codes.append(newest_code(SECOND))
    assert codes[0] != codes[1]
    assert first.enter_code(codes[0]).status_code < 400
    assert_taken(second.enter_code(codes[1]))
    holder = User.objects.holder_of(SECOND)
    assert holder is not None
    assert first.account() == second.account() == holder.pk


def test_the_api_says_so_when_it_is_asked_about_the_code() -> None:
    first, second = App(), App()
    first.sign_up(OWNER)
    code = newest_code(OWNER)
    second.log_in(OWNER)
    headers = {**second.headers, "X-Email-Verification-Key": newest_code(OWNER)}
    assert second.client.get(f"{APP}/auth/email/verify", headers=headers).status_code == 200
    first.enter_code(code)
    assert_taken(second.client.get(f"{APP}/auth/email/verify", headers=headers))


@pytest.mark.parametrize("key", KEYS)
def test_a_reset_key_that_names_no_account_is_refused(key: str) -> None:
    response = App().reset(key)
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert (error["code"], error["param"]) == ("invalid_password_reset", "key")


@pytest.mark.parametrize("key", [key for key in KEYS if key.isascii()])
def test_the_api_refuses_it_when_asked_about_the_key(key: str) -> None:
    headers = {"X-Password-Reset-Key": key}
    response = App().client.get(f"{APP}/auth/password/reset", headers=headers)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "invalid_password_reset"


@pytest.mark.parametrize("key", KEYS)
def test_a_link_with_such_a_key_is_no_way_in(key: str) -> None:
    response = Browser().client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    assert response.status_code in (200, 404)
    assert b'name="password1"' not in response.content


def test_a_key_that_was_sent_is_good_until_it_is_used() -> None:
    owner, app = make_user(OWNER), App()
    app.ask_for_reset(OWNER)
    headers = {"X-Password-Reset-Key": reset_key_for(OWNER)}
    response = app.client.get(f"{APP}/auth/password/reset", headers=headers)
    assert response.status_code == 200
    assert response.json()["data"]["user"]["id"] == owner.pk
    app.reset(reset_key_for(OWNER))
    assert app.client.get(f"{APP}/auth/password/reset", headers=headers).status_code == 400


@pytest.mark.parametrize("key", [10**30, "9" * 30, -(10**30), "x", None, [1]])
@pytest.mark.parametrize(
    ("address", "name"),
    [("auth/sessions", "sessions"), ("account/authenticators/webauthn", "authenticators")],
)
def test_keys_of_records_that_no_record_has_are_refused(
    address: str, name: str, key: object
) -> None:
    app = App()
    app.get_in(OWNER)
    response = app.send("DELETE", address, **{name: [key]})
    assert response.status_code == 400, response.content
    assert {error["field"] for error in response.json()["errors"]} == {name}
    assert app.account() is not None
