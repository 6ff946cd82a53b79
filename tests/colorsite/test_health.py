"""/healthz tells whether the database responds, /readyz whether people can be sent here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from tests.factories import stored_files


@pytest.mark.django_db
def test_a_healthy_site_says_ok(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_a_site_that_can_work_is_ready_and_leaves_nothing_behind(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "storage": "ok",
        "queue": "ok",
    }
    assert stored_files() == []


@pytest.mark.django_db
def test_a_site_is_not_ready_for_an_earlier_database(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'gallery'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "unavailable")


@pytest.mark.django_db
def test_a_site_is_not_ready_when_nothing_can_be_stored(client: Client, settings: Settings) -> None:
    settings.MEDIA_ROOT = "/dev/null/media"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["storage"]) == (503, "unavailable")
    assert "/dev/null" not in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_not_changed_by_a_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.fixture
def _no_database(transactional_db: None) -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = "/no-such-folder/database"
    yield
    connection.close()
    connection.settings_dict["NAME"] = name


@pytest.mark.usefixtures("_no_database")
def test_a_site_without_its_database_says_so_and_no_more(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "unavailable", "database": "unavailable"}
