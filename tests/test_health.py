"""/healthz tells whether the database answers."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_healthy_site_says_ok(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok"}
    assert "no-store" in answer["Cache-Control"]


def test_it_is_not_changed_by_a_post(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
