from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from pytest_django import Settings

from gallery.models import Album, Photo
from gallery.services import publish
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.colorizer.decoders import busy_decoders
from tests.factories import (
    make_album,
    make_photo,
    make_upload,
    make_user,
    picture_bytes,
)
from tests.hostile import jpegs
from tests.pictures import without_end

pytestmark = pytest.mark.django_db


def test_an_upload_goes_to_the_default_album() -> None:
    user, content = make_user(), picture_bytes()
    response = client_of(user).post(address("photo-list"), {"image": make_upload(content)})
    photo = Photo.objects.get()
    assert response.status_code == 201
    assert response["Location"] == absolute("photo-detail", photo)
    assert photo.album.owner == user
    assert response.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert response.json()["colorizations"] == []


def test_a_flaw_of_the_file_is_told() -> None:
    user = make_user()
    flaws = {
        content: client_of(user)
        .post(address("photo-list"), {"image": make_upload(content)})
        .json()["flaw"]
        for content in (picture_bytes(), without_end(picture_bytes()))
    }
    assert list(flaws.values()) == ["", "no_end"]


def test_an_upload_goes_to_the_named_album() -> None:
    album = make_album(make_user())
    body = {"image": make_upload(), "album": str(album.pk)}
    assert client_of(album.owner).post(address("photo-list"), body).status_code == 201
    assert album.photos.count() == 1


def test_an_upload_to_a_published_album_of_somebody_else_is_refused() -> None:
    album = make_album(make_user())
    publish(album)
    body = {"image": make_upload(), "album": str(album.pk)}
    response = client_of(make_user()).post(address("photo-list"), body)
    assert invalid_fields(response) == {"album": "does_not_exist"}
    assert not Photo.objects.exists()


def test_an_owner_in_the_request_is_ignored() -> None:
    user, other = make_user(), make_user()
    body = {"image": make_upload(), "owner": other.pk, "user": other.pk}
    client_of(user).post(address("photo-list"), body)
    assert Album.objects.get().owner == user


def test_an_upload_without_a_file_is_refused() -> None:
    response = client_of(make_user()).post(address("photo-list"), {})
    assert invalid_fields(response) == {"image": "required"}


def test_an_upload_is_multipart() -> None:
    body = {"image": "aGVsbG8="}
    response = client_of(make_user()).post(address("photo-list"), body, format="json")
    assert_problem(response, 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        pytest.param(b"", 400, "empty_file", id="empty"),
        pytest.param(b"MZ" + bytes(500), 415, "unsupported_format", id="renamed-exe"),
        pytest.param(
            b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415, "unsupported_format", id="svg"
        ),
        pytest.param(picture_bytes()[:-200], 400, "damaged_picture", id="truncated"),
        pytest.param(picture_bytes(1, 1), 400, "too_small", id="one-pixel"),
    ],
)
def test_a_bad_file_is_refused_by_its_code_and_nothing_is_stored(
    content: bytes, status: int, code: str, settings: Settings
) -> None:
    response = client_of(make_user()).post(address("photo-list"), {"image": make_upload(content)})
    assert_problem(response, status, code)
    assert not Photo.objects.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_over_the_limit_is_413(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 100
    response = client_of(make_user()).post(address("photo-list"), {"image": make_upload()})
    assert_problem(response, 413, "file_too_large")
    assert not Photo.objects.exists()


def test_the_list_holds_your_photos_only() -> None:
    mine = make_photo(make_album(make_user()))
    theirs = make_photo(make_album(make_user()))
    publish(theirs.album)
    body = client_of(mine.album.owner).get(address("photo-list")).json()
    assert [photo["id"] for photo in body["results"]] == [str(mine.pk)]


def test_every_link_of_a_photo_answers() -> None:
    photo = make_photo(make_album(make_user()))
    client = client_of(photo.album.owner)
    body = client.get(address("photo-detail", photo)).json()
    links = [value for key, value in body.items() if key.endswith("url")]
    assert len(links) == 7
    assert {client.get(link).status_code for link in links} == {200}


def test_a_deleted_photo_is_gone_with_its_files(settings: Settings) -> None:
    photo = make_photo(make_album(make_user()))
    client = client_of(photo.album.owner)
    assert client.delete(address("photo-detail", photo)).status_code == 204
    assert_problem(client.get(address("photo-detail", photo)), 404, "not_found")


def test_an_upload_while_all_decoders_are_busy_may_be_sent_again() -> None:
    with busy_decoders(patience=0.1):
        response = client_of(make_user()).post(address("photo-list"), {"image": make_upload()})
    assert_problem(response, 503, "busy")
    assert response["Retry-After"] == "5"
    assert not Photo.objects.exists()


def test_a_picture_that_is_too_complex() -> None:
    body = {"image": make_upload(jpegs.scanned(64, 600))}
    assert_problem(client_of(make_user()).post(address("photo-list"), body), 400, "too_complex")
