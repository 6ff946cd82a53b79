"""Copies of photos have files of their own, and whatever belongs to a photo comes along."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from pytest_django.asserts import assertContains

from accounts.models import User
from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import copying, services
from gallery.models import Album, Person, Photo, Tag
from jobs import transitions, worker
from jobs.errors import GoneError
from jobs.models import Job, Queue
from moderation import services as moderation
from tests.chaos.history import illegal_histories
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    picture_bytes,
    stored_files,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def album(owner: User) -> Album:
    return make_album(owner, "Farm")


@pytest.fixture
def other(owner: User) -> Album:
    return make_album(owner, "Trip")


def copy(client: Client, *photos: Photo, **answers: Any) -> Any:
    data = {"photos": [photo.pk for photo in photos], "confirmed": "yes", **answers}
    return client.post(reverse("gallery:selection-copy"), data)


def test_a_page_asks_first(client: Client, album: Album) -> None:
    photo = make_photo(album)
    response = client.post(reverse("gallery:selection-copy"), {"photos": [photo.pk]})
    assertContains(response, "<h1>Copy 1 photo</h1>", html=True)
    assert Photo.objects.count() == 1


def test_a_copy_survives_its_original(client: Client, album: Album, other: Album) -> None:
    colorization = make_colorization(make_photo(album, picture_bytes(90, 60)))
    photo = colorization.source.photo
    used = filestore.usage_of(album.owner)
    assert copy(client, photo, album=other.pk)["Location"] == other.get_absolute_url()
    assert filestore.usage_of(album.owner) == 2 * used
    assert len(stored_files()) == 16
    services.delete_album(album)
    copied = other.photos.get()
    version = copied.colorizations.get()
    assert (copied.width, copied.height, copied.original_name) == (90, 60, "photo.jpg")
    assert version.job.state == Job.State.SUCCEEDED
    for address in (
        reverse("gallery:photo-original", args=[copied.pk]),
        reverse("gallery:photo-thumbnail", args=[copied.pk], query={"size": "small"}),
        reverse("gallery:colorization-image", args=[version.pk]),
        reverse("gallery:colorization-preview", args=[version.pk]),
    ):
        response = client.get(address)
        assert response.status_code == 200
        assert response.getvalue()


def test_details_people_and_tags_come_along(client: Client, album: Album, other: Album) -> None:
    photo = make_photo(album)
    photo.title, photo.caption, photo.is_favorite = "Haymaking", "With the neighbors.", True
    photo.save()
    photo.people.add(Person.objects.create(owner=album.owner, name="Otto"))
    photo.tags.add(Tag.objects.create(owner=album.owner, name="hay"))
    copy(client, photo, album=other.pk)
    copied = other.photos.get()
    assert (copied.title, copied.caption, copied.is_favorite) == (
        "Haymaking",
        "With the neighbors.",
        True,
    )
    assert [str(person) for person in copied.people.all()] == ["Otto"]
    assert [str(tag) for tag in copied.tags.all()] == ["hay"]


def test_a_copied_version_has_the_history_of_one_that_was_made(
    client: Client, album: Album, other: Album
) -> None:
    version = make_colorization(make_photo(album))
    copy(client, *album.photos.all(), album=other.pk)
    copied = Colorization.objects.exclude(pk=version.pk).get().job
    assert illegal_histories() == []
    assert copied.attempts.get().finished_at == version.job.finished_at
    assert not copied.events.filter(awaits_notice=True).exists()


def test_what_moderators_hid_is_hidden_in_the_copy(
    client: Client, album: Album, other: Album
) -> None:
    photo = make_photo(album)
    moderation.hide(photo, make_staff(), "Not nice")
    copy(client, photo, album=other.pk)
    assert other.photos.get().hidden_reason == "Not nice"


def test_versions_keep_their_order_and_only_finished_ones_are_copied(
    client: Client, album: Album, other: Album
) -> None:
    photo = make_photo(album)
    for variant in ("stable", "artistic"):
        make_colorization(photo, variant=variant)
    for state in (Job.State.FAILED, Job.State.QUEUED):
        make_colorization(photo, state, variant="video")
    copy(client, photo, album=other.pk)
    versions = Colorization.objects.filter(source__photo__album=other)
    assert [version.variant for version in versions] == ["artistic", "stable"]


def test_copies_are_shown_in_the_order_of_the_originals(
    client: Client, album: Album, other: Album
) -> None:
    photos = [make_photo(album, picture_bytes(60 + each, 48), f"{each}") for each in range(25)]
    copy(client, *photos, album=other.pk)
    names = [photo.original_name for photo in other.photos.all()]
    assert names == [photo.original_name for photo in album.photos.all()]


def test_many_photos_are_copied_some_at_a_time(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.selection.COPIED_AT_ONCE", 2)
    photos = [make_photo(album, picture_bytes(60 + each, 48), f"{each}") for each in range(6)]
    attic = make_album(album.owner, "Attic")
    copy(client, photos[0], album=attic.pk)
    client.get(attic.get_absolute_url())  # tells it
    order = {"all_of": album.pk, "album": attic.pk}
    page = copy(client, **order)
    assertContains(page, "2 of 5 photos are copied.")
    assertContains(page, '<input type="hidden" name="copied" value="2" id="id_copied">', html=True)
    page = copy(client, **order, copied=2)
    assertContains(page, "4 of 5 photos are copied.")
    last = copy(client, **order, copied=4)
    assert last["Location"] == attic.get_absolute_url()
    assert [str(message) for message in get_messages(last.wsgi_request)] == [
        "5 photos were copied.",
        "1 photo is in this album already.",
    ]
    names = [photo.original_name for photo in attic.photos.all()]
    assert names == [photo.original_name for photo in album.photos.all()]
    assert copy(client, **{**order, "album": album.pk}).status_code == 400


def test_with_a_script_a_page_copies_them_part_by_part(
    client: Client, album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.views.selection.COPIED_WITHOUT_PROGRESS", 1)
    photos = [make_photo(album, picture_bytes(60 + each, 48)) for each in range(3)]
    attic = make_album(album.owner, "Attic")
    assert copy(client, photos[0], album=attic.pk, by_script="yes")["Location"]
    page = copy(client, *photos, album=attic.pk, by_script="yes")
    assertContains(page, "Copying 2 photos to “Attic”")
    keys = [photo.pk for photo in album.photos.all() if photo != photos[0]]
    assert page.context["order"] == {"album": attic.pk, "photos": keys}
    assertContains(page, 'data-there="1"')
    assert attic.photos.count() == 1


def test_room_for_all_is_asked_for_once(
    client: Client, album: Album, other: Album, settings: Settings
) -> None:
    photos = [make_photo(album, picture_bytes(60 + each, 48)) for each in range(2)]
    settings.QUOTA_BYTES = 2**30
    for target in ({"album": other.pk}, {"title": "Attic"}):
        with CaptureQueriesContext(connection) as queries:
            copy(client, *photos, **target)
        sums = [query for query in queries if "SUM(" in query["sql"] and " IN (" in query["sql"]]
        # What the copies take; then what there is, before and while they are made.
        assert [("derived_from_id" in query["sql"]) for query in sums] == [True, False, False]


def test_photos_are_copied_to_a_new_album_once(client: Client, album: Album) -> None:
    photos = [make_photo(album, picture_bytes(60 + each, 48)) for each in range(2)]
    for _ in range(2):  # a double click
        copy(client, *photos, title="Attic")
    assert Album.objects.get(title="Attic").photos.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_time_make_one_copy(album: Album, other: Album) -> None:
    photos = [make_photo(album, picture_bytes(60 + each, 48)) for each in range(3)]
    together = Barrier(2)

    def copy_them(_: int) -> int:
        try:
            together.wait()
            return len(copying.copy_photos(photos, other))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        assert sum(threads.map(copy_them, range(2))) == len(photos)
    assert other.photos.count() == len(photos)
    assert len(stored_files()) == StoredFile.objects.count()


@pytest.mark.django_db(transaction=True)
def test_what_is_deleted_for_good_meanwhile_is_gone(album: Album, other: Album) -> None:
    photo = make_photo(album)
    services.delete_photo(Photo.objects.get())
    with pytest.raises(GoneError):
        copying.copy_photos([photo], other)
    assert stored_files() == []


def test_what_is_there_already_is_told(client: Client, album: Album, other: Album) -> None:
    photo = make_photo(album)
    for _ in range(2):
        response = copy(client, photo, album=other.pk)
    assertContains(client.get(response["Location"]), "1 photo is in this album already.")
    assert other.photos.count() == 1


def test_a_photo_is_copied_within_its_album(client: Client, album: Album) -> None:
    copy(client, make_photo(album), album=album.pk)
    assert album.photos.count() == 2


def test_without_room_nothing_is_copied(
    client: Client, album: Album, other: Album, settings: Settings
) -> None:
    photos = [make_photo(album, picture_bytes(60 + each, 48)) for each in range(2)]
    settings.QUOTA_BYTES = 2 * filestore.usage_of(album.owner) - 1
    files = stored_files()
    response = copy(client, *photos, album=other.pk)
    assertContains(client.get(response["Location"]), "There is no room")
    assert not other.photos.exists()
    assert stored_files() == files


def test_without_room_no_album_is_made(client: Client, album: Album, settings: Settings) -> None:
    photo = make_photo(album)
    settings.QUOTA_BYTES = 2 * filestore.usage_of(album.owner) - 1
    response = copy(client, photo, title="Attic")
    assertContains(client.get(response["Location"]), "There is no room")
    assert list(Album.objects.all()) == [album]


@pytest.mark.django_db(transaction=True)
def test_without_room_for_an_adjusted_version_no_album_is_made(
    client: Client, album: Album, settings: Settings
) -> None:
    version = make_colorization(make_photo(album))
    adjusting.save(version, Adjustments(warmth=20))
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)
    settings.QUOTA_BYTES = 2 * filestore.usage_of(album.owner) - 1
    response = copy(client, version.source.photo, title="Attic")
    assertContains(client.get(response["Location"]), "There is no room")
    assert list(Album.objects.all()) == [album]


def test_photos_of_others_are_not_copied(client: Client, other: Album) -> None:
    assert copy(client, make_photo(), album=other.pk).status_code == 404
    assert not other.photos.exists()


def test_a_copy_into_the_album_of_somebody_else_is_not_made(client: Client, album: Album) -> None:
    copy(client, make_photo(album), album=make_album().pk)
    assert Photo.objects.count() == 1
    assert StoredFile.objects.filter(purpose=StoredFile.Purpose.ORIGINAL).count() == 1
