from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from gallery.models import Album
from gallery.services import publish
from moderation.services import hide
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_the_list_holds_your_albums_only() -> None:
    mine, theirs = make_album(make_user()), make_album(make_user())
    publish(theirs)
    body = client_of(mine.owner).get(address("album-list")).json()
    assert [album["id"] for album in body["results"]] == [str(mine.pk)]


def test_the_list_comes_in_pages_newest_first() -> None:
    user = make_user()
    first, second, third = make_album(user), make_album(user), make_album(user)
    client = client_of(user)
    page = client.get(address("album-list"), {"page_size": 2}).json()
    assert [album["id"] for album in page["results"]] == [str(third.pk), str(second.pk)]
    rest = client.get(page["next"]).json()
    assert [album["id"] for album in rest["results"]] == [str(first.pk)]
    assert rest["next"] is None


def test_an_album_is_created_for_whoever_asks() -> None:
    user, other = make_user(), make_user()
    body = {"title": "Trip", "owner": other.pk, "user": other.pk}
    response = client_of(user).post(address("album-list"), body)
    album = Album.objects.get()
    assert response.status_code == 201
    assert response["Location"] == absolute("album-detail", album)
    assert (album.owner, album.title) == (user, "Trip")


def test_an_album_can_be_created_published() -> None:
    body = {"title": "Trip", "visibility": "public"}
    response = client_of(make_user()).post(address("album-list"), body)
    assert response.json()["visibility"] == "public"
    assert Album.objects.published().exists()


def test_an_album_needs_a_title() -> None:
    response = client_of(make_user()).post(address("album-list"), {"title": " "})
    assert invalid_fields(response) == {"title": "blank"}
    assert not Album.objects.exists()


def test_an_unknown_visibility_creates_nothing() -> None:
    body = {"title": "Trip", "visibility": "world"}
    response = client_of(make_user()).post(address("album-list"), body)
    assert invalid_fields(response) == {"visibility": "invalid_choice"}
    assert not Album.objects.exists()


def test_the_owner_publishes_renames_and_withdraws() -> None:
    album = make_album(make_user())
    client, url = client_of(album.owner), address("album-detail", album)
    published = client.patch(url, {"visibility": "public", "title": "Sea"}).json()
    assert (published["visibility"], published["title"]) == ("public", "Sea")
    assert published["published_at"]
    withdrawn = client.patch(url, {"visibility": "private"}).json()
    assert withdrawn["published_at"] is None


def test_publishing_dates_cannot_be_forged() -> None:
    album = make_album(make_user())
    body = {"published_at": "2001-01-01T00:00:00Z", "is_hidden": True}
    response = client_of(album.owner).patch(address("album-detail", album), body)
    assert response.json()["published_at"] is None
    assert response.json()["is_hidden"] is False


def test_a_deleted_album_is_gone() -> None:
    album = make_photo(make_album(make_user())).album
    client = client_of(album.owner)
    assert client.delete(address("album-detail", album)).status_code == 204
    assert_problem(client.get(address("album-detail", album)), 404, "not_found")


def test_photos_of_a_published_album_without_the_hidden_ones() -> None:
    album = make_album(make_user())
    shown, hidden = make_photo(album), make_photo(album)
    publish(album)
    hide(hidden, make_user(), "Not a family picture")
    url = address("album-photos", album)
    assert photo_ids(client_of(make_user()), url) == {str(shown.pk)}
    assert photo_ids(client_of(album.owner), url) == {str(shown.pk), str(hidden.pk)}


def photo_ids(client: APIClient, url: str) -> set[str]:
    return {photo["id"] for photo in client.get(url).json()["results"]}
