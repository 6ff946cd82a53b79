"""The trash by the API."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from colorizer.models import Colorization
from gallery import services
from gallery.models import Album, Photo
from gallery.trash.contents import Trash
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_colorization, make_photo, make_user, photo_of

pytestmark = pytest.mark.django_db


def listed(owner: User) -> list[dict[str, Any]]:
    body = client_of(owner).get(address("trash")).json()
    assert body["count"] == len(body["results"])
    results: list[dict[str, Any]] = body["results"]
    return results


def restored(owner: User, **ids: Any) -> Any:
    return client_of(owner).post(address("trash-restore"), ids, format="json")


@pytest.mark.parametrize("kind", ["album", "photo", "colorization"])
def test_what_is_deleted_is_in_the_trash(kind: str) -> None:
    version = make_colorization()
    photo = photo_of(version)
    thing = {"album": photo.album, "photo": photo, "colorization": version}[kind]
    owner = photo.album.owner
    assert client_of(owner).delete(address(f"{kind}-detail", thing)).status_code == 204
    (found,) = listed(owner)
    assert (found["kind"], found["id"]) == (kind, str(thing.pk))
    assert found["url"] == absolute(f"{kind}-in-trash", thing)
    assert client_of(owner).get(found["thumbnail_url"]).status_code == 200


def test_an_album_tells_how_many_photos_come_back() -> None:
    album = make_photo().album
    services.trash_album(album)
    (found,) = listed(album.owner)
    assert found["photo_count"] == 1
    assert found["expires_at"] > found["trashed_at"]


def test_an_empty_album_has_no_thumbnail() -> None:
    album = make_album()
    services.trash_album(album)
    assert listed(album.owner)[0]["thumbnail_url"] is None


def test_the_trash_of_others_is_not_listed() -> None:
    services.trash_photos([make_photo()])
    assert listed(make_user()) == []


def test_the_size_tells_what_emptying_deletes() -> None:
    album = photo_of(make_colorization()).album
    services.trash_album(album)
    body = client_of(album.owner).get(address("trash-size")).json()
    assert body == {
        "albums": 1,
        "photos": 1,
        "colorizations": 0,
        "bytes": Trash.of(album.owner).total_bytes(),
    }


def test_restoring_by_ids() -> None:
    version = make_colorization()
    photo = photo_of(version)
    services.trash_photos([photo])
    response = restored(photo.album.owner, photos=[photo.pk])
    assert response.json() == {"albums": 0, "photos": 1, "colorizations": 0, "moved_to": None}
    assert Colorization.objects.kept().get() == version


def test_restoring_everything() -> None:
    album = make_photo().album
    services.trash_album(album)
    assert restored(album.owner, all=True).json()["albums"] == 1
    assert Album.objects.kept().get() == album


def test_a_photo_without_its_album_tells_where_it_is() -> None:
    photo = make_photo()
    services.trash_album(photo.album)
    body = restored(photo.album.owner, photos=[photo.pk]).json()
    mine = Album.objects.get(title=services.DEFAULT_ALBUM_TITLE)
    assert body["moved_to"] == absolute("album-detail", mine)


def test_nothing_to_restore_is_not_found() -> None:
    photo = make_photo()
    assert_problem(restored(photo.album.owner, photos=[photo.pk]), 404, "not_found")
    assert_problem(restored(photo.album.owner), 404, "not_found")


def test_ids_are_checked() -> None:
    assert invalid_fields(restored(make_user(), photos=["x"])) == {"photos.0": "invalid"}


def test_the_trash_of_others_is_not_restored() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    assert_problem(restored(make_user(), photos=[photo.pk]), 404, "not_found")


def test_deleting_for_good() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    assert client_of(photo.album.owner).delete(address("photo-in-trash", photo)).status_code == 204
    assert not Photo.objects.exists()


def test_what_is_not_in_the_trash_is_not_deleted_for_good() -> None:
    photo = make_photo()
    response = client_of(photo.album.owner).delete(address("photo-in-trash", photo))
    assert_problem(response, 404, "not_found")
    unknown = reverse("api:photo-in-trash", args=[uuid.uuid4()])
    assert_problem(client_of(photo.album.owner).delete(unknown), 404, "not_found")


def test_emptying() -> None:
    album = make_photo().album
    services.trash_album(album)
    assert client_of(album.owner).delete(address("trash")).status_code == 204
    assert not Album.objects.exists()
