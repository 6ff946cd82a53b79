"""Sessions of allauth headless's app client, used as tokens of the API."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.services import suspend
from tests.api import address, assert_problem, client_of
from tests.factories import PASSWORD, make_user

HEADLESS = "/_allauth/app/v1/auth"

pytestmark = pytest.mark.django_db


def sign_up(client: APIClient, email: str = "ada@example.org") -> str:
    body = {"email": email, "password": PASSWORD}
    response = client.post(f"{HEADLESS}/signup", body, format="json")
    assert response.status_code == 200, response.content
    return str(response.json()["meta"]["session_token"])


def get_me(token: str) -> Any:
    return client_of().get(address("me"), headers={"X-Session-Token": token})


def test_a_token_from_sign_up_works() -> None:
    assert get_me(sign_up(client_of())).json()["email"] == "ada@example.org"


def test_a_token_from_login_works_until_logout() -> None:
    sign_up(client_of())
    body = {"email": "ada@example.org", "password": PASSWORD}
    token = client_of().post(f"{HEADLESS}/login", body, format="json").json()["meta"]
    header = {"X-Session-Token": token["session_token"]}
    assert client_of().get(address("me"), headers=header).status_code == 200
    client_of().delete(f"{HEADLESS}/session", headers=header)
    assert_problem(client_of().get(address("me"), headers=header), 401, "authentication_failed")


def test_a_wrong_password_gives_no_token() -> None:
    sign_up(client_of())
    body = {"email": "ada@example.org", "password": "not-the-password"}
    response = client_of().post(f"{HEADLESS}/login", body, format="json")
    assert response.status_code == 400
    assert "session_token" not in response.content.decode()


def test_a_token_can_write_without_csrf_token() -> None:
    client = APIClient(enforce_csrf_checks=True)
    header = {"X-Session-Token": sign_up(client_of())}
    response = client.post(address("album-list"), {"title": "Trip"}, headers=header)
    assert response.status_code == 201


def test_a_browser_session_cannot_write_without_csrf_token() -> None:
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user())
    response = client.post(address("album-list"), {"title": "Trip"})
    assert_problem(response, 403, "permission_denied")


def test_without_a_token_the_challenge_names_the_header() -> None:
    response = client_of().get(address("me"))
    assert_problem(response, 401, "not_authenticated")
    assert response["WWW-Authenticate"] == "X-Session-Token"


def test_an_invented_token_is_refused() -> None:
    assert_problem(get_me("invented"), 401, "authentication_failed")


def test_the_token_of_a_suspended_account_is_refused() -> None:
    token = sign_up(client_of())
    suspend(User.objects.get(email="ada@example.org"), "Spam", by=make_user())
    assert_problem(get_me(token), 401, "authentication_failed")
