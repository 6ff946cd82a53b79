"""What is personal is kept by no cache, and is not shown by going back after logging out."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.http import HttpResponseBase
from django.test import Client
from pytest_django import Settings

from tests.api import address
from tests.factories import make_colorization, make_photo, make_staff, photo_of
from tests.staff import client_of

pytestmark = pytest.mark.django_db

VARY = {"Cookie", "X-Session-Token", "Authorization", "Accept-Language", "HX-Request"}


def vary(response: HttpResponseBase) -> set[str]:
    return {name.strip() for name in response.headers.get("Vary", "").split(",")}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/explore/",
        "/upload/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/admin/",
        "/admin/accounts/user/",
        "/api/v1/me/",
        "/api/v1/photos/",
        "/api/v1/nothing/",
        "/nothing/",
        "/_allauth/app/v1/auth/session",
        "/metrics",
        "/healthz",
    ],
)
@pytest.mark.parametrize("is_anonymous", [True, False], ids=["anonymous", "staff"])
def test_pages_and_json_are_kept_by_nobody(path: str, is_anonymous: bool) -> None:
    client = Client() if is_anonymous else client_of(make_staff())
    response = client.get(path)
    assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))
    assert vary(response) >= VARY


def test_a_part_of_a_page_is_kept_by_nobody() -> None:
    photo = make_photo()
    client = client_of(photo.album.owner)
    response = client.get(f"/photos/{photo.pk}/", headers={"HX-Request": "true"})
    assert response["Cache-Control"] == "private, no-store"
    assert vary(response) >= VARY


def test_what_was_refused_is_kept_by_nobody() -> None:
    response = Client().get("/", headers={"host": "evil.example"})
    assert (response.status_code, response["Cache-Control"]) == (400, "private, no-store")


def test_pictures_are_asked_for_again_and_sent_only_when_changed() -> None:
    photo = photo_of(make_colorization())
    for client in (client_of(photo.album.owner),):
        response = client.get(address("photo-display", photo))
        assert response["Cache-Control"] == "private, no-cache"
        assert vary(response) >= VARY
        again = client.get(
            address("photo-display", photo), headers={"If-None-Match": response["ETag"]}
        )
        assert again.status_code == 304
        assert again["Cache-Control"] == "private, no-cache"


def test_after_logging_out_the_same_address_shows_nothing_personal() -> None:
    photo = make_photo()
    client = client_of(photo.album.owner)
    assert client.get(f"/photos/{photo.pk}/").status_code == 200
    client.post("/accounts/logout/")
    assert photo.album.owner.email not in client.get("/").content.decode()
    assert client.get(address("photo-display", photo)).status_code in (401, 404)


def test_static_files_may_be_kept_by_everybody(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "base.css").write_text("body {}")
    settings.STATIC_ROOT = tmp_path
    response = Client().get("/static/base.css")
    assert "public" in response["Cache-Control"]
    assert not vary(response) & VARY
