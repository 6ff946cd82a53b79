"""What Django answers when there is no view to answer: pages, and JSON for the two APIs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from pytest_django import Settings
from pytest_django.asserts import assertContains

from colorsite.errors import server_error
from filestore.errors import StorageUnavailableError
from tests.api import assert_problem, client_of
from tests.factories import make_photo, make_upload, make_user

pytestmark = pytest.mark.django_db


def test_an_address_without_a_page(client: Client) -> None:
    assertContains(client.get("/nowhere/"), "Page not found", status_code=404)


def test_a_form_without_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assertContains(client.post("/accounts/login/"), "This form has expired", status_code=403)


def test_a_fault_of_ours_is_told_without_any_context(rf: RequestFactory) -> None:
    response = server_error(rf.get("/"))
    assertContains(response, "Something went wrong on our side", status_code=500)


def test_a_fault_of_ours_in_the_api_is_a_problem(rf: RequestFactory) -> None:
    response = server_error(rf.get("/api/v1/me/"))
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert b"internal_error" in response.content


def lost_by(error: type[Exception]) -> Callable[..., object]:
    def execute(*_args: object) -> None:
        raise error("the connection is closed")

    return execute


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_lost_database_passes_and_is_logged(
    caplog: pytest.LogCaptureFixture, method: str, error: type[Exception]
) -> None:
    client = client_of(make_user())
    client.raise_request_exception = False
    with connection.execute_wrapper(lost_by(error)):
        response = getattr(client, method)("/api/v1/albums/")
    assert_problem(response, 503, "busy")
    assert int(response["Retry-After"]) > 0
    logged = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.exc_info and record.exc_info[0] for record in logged] == [error]


def test_so_it_does_for_pages_and_at_login(client: Client) -> None:
    client.force_login(make_user())
    client.raise_request_exception = False
    with connection.execute_wrapper(lost_by(OperationalError)):
        page = client.get("/photos/")
        login = client.get("/_allauth/app/v1/auth/session", headers={"X-Session-Token": "x"})
    assertContains(page, "Try again in a minute", status_code=503)
    assertContains(page, 'aria-hidden="true">503<', status_code=503)
    assert_problem(login, 503, "busy")
    assert page["Retry-After"] == login["Retry-After"] == "5"


def test_a_storage_that_is_away_passes_as_well(
    client: Client, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    photo = make_photo()
    request.getfixturevalue("s3_away")
    api = client_of(photo.album.owner)
    client.force_login(photo.album.owner)
    api.raise_request_exception = client.raise_request_exception = False
    file = f"photos/{photo.pk}/original/"
    page = client.get(f"/{file}")
    assertContains(page, "Try again in a minute", status_code=503)
    upload = {"image": make_upload(), "album": str(photo.album.pk)}
    answers = [api.get(f"/api/v1/{file}"), api.post("/api/v1/photos/", upload)]
    for answer in answers:
        assert_problem(answer, 503, "busy")
    assert {response["Retry-After"] for response in (page, *answers)} == {"5"}
    logged = [record for record in caplog.records if record.name == "django.request"]
    assert [record.exc_info and record.exc_info[0] for record in logged] == [
        StorageUnavailableError
    ] * 3
    assert photo.album.photos.count() == 1


def test_a_redis_that_is_away_passes_as_well(client: Client, settings: Settings) -> None:
    """Rates are counted there."""
    nobody = "redis://127.0.0.1:1"
    settings.Q_CLUSTER = {**settings.Q_CLUSTER, "redis": nobody}
    redis = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": nobody}
    settings.CACHES = {**settings.CACHES, "default": redis}
    client.raise_request_exception = False
    page = client.post("/accounts/login/", {"login": "ada@example.org", "password": "a guess"})
    assertContains(page, "Try again in a minute", status_code=503)
    body = {"email": "ada@example.org", "password": "a guess"}
    answer = client.post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    assert_problem(answer, 503, "busy")


def test_a_file_that_is_lost_is_not_found(client: Client) -> None:
    photo = make_photo()
    Path(photo.original.name.path).unlink()
    api = client_of(photo.album.owner)
    client.force_login(photo.album.owner)
    for method in ("get", "head"):
        assert getattr(client, method)(f"/photos/{photo.pk}/original/").status_code == 404
    problem = assert_problem(api.get(f"/api/v1/photos/{photo.pk}/original/"), 404, "not_found")
    assert problem["detail"] == "This file is not there anymore."


def test_below_allauths_addresses_it_is_a_problem(client: Client) -> None:
    response = client.get("/_allauth/app/v1/nowhere")
    problem = assert_problem(response, 404, "not_found")
    assert problem["detail"] == "There is no such address."


def test_a_method_that_a_page_does_not_know(client: Client) -> None:
    response = client.put("/explore/")
    assertContains(response, "This address can't do that", status_code=405)
    assert response["Allow"] == "GET, HEAD"


def test_a_form_with_more_files_than_we_read_says_so(client: Client) -> None:
    files = "".join(
        f'--x\r\nContent-Disposition: form-data; name="photos"; filename="{n}.jpg"\r\n\r\nx\r\n'
        for n in range(101)
    )
    response = client.post(
        "/accounts/login/", files + "--x--\r\n", "multipart/form-data; boundary=x"
    )
    assertContains(response, "Send at most 100 files at a time.", status_code=400)


@pytest.mark.parametrize("status", [400, 403, 405, 429])
def test_every_error_has_a_way_out(status: int) -> None:
    assert 'href="/"' in render_to_string(f"{status}.html")
