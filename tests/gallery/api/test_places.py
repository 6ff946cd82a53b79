from __future__ import annotations

import pytest

from gallery.details import edit_photo
from gallery.models import Album, Photo
from gallery.search import Wanted
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db

RENAME = "place-rename"


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


def make(album: Album, place: str) -> Photo:
    (photo,) = add_bare_photos(album, 1)
    edit_photo(photo, {"place": place})
    return photo


def test_the_list_has_counts_and_leads_to_the_photos(album: Album) -> None:
    make(album, "Rhodes & more")
    last = make(album, "Rhodes & more")
    make(album, "Athens")
    make(album, "")
    make(make_album(), "Secret")
    client = client_of(album.owner)
    found = client.get(address("place-list")).json()["results"]
    counts = [(entry["name"], entry["photo_count"]) for entry in found]
    assert counts == [("Athens", 1), ("Rhodes & more", 2)]
    assert found[1]["cover_url"] == absolute("photo-thumbnail", last)
    assert len(client.get(found[1]["photos_url"]).json()["results"]) == 2


def test_another_name_is_found_by_the_search(album: Album) -> None:
    photo, elsewhere = make(album, "Rhodos"), make(make_album(), "Rhodos")
    order = {"place": "Rhodos", "name": " Rhodes "}
    response = client_of(album.owner).post(address(RENAME), order)
    assert (response.status_code, response.json()["name"]) == (200, "Rhodes")
    assert list(Wanted(words="rhodes").of(album.owner)) == [photo]
    elsewhere.refresh_from_db()
    assert elsewhere.place == "Rhodos"


def test_two_become_one_only_when_it_is_asked_for(album: Album) -> None:
    make(album, "Rhodos")
    make(album, "Rhodes")
    client, order = client_of(album.owner), {"place": "Rhodos", "name": "Rhodes"}
    assert_problem(client.post(address(RENAME), order), 409, "name_taken")
    one = client.post(address(RENAME), {**order, "merge": True}).json()
    assert (one["name"], one["photo_count"]) == ("Rhodes", 2)


def test_the_same_name_changes_nothing(album: Album) -> None:
    make(album, "Rhodes")
    order = {"place": "Rhodes", "name": "Rhodes"}
    assert client_of(album.owner).post(address(RENAME), order).json()["photo_count"] == 1


def test_a_place_of_others_is_not_there(album: Album) -> None:
    make(make_album(), "Rhodos")
    order = {"place": "Rhodos", "name": "Rhodes"}
    assert_problem(client_of(album.owner).post(address(RENAME), order), 404, "not_found")


@pytest.mark.parametrize(("name", "code"), [("", "blank"), ("x" * 201, "max_length")])
def test_what_is_no_name_is_refused(album: Album, name: str, code: str) -> None:
    make(album, "Rhodos")
    response = client_of(album.owner).post(address(RENAME), {"place": "Rhodos", "name": name})
    assert invalid_fields(response) == {"name": code}
