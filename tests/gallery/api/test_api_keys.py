"""The API with an API key: as far as its scope goes, and never to the account itself."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from accounts import api_keys
from accounts.models import User
from gallery.api.authentication import INSUFFICIENT_SCOPE
from gallery.api.problems import ProblemCode
from gallery.models import Album
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return make_user("ada@example.org")


def headers(owner: User, scope: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {api_keys.create(owner, 'Script', scope, None)[1]}"}


def test_a_key_that_may_read_lists(ada: User) -> None:
    make_album(ada, "Harbor")
    response = client_of().get(address("album-list"), headers=headers(ada, "read"))
    assert [album["title"] for album in response.json()["results"]] == ["Harbor"]


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_a_key_that_may_read_changes_nothing(ada: User, method: str) -> None:
    album = make_album(ada, "Harbor")
    where = address("album-list") if method == "post" else address("album-detail", album)
    response = getattr(client_of(), method)(
        where, {"title": "Changed"}, headers=headers(ada, "read")
    )
    assert_problem(response, 403, ProblemCode.INSUFFICIENT_SCOPE)
    assert [album.title for album in Album.objects.all()] == ["Harbor"]


def test_the_code_is_one_of_the_documented() -> None:
    assert INSUFFICIENT_SCOPE in ProblemCode


def test_a_key_that_may_write_makes_albums(ada: User) -> None:
    response = client_of().post(
        address("album-list"), {"title": "Harbor"}, headers=headers(ada, "write")
    )
    assert response.status_code == 201
    assert Album.objects.get().owner == ada


def test_others_albums_are_not_there(ada: User) -> None:
    other = make_album(make_user())
    response = client_of().get(address("album-detail", other), headers=headers(ada, "write"))
    assert response.status_code == 404


def test_a_key_carries_no_rights_of_staff() -> None:
    staff = make_staff()
    own, other = make_album(staff), make_album(make_user())
    key = headers(staff, "write")
    assert client_of().get(address("album-detail", own), headers=key).status_code == 200
    assert client_of().get(address("album-detail", other), headers=key).status_code == 404
    assert client_of(staff).get(address("album-detail", other)).status_code == 200
    staff.refresh_from_db()
    assert (staff.is_staff, staff.is_superuser) == (True, True)


@pytest.mark.parametrize(
    "value", ["Bearer tt_wrong", "Bearer", "Bearer ", "bearer x y", "Bearer \xff\xfe"]
)
def test_what_is_no_key_is_refused(value: str) -> None:
    response = client_of().get(address("me"), headers={"Authorization": value})
    assert_problem(response, 401, ProblemCode.AUTHENTICATION_FAILED)


def test_other_schemes_are_nobodys(ada: User) -> None:
    response = client_of().get(address("me"), headers={"Authorization": "Basic YTpi"})
    assert_problem(response, 401, ProblemCode.NOT_AUTHENTICATED)


@pytest.mark.parametrize(
    "where", ["auth/session", "account/email", "account/authenticators", "auth/sessions"]
)
def test_a_key_does_not_open_the_account(ada: User, where: str) -> None:
    response = client_of().get(f"/_allauth/app/v1/{where}", headers=headers(ada, "write"))
    assert response.status_code == 401


def test_a_key_does_not_open_pages(ada: User) -> None:
    response = client_of().get("/settings/", headers=headers(ada, "write"))
    assert response.status_code == 302


def test_rates_are_those_of_the_person(ada: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"album": "1/m/user"}

    def create() -> Any:
        return client_of().post(
            address("album-list"), {"title": "Harbor"}, headers=headers(ada, "write")
        )

    assert create().status_code == 201
    assert_problem(create(), 429, ProblemCode.THROTTLED)


def test_the_description_names_keys() -> None:
    schema = client_of().get(address("schema"), {"format": "json"}).json()
    assert schema["components"]["securitySchemes"]["apiKey"]["scheme"] == "bearer"
