"""What is known of a photo, by the API."""

from __future__ import annotations

from typing import Any

import pytest

from gallery.models import Photo
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db

CHANGES = {
    "title": "Grandmother",
    "caption": "On the pier",
    "place": "Trieste",
    "date_taken": "1914/1918",
    "people": ["Anna", "Otto"],
    "tags": ["sea"],
}


@pytest.fixture
def photo() -> Photo:
    return make_photo(name="IMG_7.jpg")


def patch(photo: Photo, changes: dict[str, Any]) -> Any:
    client = client_of(photo.album.owner)
    return client.patch(address("photo-detail", photo), changes, format="json")


def test_a_photo_of_which_nothing_is_known(photo: Photo) -> None:
    body = client_of(photo.album.owner).get(address("photo-detail", photo)).json()
    assert (body["name"], body["original_name"]) == ("IMG 7", "IMG_7.jpg")
    assert (body["title"], body["date_taken"], body["date_taken_text"]) == ("", None, "")
    assert (body["people"], body["tags"]) == ([], [])


def test_everything_is_set(photo: Photo) -> None:
    response = patch(photo, CHANGES)
    assert response.status_code == 200, response.content
    body = response.json()
    assert {name: body[name] for name in CHANGES} == CHANGES
    assert body["name"] == "Grandmother"
    assert body["date_taken_text"] == "between 1914 and 1918"
    assert "anna" in Photo.objects.get().search_text


def test_what_is_not_sent_stays(photo: Photo) -> None:
    patch(photo, CHANGES)
    body = patch(photo, {"title": ""}).json()
    assert {name: body[name] for name in CHANGES} == {**CHANGES, "title": ""}


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_date_is_taken_away(photo: Photo, nothing: str | None) -> None:
    patch(photo, CHANGES)
    assert patch(photo, {"date_taken": nothing}).json()["date_taken"] is None


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("about 1932", "1932~"), ("193X", "193X"), ("1932年5月", "1932-05"), ("1932-05-12",) * 2],
)
def test_dates_in_edtf_and_in_words(photo: Photo, sent: str, kept: str) -> None:
    assert patch(photo, {"date_taken": sent}).json()["date_taken"] == kept


@pytest.mark.parametrize(
    "changes",
    [
        {"date_taken": "30 February 1932"},
        {"date_taken": 7.5},
        {"date_taken": ["1932"]},
        {"title": "x" * 201},
        {"title": None},
        {"caption": "x" * 5001},
        {"place": "x" * 201},
        {"people": "Anna"},
        {"people": ["x" * 101]},
        {"people": ["Berger, Anna"]},
        {"people": [["Anna"]]},
        {"tags": [str(number) for number in range(101)]},
        {"tags": None},
    ],
    ids=str,
)
def test_what_is_wrong_is_named(photo: Photo, changes: dict[str, Any]) -> None:
    fields = {name.partition(".")[0] for name in invalid_fields(patch(photo, changes))}
    assert fields == set(changes)
    photo.refresh_from_db()
    assert (photo.title, photo.search_text.splitlines()[0]) == ("", "img_7.jpg")


def test_names_are_cleaned(photo: Photo) -> None:
    assert patch(photo, {"tags": [" sea ", "SEA", "summer"]}).json()["tags"] == ["sea", "summer"]


def test_what_nobody_can_set_is_ignored(photo: Photo) -> None:
    body = patch(photo, {"original_name": "x", "width": 1, "date_taken_text": "x"}).json()
    assert (body["original_name"], body["width"]) == ("IMG_7.jpg", 64)


def test_others_cannot_change_it(photo: Photo) -> None:
    photo.album.visibility = "public"
    stranger = client_of(make_user())
    response = stranger.patch(address("photo-detail", photo), CHANGES, format="json")
    assert response.status_code == 404


def test_an_album_says_whether_it_shows_details() -> None:
    album = make_album()
    client = client_of(album.owner)
    assert client.get(address("album-detail", album)).json()["shows_details"] is False
    changed = client.patch(address("album-detail", album), {"shows_details": True}, format="json")
    assert changed.json()["shows_details"] is True
