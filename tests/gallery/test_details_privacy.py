"""What is known of a photo is public only where the album shows it, and its file's name never."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from gallery import dates, details, services
from gallery.models import Photo
from tests.api import address, client_of
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db

# The digits of the year alone also occur in random tokens.
SECRETS = ("Grandmother", "On the pier", "Trieste", "Anna Berger", "family", r"\b1932\b")
FILE_NAME = "Aunt_Berta"


@pytest.fixture
def photo() -> Photo:
    photo = make_photo(make_album(public=True), name=f"{FILE_NAME}.jpg")
    make_colorization(photo)
    fields = {"title": "Grandmother", "caption": "On the pier", "place": "Trieste"}
    taken = dates.fields_of(dates.parse("about 1932"))
    details.edit_photo(photo, fields | taken, people=["Anna Berger"], tags=["family"])
    return photo


def pages_of(photo: Photo) -> list[str]:
    own = photo.get_absolute_url()
    parts = [f"{own}status/?part={part}" for part in ("photo_card", "stage", "versions", "details")]
    return [own, photo.album.get_absolute_url(), "/explore/", *parts]


def body_of(photo: Photo, client: Any) -> dict[str, Any]:
    body: dict[str, Any] = client.get(address("photo-detail", photo)).json()
    (listed,) = client.get(address("album-photos", photo.album)).json()["results"]
    assert listed == body
    return body


def test_pages_show_strangers_nothing_of_it(client: Client, photo: Photo) -> None:
    for page in pages_of(photo):
        content = client.get(page).content.decode()
        assert [
            word for word in (*SECRETS, FILE_NAME, "Aunt Berta") if re.search(word, content)
        ] == []


def test_pages_show_it_where_the_album_does(client: Client, photo: Photo) -> None:
    services.edit_album(photo.album, shows_details=True)
    content = client.get(photo.get_absolute_url()).content.decode()
    assert [word for word in SECRETS if not re.search(word, content)] == []
    assert "<title>Grandmother" in content
    assert "Aunt" not in "".join(client.get(page).content.decode() for page in pages_of(photo))


def test_the_api_tells_strangers_nothing_of_it(photo: Photo) -> None:
    client = client_of(make_user())
    body = body_of(photo, client)
    text = client.get(address("photo-detail", photo)).content.decode()
    assert [word for word in (*SECRETS, "Aunt") if re.search(word, text)] == []
    assert body["name"] == "Photo"
    assert (body["date_taken"], body["people"], body["original_name"]) == (None, [], "")


def test_the_api_tells_it_where_the_album_does(photo: Photo) -> None:
    services.edit_album(photo.album, shows_details=True)
    body = body_of(photo, client_of(make_user()))
    assert (body["name"], body["date_taken"], body["people"]) == (
        "Grandmother",
        "1932~",
        ["Anna Berger"],
    )
    assert body["original_name"] == ""


def test_owner_and_staff_see_all(client: Client, photo: Photo) -> None:
    for user in (photo.album.owner, make_staff()):
        client.force_login(user)
        content = client.get(photo.get_absolute_url()).content.decode()
        assert [word for word in SECRETS if not re.search(word, content)] == []
        assert body_of(photo, client_of(user))["original_name"] == f"{FILE_NAME}.jpg"


def test_names_of_others_are_not_suggested(client: Client, photo: Photo) -> None:
    mine = make_photo()
    client.force_login(mine.album.owner)
    content = client.get(f"{mine.get_absolute_url()}edit/").content.decode()
    assert "Anna Berger" not in content


def test_the_page_that_publishes_says_what_becomes_public(client: Client) -> None:
    album = make_album()
    client.force_login(album.owner)
    page = f"{album.get_absolute_url()}publish/"
    assert "stay private, and so do file names" in client.get(page).content.decode()
    services.edit_album(album, shows_details=True)
    assert (
        "titles, captions, dates, people, places and tags</li>" in client.get(page).content.decode()
    )


def test_the_album_form_lets_one_choose(client: Client) -> None:
    album = make_album()
    client.force_login(album.owner)
    page = f"{album.get_absolute_url()}edit/"
    assert "File names are never shown." in client.get(page).content.decode()
    client.post(page, {"title": "Family", "shows_details": "on"})
    album.refresh_from_db()
    assert album.shows_details
    client.post(page, {"title": "Family"})
    album.refresh_from_db()
    assert not album.shows_details
