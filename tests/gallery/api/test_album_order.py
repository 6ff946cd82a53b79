"""Photos of an album in its order, and put into one by hand."""

from __future__ import annotations

from base64 import b64encode

import pytest
from rest_framework.test import APIClient

from gallery import arranging, services
from gallery.models import Album, Photo
from tests.api import address, assert_problem, client_of, invalid_fields
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


@pytest.fixture
def photos(album: Album) -> list[Photo]:
    return [make_photo(album, name=name) for name in "abcd"]


@pytest.fixture
def client(album: Album) -> APIClient:
    return client_of(album.owner)


def shown(client: APIClient, album: Album, order: str = "album") -> str:
    """All pages of the list."""
    names, page = "", address("album-photos", album)
    parameters = {"order": order, "page_size": "3", "fields": "name"}
    while page:
        body = client.get(page, parameters).json()
        names += "".join(photo["name"] for photo in body["results"])
        page, parameters = body["next"], {}
    return names


def arrange(client: APIClient, album: Album, photos: list[Photo], **more: object) -> int:
    body = {"photos": [photo.pk for photo in photos], **more}
    return client.post(address("album-order", album), body, format="json").status_code


def test_the_list_comes_in_the_order_of_the_album_or_in_another(
    client: APIClient, album: Album, photos: list[Photo]
) -> None:
    assert shown(client, album) == shown(client, album, "newest") == "dcba"
    services.edit_album(album, photo_order="oldest")
    assert shown(client, album) == shown(client, album, "oldest") == "abcd"
    arranging.put_into_new_section(photos[:2], album, "1932")
    assert shown(client, album) == "cdab"
    assert shown(client, album, "by_hand") == "dcba"
    client.patch(address("photo-detail", photos[1]), {"date_taken": "1932"})
    assert shown(client, album, "taken") == "bacd"


def test_the_page_before_is_found_again(
    client: APIClient, album: Album, photos: list[Photo]
) -> None:
    url, asked = address("album-photos", album), {"order": "oldest", "page_size": "3"}
    first = client.get(url, asked).json()
    back = client.get(client.get(first["next"]).json()["previous"]).json()
    assert back["results"] == first["results"]


@pytest.mark.parametrize("position", ["x", "-1", "9" * 30, "2026-01-01T00:00:00Z"])
def test_a_cursor_of_another_order_is_refused(
    client: APIClient, album: Album, photos: list[Photo], position: str
) -> None:
    cursor = b64encode(f"p={position}".encode()).decode()
    url, asked = address("album-photos", album), {"order": "album", "cursor": cursor}
    assert_problem(client.get(url, asked), 404, "not_found")


@pytest.mark.parametrize("offset", ["1" + "0" * 19, "9" * 4000])
@pytest.mark.parametrize("route", ["photo-list", "album-list", "job-list", "public-albums"])
def test_a_cursor_far_beyond_the_end_finds_nothing(
    client: APIClient, album: Album, photos: list[Photo], route: str, offset: str
) -> None:
    asked = {"cursor": b64encode(f"o={offset}".encode()).decode()}
    assert client.get(address(route), asked).json()["results"] == []


@pytest.mark.parametrize("order", ["newest", "oldest", "album"])
def test_a_cursor_far_beyond_the_end_of_an_album_finds_nothing(
    album: Album, photos: list[Photo], order: str
) -> None:
    services.publish(album)
    asked = {"order": order, "cursor": b64encode(b"o=10000000000000000000").decode()}
    url = address("album-public-photos", album)
    assert client_of().get(url, asked).json()["results"] == []


def test_photos_are_put_before_another_in_the_order_given(
    client: APIClient, album: Album, photos: list[Photo]
) -> None:
    a, b, c, d = photos
    assert arrange(client, album, [a, b], before=d.pk) == 204
    album.refresh_from_db()
    assert album.photo_order == "by_hand"
    assert shown(client, album) == "abdc"
    assert arrange(client, album, [d, a]) == 204
    assert shown(client, album) == "bcda"
    assert arrange(client, album, [c, b, c], before=c.pk) == 204
    assert shown(client, album) == "cbda"


def test_photos_go_into_a_section_or_stay_in_theirs(
    client: APIClient, album: Album, photos: list[Photo]
) -> None:
    a, b, _c, d = photos
    section = arranging.add_section(album, "1932")
    assert arrange(client, album, [a, b], section=section.pk) == 204
    assert shown(client, album) == "dcab"
    assert arrange(client, album, [b], before=d.pk) == 204
    assert shown(client, album) == "dcba"
    assert arrange(client, album, [b], before=d.pk, section=None) == 204
    assert shown(client, album) == "bdca"


def test_what_is_not_in_the_album_is_refused(
    client: APIClient, album: Album, photos: list[Photo]
) -> None:
    elsewhere = make_photo(make_album(album.owner))
    section = arranging.add_section(elsewhere.album, "1932")
    url = address("album-order", album)
    for body, fields in (
        ({"photos": [elsewhere.pk]}, {"photos": "does_not_exist"}),
        ({"photos": [photos[0].pk], "before": elsewhere.pk}, {"before": "does_not_exist"}),
        ({"photos": [photos[0].pk], "section": section.pk}, {"section": "invalid"}),
        ({"photos": []}, {"photos": "min_length"}),
    ):
        assert invalid_fields(client.post(url, body, format="json")) == fields
    album.refresh_from_db()
    assert album.photo_order == "newest"


def test_everybody_sees_a_published_album_in_its_order(album: Album, photos: list[Photo]) -> None:
    services.publish(album)
    arranging.move_to_front(photos[:1], album)
    body = client_of().get(address("album-public-photos", album), {"order": "album"}).json()
    arranged = [photos[0], *reversed(photos[1:])]
    assert [photo["id"] for photo in body["results"]] == [str(photo.pk) for photo in arranged]
