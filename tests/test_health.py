"""/healthz tells whether the database answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client


@pytest.mark.django_db
def test_a_healthy_site_says_ok(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_it_is_not_changed_by_a_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


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
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "database": "unavailable"}
