"""Sections, covers and orders of albums."""

from __future__ import annotations

from typing import cast

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from gallery import arranging
from gallery.models import Album, Section
from gallery.services import choose_cover, move_photos, publish, trash_photos
from gallery.trash import restoring
from jobs.errors import GoneError
from moderation.services import hide
from tests.api import address, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return make_user()


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner)


@pytest.fixture
def client(owner: User) -> APIClient:
    return client_of(owner)


def test_sections_are_listed_in_their_order(client: APIClient, album: Album) -> None:
    for title in ("1931", "1932"):
        assert client.post(address("album-sections", album), {"title": title}).status_code == 201
    first = {"title": "1930", "position": 0}
    assert client.post(address("album-sections", album), first).json()["position"] == 0
    publish(album)
    listed = client_of(make_user()).get(address("album-sections", album)).json()
    assert [(section["title"], section["position"]) for section in listed] == [
        ("1930", 0),
        ("1931", 1),
        ("1932", 2),
    ]


def test_a_section_is_renamed_and_moved(client: APIClient, album: Album) -> None:
    first, second = (arranging.add_section(album, title) for title in "ab")
    change = {"title": "c", "position": 1}
    body = client.patch(address("section-detail", first), change, format="json").json()
    assert (body["title"], body["position"]) == ("c", 1)
    assert list(album.sections.all()) == [second, first]


def test_a_section_placed_far_beyond_the_others_is_the_last(
    client: APIClient, album: Album
) -> None:
    first, second = (arranging.add_section(album, title) for title in "ab")
    change = {"position": 10**20}
    body = client.patch(address("section-detail", first), change, format="json").json()
    assert body["position"] == 1
    assert list(album.sections.all()) == [second, first]


def test_nothing_is_put_into_a_section_that_was_just_deleted(album: Album) -> None:
    photo = make_photo(album)
    section = arranging.add_section(album, "1932")
    Section.objects.filter(pk=section.pk).delete()
    with pytest.raises(GoneError):
        arranging.put_into_section([photo], album, section)
    with pytest.raises(GoneError):
        arranging.put_into_section([photo], album, section)


def test_a_section_that_was_just_deleted_gets_no_other_title(album: Album) -> None:
    section = arranging.add_section(album, "1932")
    Section.objects.filter(pk=section.pk).delete()
    with pytest.raises(GoneError):
        arranging.rename_section(section, "1933")


def test_a_photo_that_was_just_moved_away_stays_where_it_is(album: Album, owner: User) -> None:
    photo = make_photo(album)
    section = arranging.add_section(album, "1932")
    move_photos([photo], make_album(owner, "Trip"))
    arranging.put_into_section([photo], album, section)
    photo.refresh_from_db()
    assert photo.section is None


def test_a_deleted_section_leaves_its_photos(client: APIClient, album: Album) -> None:
    photo = make_photo(album)
    arranging.put_into_new_section([photo], album, "1932")
    client.delete(address("section-detail", album.sections.get()))
    assert client.get(address("photo-detail", photo)).json()["section"] is None
    assert not Section.objects.exists()


def test_cover_and_order_can_be_set(client: APIClient, album: Album, owner: User) -> None:
    photo, elsewhere = make_photo(album), make_photo(make_album(owner))
    change = {"cover": str(photo.pk), "photo_order": "taken"}
    body = client.patch(address("album-detail", album), change, format="json").json()
    assert (body["cover"], body["photo_order"]) == (str(photo.pk), "taken")
    refused = client.patch(
        address("album-detail", album), {"cover": str(elsewhere.pk)}, format="json"
    )
    assert invalid_fields(refused) == {"cover": "does_not_exist"}
    body = client.patch(address("album-detail", album), {"cover": None}, format="json").json()
    assert body["cover"] is None


@pytest.mark.parametrize("fields", [None, "cover"])
def test_a_cover_in_the_trash_or_hidden_is_none_to_who_does_not_see_it(
    album: Album, fields: str | None
) -> None:
    photo = make_photo(album)
    choose_cover(photo)
    publish(album)
    query = {"fields": fields} if fields else {}

    def cover_for(user: User) -> str | None:
        body = client_of(user).get(address("album-detail", album), query).json()
        return cast("str | None", body["cover"])

    hide(photo, make_staff(), "Not a photo")
    assert (cover_for(album.owner), cover_for(make_user())) == (str(photo.pk), None)
    moment = trash_photos([photo])
    assert cover_for(album.owner) is None
    restoring.undo(album.owner, moment)
    assert cover_for(album.owner) == str(photo.pk)


def test_what_was_read_of_an_album_is_taken_back_while_its_cover_is_in_the_trash(
    client: APIClient, album: Album
) -> None:
    photo = make_photo(album)
    choose_cover(photo)
    trash_photos([photo])
    body = client.get(address("album-detail", album)).json()
    change = {name: body[name] for name in ("title", "description", "cover")}
    assert client.patch(address("album-detail", album), change, format="json").status_code == 200


def test_the_small_thumbnail_is_another_file(client: APIClient, album: Album) -> None:
    photo = make_photo(album)
    thumbnail = client.get(address("photo-thumbnail", photo))
    small = client.get(address("photo-thumbnail", photo), {"size": "small"})
    assert small["Content-Type"] == thumbnail["Content-Type"] == "image/webp"
    assert small.status_code == 200
