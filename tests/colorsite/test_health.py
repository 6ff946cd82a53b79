"""/healthz tells whether the database responds, /readyz whether people can be sent here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from tests.factories import make_photo, make_staff, stored_files
from tests.staff import client_of

READS = ("SELECT", "PRAGMA")


@pytest.mark.django_db
def test_a_healthy_site_says_ok(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok"}
    assert "no-store" in response["Cache-Control"]


@pytest.fixture
def media(settings: Settings) -> Path:
    """As it is from the start on, since uploads are written into it."""
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir()
    return folder


@pytest.mark.django_db
def test_a_site_that_can_work_is_ready_and_writes_nothing(client: Client, media: Path) -> None:
    before = media.stat().st_mtime_ns
    with CaptureQueriesContext(connection) as queries:
        response = client.get("/readyz")
    asked = [query["sql"].strip() for query in queries]
    assert [sql for sql in asked if not sql.startswith(READS)] == []
    assert list(media.rglob("*")) == []
    assert media.stat().st_mtime_ns == before
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "migrations": "ok",
        "storage": "ok",
        "queue": "ok",
    }


@pytest.mark.django_db
def test_for_prometheus_and_staff_a_file_is_stored_and_deleted(
    media: Path, settings: Settings
) -> None:
    settings.METRICS_TOKEN = "a token for Prometheus"
    headers = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    for client, sent in ((Client(), headers), (client_of(make_staff()), {})):
        before = media.stat().st_mtime_ns
        assert client.get("/readyz", headers=sent).status_code == 200
        assert media.stat().st_mtime_ns > before
        assert stored_files() == []
        shutil.rmtree(media / "files")


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


@pytest.mark.django_db
def test_a_site_is_not_ready_when_the_disk_of_its_files_is_not_mounted(settings: Settings) -> None:
    make_photo()
    files = Path(settings.MEDIA_ROOT, "files")
    shutil.rmtree(files)
    response = client_of(make_staff()).get("/readyz")
    assert (response.status_code, response.json()["storage"]) == (503, "unavailable")
    assert not files.exists()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_not_changed_by_a_post(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 404), ("/", 301)]
)
@pytest.mark.usefixtures("media")
def test_who_watches_the_site_needs_no_https(settings: Settings, path: str, status: int) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert Client().get(path).status_code == status


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
