"""What the tests of the API share."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import User
from tests.conformance import ConformingClient


def client_of(user: User | None = None) -> APIClient:
    client = ConformingClient()
    if user is not None:
        client.force_login(user)
    return client


def token_of(user: User) -> str:
    """The session token that a client without cookies sends."""
    return str(client_of(user).session.session_key)


def address(name: str, obj: Any = None) -> str:
    return reverse(f"api:{name}", args=[obj.pk] if obj is not None else None)


def assert_problem(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["code"] == code
    assert body["detail"]
    return body


def invalid_fields(response: Any) -> dict[str, str]:
    """The field errors of a validation problem: field -> code."""
    body = assert_problem(response, 400, "invalid")
    return {error["field"]: error["code"] for error in body["errors"]}


def absolute(name: str, obj: Any) -> str:
    """As links and the header Location have it: never with the host that the client named."""
    return f"{settings.SITE_URL}{address(name, obj)}"
