"""The same with many photos in one request: an outcome for each, whatever becomes of the others."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from colorizer.models import Colorization
from gallery import arranging
from gallery.details import edit_photo
from gallery.models import Album, Photo
from gallery.services import trash_album, trash_photos
from jobs.models import Job, JobEvent
from tests.api import absolute, address, assert_problem, client_of, invalid_fields
from tests.bulk import add_bare_photos
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_user,
    picture_bytes,
)

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


def send(client: APIClient, action: str, photos: list[Photo], **choices: Any) -> Any:
    order = {"action": action, "photos": [str(photo.pk) for photo in photos], **choices}
    return client.post(address("photos-bulk"), order, format="json")


def statuses(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [outcome["status"] for outcome in response.json()]


def test_outcomes_come_in_the_order_of_the_request(client: APIClient, album: Album) -> None:
    own, other = make_photo(album), make_photo()
    unknown = Photo(pk=uuid.uuid4())
    response = send(client, "favorite", [unknown, own, other, own])
    assert statuses(response) == ["not_found", "done", "not_found"]
    assert [outcome["id"] for outcome in response.json()] == [
        str(photo.pk) for photo in (unknown, own, other)
    ]
    assert response.json()[0]["code"] == "not_found"
    other.refresh_from_db()
    assert not other.is_favorite


def test_photos_are_moved_into_a_section(client: APIClient, album: Album, owner: User) -> None:
    photos = [make_photo(make_album(owner)) for _ in range(2)]
    section = arranging.add_section(album, "1932")
    choices = {"album": str(album.pk), "section": str(section.pk)}
    assert statuses(send(client, "move", photos, **choices)) == ["done", "done"]
    assert set(section.photos.all()) == set(album.photos.all()) == set(photos)
    assert statuses(send(client, "move", photos, **choices)) == ["unchanged", "unchanged"]
    assert statuses(send(client, "move", photos, album=str(album.pk))) == ["done", "done"]
    assert not section.photos.exists()


def test_a_section_of_another_album_is_refused(
    client: APIClient, album: Album, owner: User
) -> None:
    photo, other = make_photo(album), arranging.add_section(make_album(owner), "1932")
    response = send(client, "move", [photo], album=str(album.pk), section=str(other.pk))
    assert invalid_fields(response) == {"section": "invalid"}


def test_photos_are_copied_with_their_colorizations_once(
    client: APIClient, album: Album, owner: User
) -> None:
    photo = make_colorization(make_photo(make_album(owner))).source.photo
    (outcome,) = send(client, "copy", [photo], album=str(album.pk)).json()
    copy = album.photos.get()
    assert (outcome["status"], outcome["copy_url"]) == ("done", absolute("photo-detail", copy))
    assert client.get(outcome["copy_url"]).json()["colorizations"][0]["state"] == "succeeded"
    assert statuses(send(client, "copy", [photo], album=str(album.pk))) == ["unchanged"]


def test_copies_are_shown_in_the_order_in_which_their_photos_are_named(
    client: APIClient, album: Album, owner: User
) -> None:
    family = make_album(owner)
    photos = [make_photo(family, picture_bytes(60 + each, 48)) for each in range(3)]
    named = [photos[1], photos[2], photos[0]]
    send(client, "copy", named, album=str(album.pk))
    assert [photo.width for photo in album.photos.all()] == [photo.width for photo in named]


def test_of_photos_that_are_copied_together_one_may_be_damaged(
    client: APIClient, album: Album, owner: User
) -> None:
    family = make_album(owner)
    photos = [make_photo(family, picture_bytes(60 + each, 48)) for each in range(3)]
    Path(photos[1].original.name.path).unlink()
    outcomes = send(client, "copy", photos, album=str(album.pk))
    assert statuses(outcomes) == ["done", "not_found", "done"]
    assert album.photos.count() == 2


def test_a_copy_without_room_is_refused(client: APIClient, album: Album, owner: User) -> None:
    photo = make_photo(make_album(owner))
    User.objects.filter(pk=owner.pk).update(quota_bytes=1)
    (outcome,) = send(client, "copy", [photo], album=str(album.pk)).json()
    assert (outcome["status"], outcome["code"]) == ("refused", "quota_exceeded")
    assert not album.photos.exists()


def test_photos_are_colored_in_their_order(client: APIClient, album: Album) -> None:
    photos = [make_photo(album) for _ in range(3)]
    response = send(client, "color", photos, variant="stable", render_factor=12)
    assert statuses(response) == ["done"] * 3
    versions = [Colorization.objects.get(source=photo.original_id) for photo in photos]
    assert [outcome["colorization_url"] for outcome in response.json()] == [
        absolute("colorization-detail", version) for version in versions
    ]
    assert {(each.variant, each.render_factor, each.owner) for each in versions} == {
        ("stable", 12, album.owner)
    }
    assert JobEvent.objects.filter(state="queued").count() == 3
    again = send(client, "color", photos, variant="stable", render_factor=12)
    assert statuses(again) == ["unchanged"] * 3
    assert Colorization.objects.count() == 3


def test_what_there_is_no_room_for_is_refused(
    client: APIClient, album: Album, settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 2
    photos = [make_photo(album) for _ in range(3)]
    response = send(client, "color", photos)
    assert sorted(statuses(response)) == ["done", "done", "refused"]
    refused = next(each for each in response.json() if each["status"] == "refused")
    assert (refused["code"], refused["colorization_url"]) == ("too_many_jobs", None)
    assert int(response["Retry-After"]) >= 1
    assert Job.objects.count() == 2


def test_each_photo_that_is_colored_counts(
    client: APIClient, album: Album, settings: Settings
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"job": "2/m/user"}
    photos = [make_photo(album) for _ in range(3)]
    assert_problem(send(client, "color", photos), 429, "throttled")
    assert not Job.objects.exists()
    assert statuses(send(client, "color", photos[:2])) == ["done", "done"]
    assert_problem(send(client, "color", photos[:1]), 429, "throttled")


def test_tags_are_added_and_taken_away(client: APIClient, album: Album) -> None:
    photo, other = make_photo(album), make_photo(album)
    edit_photo(photo, {}, tags=["Sea"])
    assert statuses(send(client, "tag", [photo, other], tags=["sea"])) == ["unchanged", "done"]
    assert [tag.name for tag in other.tags.all()] == ["Sea"]
    assert "sea" in Photo.objects.get(pk=other.pk).search_text
    assert statuses(send(client, "untag", [photo, other], tags=["SEA"])) == ["done", "done"]
    assert statuses(send(client, "untag", [photo], tags=["SEA"])) == ["unchanged"]
    assert not photo.tags.exists()


def test_favorites_are_chosen_and_given_up(client: APIClient, album: Album) -> None:
    photos = [make_photo(album)]
    assert statuses(send(client, "favorite", photos)) == ["done"]
    assert statuses(send(client, "favorite", photos)) == ["unchanged"]
    assert statuses(send(client, "favorite", photos, is_favorite=False)) == ["done"]
    assert not album.photos.get().is_favorite


def test_photos_are_dated(client: APIClient, album: Album) -> None:
    photos = [make_photo(album) for _ in range(2)]
    assert statuses(send(client, "date", photos, date_taken="1932")) == ["done", "done"]
    assert statuses(send(client, "date", photos, date_taken="1932")) == ["unchanged"] * 2
    assert client.get(address("photo-detail", photos[0])).json()["date_taken"] == "1932"
    assert statuses(send(client, "date", photos, date_taken=None)) == ["done", "done"]
    assert album.photos.filter(taken_from=None).count() == 2


def test_photos_are_deleted_and_restored_together(client: APIClient, album: Album) -> None:
    photos, kept = [make_photo(album) for _ in range(2)], make_photo(album)
    assert statuses(send(client, "delete", photos)) == ["done", "done"]
    assert list(album.photos.kept()) == [kept]
    assert statuses(send(client, "delete", photos)) == ["not_found", "not_found"]
    other = make_photo()
    trash_photos([other])
    restored = send(client, "restore", [*photos, kept, other])
    assert statuses(restored) == ["done", "done", "unchanged", "not_found"]
    assert album.photos.kept().count() == 3
    other.refresh_from_db()
    assert other.is_trashed


@pytest.mark.parametrize("action", ["move", "copy"])
def test_an_album_in_the_trash_is_none(client: APIClient, album: Album, action: str) -> None:
    photo = make_photo(album)
    other = make_album(album.owner)
    trash_album(other)
    response = send(client, action, [photo], album=str(other.pk))
    assert invalid_fields(response) == {"album": "does_not_exist"}


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "action"),
        ({"action": "burn"}, "action"),
        ({"action": "favorite"}, "photos"),
        ({"action": "favorite", "photos": []}, "photos"),
        ({"action": "favorite", "photos": ["x"]}, "photos.0"),
        ({"action": "favorite", "photos": [str(uuid.uuid4())] * 501}, "photos"),
        ({"action": "date", "photos": [str(uuid.uuid4())]}, "date_taken"),
        ({"action": "date", "photos": [str(uuid.uuid4())], "date_taken": "soon"}, "date_taken"),
        ({"action": "tag", "photos": [str(uuid.uuid4())], "tags": []}, "tags"),
        ({"action": "tag", "photos": [str(uuid.uuid4())], "tags": ["a,b"]}, "tags"),
        ({"action": "color", "photos": [str(uuid.uuid4())], "variant": "sepia"}, "variant"),
        ({"action": "copy", "photos": [str(uuid.uuid4())]}, "album"),
        ([], "non_field_errors"),
    ],
)
def test_what_is_wrong_with_a_request_is_told(client: APIClient, order: Any, field: str) -> None:
    response = client.post(address("photos-bulk"), order, format="json")
    assert list(invalid_fields(response)) == [field]


@pytest.mark.parametrize("action", ["move", "color", "tag", "favorite", "date", "delete"])
def test_it_takes_hardly_more_queries_for_400_photos_than_for_10(
    client: APIClient, owner: User, action: str, settings: Settings
) -> None:
    settings.MAX_OPEN_JOBS = 1000
    target = make_album(owner)
    choices: dict[str, Any] = {"date_taken": "1932", "tags": ["sea"], "album": str(target.pk)}
    numbers = []
    for number in (10, 400):
        photos = add_bare_photos(make_album(owner), number)
        with CaptureQueriesContext(connection) as captured:
            assert statuses(send(client, action, photos, **choices)) == ["done"] * number
        numbers.append(len(captured))
    assert numbers[1] - numbers[0] < 20
