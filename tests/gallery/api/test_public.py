"""The public gallery: what everybody sees, and nothing else."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from rest_framework.test import APIClient

from accounts.models import User
from gallery import services
from gallery.api.throttles import UserThrottle
from gallery.details import edit_photo
from gallery.models import Album
from jobs.models import Job
from moderation.services import hide
from tests.api import absolute, address, assert_problem, client_of
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db

OF_THE_OWNER = ("original_url", "original_name", "sha256", "bytes", "is_favorite", "hidden_reason")


@pytest.fixture
def album() -> Album:
    """Published, with one photo in color."""
    album = make_album(make_user(name="Ada"), public=True)
    make_colorization(make_photo(album, name="our-garden.jpg"))
    return album


@pytest.fixture
def client() -> APIClient:
    return client_of()


def listed(client: APIClient) -> list[str]:
    return [album["id"] for album in client.get(address("public-albums")).json()["results"]]


def test_published_albums_are_listed_the_last_published_first(
    client: APIClient, album: Album
) -> None:
    other, bare, private = make_album(public=True), make_album(public=True), make_album()
    for each in (other, private):
        make_colorization(make_photo(each))
    make_photo(bare)
    assert listed(client) == [str(other.pk), str(album.pk)]
    assert client.get(address("album-public", bare)).json()["cover_thumbnail_url"] is None
    assert_problem(client.get(address("album-public", private)), 404, "not_found")


def test_an_album_tells_what_the_page_does(client: APIClient, album: Album) -> None:
    make_photo(album)
    hide(make_photo(album), make_staff(), "Blurred")
    body = client.get(address("album-public", album)).json()
    assert (body["photo_count"], body["colored_count"]) == (2, 1)
    assert body["owner_name"] == "Ada"
    assert client.get(body["cover_thumbnail_url"]).status_code == 200
    assert "email" not in str(body)
    assert album.owner.email not in str(body)


def test_a_photo_has_nothing_that_is_the_owners_affair(client: APIClient, album: Album) -> None:
    photo = album.photos.get()
    edit_photo(photo, {"caption": "Our garden"}, people=["Anna"])
    (body,) = client.get(address("album-public-photos", album)).json()["results"]
    assert not set(OF_THE_OWNER) & set(body)
    assert (body["name"], body["caption"], body["people"]) == ("Photo", "", [])
    services.edit_album(album, shows_details=True)
    (body,) = client.get(address("album-public-photos", album)).json()["results"]
    assert (body["caption"], body["people"]) == ("Our garden", ["Anna"])


def test_it_is_the_same_for_its_owner(album: Album) -> None:
    url = address("album-public-photos", album)
    assert client_of(album.owner).get(url).json() == client_of().get(url).json()


def test_every_link_leads_somewhere_without_a_token(client: APIClient, album: Album) -> None:
    (photo,) = client.get(address("album-public-photos", album)).json()["results"]
    (version,) = photo["colorizations"]
    links = [photo["display_url"], photo["thumbnail_url"], photo["album_url"], photo["web_url"]]
    links += [version["preview_url"], version["thumbnail_url"]]
    assert {client.get(link).status_code for link in links} == {200}
    assert client.get(version["web_url"], follow=True).status_code == 200


def test_results_that_are_not_there_yet_are_not_listed(client: APIClient, album: Album) -> None:
    photo = album.photos.get()
    make_colorization(photo, Job.State.FAILED)
    make_colorization(photo, Job.State.QUEUED)
    (body,) = client.get(address("album-public-photos", album)).json()["results"]
    assert (body["colorization_count"], len(body["colorizations"])) == (1, 1)


@pytest.mark.parametrize("name", ["photo-original", "photo-detail", "photo-colorizations"])
def test_what_is_the_owners_needs_a_token(client: APIClient, album: Album, name: str) -> None:
    response = client.get(address(name, album.photos.get()))
    assert_problem(response, 401, "not_authenticated")


def test_hidden_photos_are_absent(client: APIClient, album: Album) -> None:
    photo = album.photos.get()
    hide(photo, make_staff(), "Blurred")
    assert client.get(address("album-public-photos", album)).json()["results"] == []
    for name in ("photo-display", "photo-thumbnail"):
        assert client.get(address(name, photo)).status_code == 404
    for name in ("colorization-preview", "colorization-thumbnail"):
        assert client.get(address(name, photo.colorizations.get())).status_code == 404
    assert listed(client) == []


def withdraw(album: Album) -> None:
    services.unpublish(album)


def hide_it(album: Album) -> None:
    hide(album, make_staff(), "Under review")


def delete(album: Album) -> None:
    services.trash_album(album)


def suspend_its_owner(album: Album) -> None:
    User.objects.filter(pk=album.owner_id).update(is_active=False)


@pytest.mark.parametrize("end", [withdraw, hide_it, delete, suspend_its_owner])
def test_what_is_not_public_any_longer_is_absent(
    client: APIClient, album: Album, end: object
) -> None:
    photo = album.photos.get()
    end(album)  # type: ignore[operator]
    assert listed(client) == []
    for url in (
        address("album-public", album),
        address("album-public-photos", album),
        address("photo-display", photo),
    ):
        assert_problem(client.get(url), 404, "not_found")


def test_addresses_are_absolute(client: APIClient, album: Album) -> None:
    (body,) = client.get(address("public-albums")).json()["results"]
    assert body["url"] == absolute("album-public", album)


def test_who_asks_too_often_has_to_wait(
    client: APIClient, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(UserThrottle, "THROTTLE_RATES", {"user": "2/minute"})
    caches["process"].clear()
    url = address("public-albums")
    assert [client.get(url).status_code for _ in range(2)] == [200, 200]
    assert_problem(client.get(url), 429, "throttled")
    assert client.get(url, REMOTE_ADDR="192.0.2.7").status_code == 200
    caches["process"].clear()


@pytest.mark.parametrize("method", ["post", "patch", "delete"])
def test_nothing_can_be_changed_there(client: APIClient, album: Album, method: str) -> None:
    response = getattr(client, method)(address("album-public", album))
    assert_problem(response, 405, "method_not_allowed")
