"""The list of photos with parameters; what they find is tested with the search itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from gallery import details
from gallery.models import Person, Photo
from gallery.search import MAX_LABELS
from gallery.services import publish
from tests.api import address, client_of, invalid_fields
from tests.bulk import add_bare_photos
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def photo(owner: User) -> Photo:
    """One of which everything is known, beside one of which nothing is."""
    album = make_album(owner, "Attic")
    add_bare_photos(make_album(owner), 1)
    photo = make_photo(album)
    known = {
        "title": "Fish market",
        "place": "Hamburg",
        "is_favorite": True,
        "date_precision": "between",
        "taken_from": date(1914, 1, 1),
        "taken_to": date(1918, 12, 31),
    }
    details.edit_photo(photo, known, people=["Anna", "Otto"], tags=["sea"])
    make_colorization(photo, variant="stable")
    return photo


def found(owner: User, **asked: Any) -> list[str]:
    response = client_of(owner).get(address("photo-list"), asked)
    assert response.status_code == 200
    return [photo["id"] for photo in response.json()["results"]]


def test_photos_and_films_are_told_apart(owner: User) -> None:
    photo, film = make_photo(make_album(owner)), make_photo(make_album(owner))
    Photo.objects.filter(pk=film.pk).update(film_seconds=5.0)
    version = make_colorization(film)
    make_colorization(photo)
    assert found(owner, media_kind="photo") == [str(photo.pk)]
    assert found(owner, media_kind="film") == [str(film.pk)]
    versions = client_of(owner).get(address("colorization-list"), {"media_kind": "film"}).json()
    assert [each["id"] for each in versions["results"]] == [str(version.pk)]


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "MARKET fish"},
        {"place": "Hamburg"},
        {"taken_from": "1918-12-31"},
        {"taken_to": "1914-01-01"},
        {"variant": "stable"},
        {"state": "colored"},
        {"favorite": "true"},
        {"q": "fish", "place": "Hamburg", "state": "colored", "favorite": "true"},
    ],
)
def test_each_parameter_finds(owner: User, photo: Photo, asked: dict[str, str]) -> None:
    assert found(owner, **asked) == [str(photo.pk)]


def test_people_and_tags_are_named(owner: User, photo: Photo) -> None:
    asked = {"album": photo.album.pk, "person": ["anna", "OTTO"], "tag": "sea"}
    assert found(owner, **asked) == [str(photo.pk)]
    photo.people.remove(Person.objects.get(name="Otto"))
    assert found(owner, **asked) == []
    assert found(owner, person="Nobody") == []


def test_its_owner_makes_a_photo_a_favorite(photo: Photo) -> None:
    client = client_of(photo.album.owner)
    response = client.patch(address("photo-detail", photo), {"is_favorite": False}, format="json")
    assert response.json()["is_favorite"] is False
    assert not Photo.objects.get(pk=photo.pk).is_favorite


def test_nobody_else_sees_a_favorite(owner: User, photo: Photo) -> None:
    publish(photo.album)
    seen = [
        client_of(user).get(address("photo-detail", photo)).json()["is_favorite"]
        for user in (owner, make_user())
    ]
    assert seen == [True, False]


@pytest.mark.parametrize("asked", [{}, {"q": ""}, {"favorite": "false"}, {"undated": "false"}])
def test_without_a_parameter_all_are_there(
    owner: User, photo: Photo, asked: dict[str, str]
) -> None:
    assert len(found(owner, **asked)) == 2


def test_photos_without_a_date(owner: User, photo: Photo) -> None:
    assert len(found(owner, undated="true")) == 1
    assert str(photo.pk) not in found(owner, undated="true")


def test_what_others_have_finds_nothing(photo: Photo) -> None:
    stranger = make_user()
    assert found(stranger, q="market") == []
    assert found(stranger, album=photo.album.pk, person="Anna") == []


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"q": "x" * 201}, {"q": "max_length"}),
        ({"album": "x"}, {"album": "invalid"}),
        ({"taken_from": "1932"}, {"taken_from": "invalid"}),
        ({"variant": "sepia"}, {"variant": "invalid_choice"}),
        ({"state": "queued"}, {"state": "invalid_choice"}),
        ({"favorite": "maybe"}, {"favorite": "invalid"}),
        ({"tag": ["Farm"] * 21}, {"tag": "max_length"}),
        ({"person": ["Anna"] * 21}, {"person": "max_length"}),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    owner: User, asked: dict[str, Any], fields: dict[str, str]
) -> None:
    assert invalid_fields(client_of(owner).get(address("photo-list"), asked)) == fields


def test_as_many_labels_as_may_be_asked_for_are_found(owner: User, photo: Photo) -> None:
    names = [f"name {number}" for number in range(MAX_LABELS)]
    details.edit_photo(photo, {}, people=names, tags=names)
    assert len(found(owner, person=names, tag=names)) == 1


def test_pages_keep_the_parameters(owner: User) -> None:
    album = make_album(owner)
    Photo.objects.filter(pk__in=[photo.pk for photo in add_bare_photos(album, 5)]).update(
        search_text="beach"
    )
    add_bare_photos(album, 1)
    client = client_of(owner)
    page = client.get(address("photo-list"), {"q": "beach", "page_size": "3"}).json()
    rest = client.get(page["next"]).json()
    assert len(page["results"]) == 3
    assert len(rest["results"]) == 2
    assert rest["next"] is None
