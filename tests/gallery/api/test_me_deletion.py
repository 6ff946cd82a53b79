"""Ending an account by the API: the password again, a week to keep it."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from gallery import closing
from tests.api import address, assert_problem, client_of, token_of
from tests.factories import PASSWORD, make_photo, make_staff

pytestmark = pytest.mark.django_db
APP = "/_allauth/app/v1"


@pytest.fixture
def owner() -> User:
    return make_photo().album.owner


def log_in(owner: User) -> dict[str, str]:
    body = {"email": owner.email, "password": PASSWORD}
    response = Client().post(f"{APP}/auth/login", body, content_type="application/json")
    return {"X-Session-Token": response.json()["meta"]["session_token"]}


def confirm(token: dict[str, str]) -> None:
    response = Client().post(
        f"{APP}/auth/reauthenticate",
        {"password": PASSWORD},
        content_type="application/json",
        headers=token,
    )
    assert response.status_code == 200


def test_the_password_is_asked_for_first(owner: User) -> None:
    token = log_in(owner)
    response = Client().post(address("me-deletion"), headers=token)
    assert_problem(response, 403, "reauthentication_required")
    owner.refresh_from_db()
    assert owner.deletion_due_at is None


def test_a_token_that_never_saw_the_password_is_not_enough(owner: User) -> None:
    token = {"X-Session-Token": token_of(owner)}
    response = Client().post(address("me-deletion"), headers=token)
    assert_problem(response, 403, "reauthentication_required")


def test_an_account_is_closed_and_kept(owner: User) -> None:
    token = log_in(owner)
    confirm(token)
    response = Client().post(address("me-deletion"), headers=token)
    assert response.status_code == 200
    assert response.json()["deletion_due_at"] is not None
    assert_problem(Client().get(address("me"), headers=token), 401, "authentication_failed")

    token = log_in(owner)
    assert Client().get(address("me"), headers=token).json()["deletion_due_at"] is not None
    for name in ("photo-list", "album-list", "notice-list"):
        assert_problem(Client().get(address(name), headers=token), 403, "account_closed")
    response = Client().delete(address("me-deletion"), headers=token)
    assert response.json()["deletion_due_at"] is None
    assert Client().get(address("photo-list"), headers=token).status_code == 200


def test_the_last_administrator_stays() -> None:
    staff = make_staff()
    token = log_in(staff)
    confirm(token)
    response = Client().post(address("me-deletion"), headers=token)
    assert_problem(response, 409, "cannot_close")


def test_files_of_a_closed_account_are_not_served(owner: User) -> None:
    photo = owner.albums.get().photos.get()
    closing.close(owner)
    client = client_of(User.objects.get(pk=owner.pk))
    assert_problem(client.get(address("photo-original", photo)), 403, "account_closed")
