"""What goes wrong at login is told as everywhere else in the API, and as allauth's clients expect it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.headless.urls import urlpatterns as allauth_urls
from django.test import Client
from django.urls import URLPattern, URLResolver
from pytest_django import Settings

from accounts.headless import urlpatterns as own_urls
from tests.api import assert_problem, token_of
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db

APP = "/_allauth/app/v1"


def post(client: Client, name: str, body: Any, **headers: str) -> Any:
    return client.post(f"{APP}/{name}", body, content_type="application/json", headers=headers)


def log_in(client: Client, email: str, password: str) -> Any:
    return post(client, "auth/login", {"email": email, "password": password})


def test_wrong_fields(client: Client) -> None:
    response = post(client, "auth/login", {"email": "nobody", "password": ""})
    errors = assert_problem(response, 400, "invalid")["errors"]
    assert {error["field"] for error in errors} == {"email", "password"}
    for error in errors:
        assert error["param"] == error["field"]
        assert error["message"] == error["detail"]
        assert error["code"]


def test_a_wrong_password(client: Client) -> None:
    user = make_user()
    problem = assert_problem(log_in(client, user.email, "wrong"), 400, "invalid")
    assert problem["errors"][0]["code"] == "email_password_mismatch"
    assert problem["title"] == "Bad Request"


def test_the_next_step_is_no_error(client: Client) -> None:
    response = client.get(f"{APP}/auth/session")
    assert response.status_code == 401
    assert response["Content-Type"] == "application/json"
    assert {"login", "signup"} <= {flow["id"] for flow in response.json()["data"]["flows"]}
    assert "code" not in response.json()


def test_the_end_of_a_logout_is_no_error(client: Client) -> None:
    headers = {"X-Session-Token": token_of(make_user())}
    response = client.delete(f"{APP}/auth/session", headers=headers)
    assert (response.status_code, response["Content-Type"]) == (401, "application/json")


def test_a_token_that_is_gone(client: Client) -> None:
    response = client.get(f"{APP}/auth/session", headers={"X-Session-Token": "a" * 32})
    problem = assert_problem(response, 410, "authentication_failed")
    assert not problem["meta"]["is_authenticated"]
    assert problem["data"]["flows"]


def test_a_login_of_who_is_logged_in(client: Client) -> None:
    user = make_user()
    response = post(
        client,
        "auth/login",
        {"email": user.email, "password": PASSWORD},
        **{"X-Session-Token": token_of(user)},
    )
    assert_problem(response, 409, "conflict")


def test_a_code_that_nobody_waits_for(client: Client) -> None:
    assert_problem(post(client, "auth/email/verify", {"key": "ABCD-EFGH"}), 409, "conflict")


def test_too_many_requests_are_told_when_to_come_back(client: Client, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    body = {"email": "ada@example.org"}
    assert post(client, "auth/password/request", body).status_code == 200
    response = post(client, "auth/password/request", body)
    assert_problem(response, 429, "throttled")
    assert int(response["Retry-After"]) > 0


def test_a_method_that_there_is_not(client: Client) -> None:
    assert_problem(client.put(f"{APP}/auth/login"), 405, "method_not_allowed")


def test_in_the_language_of_the_request(client: Client) -> None:
    response = client.get(f"{APP}/nowhere", headers={"Accept-Language": "zh-Hans"})
    detail = assert_problem(response, 404, "not_found")["detail"]
    assert detail != "There is no such address."


def test_its_length_is_told(client: Client) -> None:
    response = client.get(f"{APP}/nowhere")
    assert int(response["Content-Length"]) == len(response.content)


def paths(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from paths(pattern.url_patterns, before + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)


ADDRESSES = sorted(
    {
        path
        for path in [*paths(allauth_urls, "/_allauth/"), *paths(own_urls, f"{APP}/")]
        if "<" not in path and "^" not in path
    }
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"])
def test_nothing_breaks(client: Client, method: str) -> None:
    assert len(ADDRESSES) > 20
    token = token_of(make_user())
    for path in ADDRESSES:
        for headers in ({}, {"X-Session-Token": token}):
            for body in ("", "{}", json.dumps({"key": [{}], "email": {"a": 1}, "sessions": "x"})):
                response = client.generic(
                    method, path, body, content_type="application/json", headers=headers
                )
                assert response.status_code < 500, path
                is_step = response.status_code == 401 and method != "HEAD"
                if response.status_code >= 400 and not is_step and method != "HEAD":
                    assert response["Content-Type"] == "application/problem+json", path
