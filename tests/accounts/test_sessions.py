"""Log in, log out, sign up and suspension, by the web pages and by the API's tokens."""

from __future__ import annotations

from http import HTTPStatus

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.services import suspend
from tests.factories import PASSWORD, make_staff, make_user

pytestmark = pytest.mark.django_db

APP_LOGIN = "/_allauth/app/v1/auth/login"
APP_SESSION = "/_allauth/app/v1/auth/session"


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def log_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


def app_token(client: Client, email: str) -> str:
    response = client.post(
        APP_LOGIN, {"email": email, "password": PASSWORD}, content_type="application/json"
    )
    assert response.status_code == HTTPStatus.OK, response.content
    token: str = response.json()["meta"]["session_token"]
    return token


def test_signing_up_needs_only_an_address_and_a_password(client: Client) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "ada@example.org", "password1": PASSWORD}
    )

    assert response.status_code == HTTPStatus.FOUND
    assert is_logged_in(client)
    assert User.objects.get().email == "ada@example.org"


def test_signing_up_with_a_common_password_is_refused(client: Client) -> None:
    response = client.post(
        reverse("account_signup"), {"email": "ada@example.org", "password1": "password"}
    )
    assert response.status_code == HTTPStatus.OK
    assert "too common" in response.content.decode()
    assert not User.objects.exists()


def test_signing_up_with_a_taken_address_makes_no_second_account(client: Client) -> None:
    make_user("ada@example.org")
    client.post(reverse("account_signup"), {"email": "ADA@example.org", "password1": PASSWORD})
    assert User.objects.count() == 1
    assert not is_logged_in(client)


def test_log_in_is_case_insensitive(client: Client) -> None:
    make_user("ada@example.org")
    assert log_in(client, "ADA@Example.org") == HTTPStatus.FOUND
    assert is_logged_in(client)


def test_a_wrong_password_does_not_log_in(client: Client) -> None:
    make_user("ada@example.org")
    assert log_in(client, "ada@example.org", "wrong") == HTTPStatus.OK
    assert not is_logged_in(client)


def test_logging_out_ends_the_session(client: Client) -> None:
    client.force_login(make_user())
    client.post(reverse("account_logout"))
    assert not is_logged_in(client)


def test_a_password_is_reset_by_email(client: Client) -> None:
    make_user("ada@example.org")
    client.post(reverse("account_reset_password"), {"email": "ada@example.org"})
    assert "/accounts/password/reset/key/" in mail.outbox[0].body


def test_a_suspended_user_is_told_why_and_stays_out(client: Client) -> None:
    ada = make_user("ada@example.org")
    suspend(ada, "Uploads of other people's albums", make_staff())

    response = client.post(reverse("account_login"), {"login": ada.email, "password": PASSWORD})

    assert response.status_code == HTTPStatus.FORBIDDEN
    assert "Uploads of other people&#x27;s albums" in response.content.decode()
    assert not is_logged_in(client)


def test_a_stranger_does_not_learn_that_an_account_is_suspended(client: Client) -> None:
    ada = make_user("ada@example.org")
    suspend(ada, "Spam", make_staff())
    response = client.post(reverse("account_login"), {"login": ada.email, "password": "a guess"})
    assert response.status_code == HTTPStatus.OK
    assert "Spam" not in response.content.decode()


def test_suspending_ends_a_session_with_the_next_request(client: Client) -> None:
    ada = make_user()
    client.force_login(ada)
    assert client.get(reverse("account_email")).status_code == HTTPStatus.OK

    suspend(ada, "Spam", make_staff())

    response = client.get(reverse("account_email"))
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"].startswith(reverse("account_login"))


def test_suspending_ends_a_token_with_the_next_request(client: Client) -> None:
    ada = make_user("ada@example.org")
    headers = {"X-Session-Token": app_token(client, ada.email)}
    assert Client().get(APP_SESSION, headers=headers).status_code == HTTPStatus.OK

    suspend(ada, "Spam", make_staff())

    assert Client().get(APP_SESSION, headers=headers).status_code != HTTPStatus.OK
    assert Client().get("/api/v1/me/", headers=headers).status_code == HTTPStatus.UNAUTHORIZED


def test_a_suspended_user_gets_no_token(client: Client) -> None:
    ada = make_user("ada@example.org")
    suspend(ada, "Spam", make_staff())
    response = client.post(
        APP_LOGIN, {"email": ada.email, "password": PASSWORD}, content_type="application/json"
    )
    assert response.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
