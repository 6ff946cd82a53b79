"""What pages read: the right rows, in order, with as many queries for many rows as for one."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from pytest_django import DjangoAssertNumQueries

from gallery import queries
from gallery.models import Album, Photo
from jobs.models import Job
from moderation import services as moderation
from tests.factories import make_album, make_colorization, make_photo, make_staff, make_user

pytestmark = pytest.mark.django_db

State = Job.State


def annotated(album: Album) -> dict[str, object]:
    names = ("cover_colorization", "cover_photo", "photo_count")
    return {name: value for name, value in vars(album).items() if name in names}


def test_public_albums_show_the_newest_visible_colorization() -> None:
    album = make_album(public=True)
    shown, hidden = (make_colorization(make_photo(album)) for _ in range(2))
    moderation.hide(hidden.source.photo, by=make_staff(), reason="Blurred.")
    make_colorization()  # in a private album
    make_colorization(make_photo(make_album(public=True)), State.QUEUED)
    found = queries.public_albums().get()
    assert found == album
    assert annotated(found) == {"cover_colorization": shown.pk, "photo_count": 1}


def test_own_albums_are_those_of_the_owner() -> None:
    owner = make_user()
    album = make_album(owner)
    photo = make_photo(album)
    make_colorization(make_photo(make_album(public=True)))
    found = queries.own_albums(owner).get()
    assert found == album
    assert annotated(found) == {
        "cover_colorization": None,
        "cover_photo": photo.pk,
        "photo_count": 1,
    }


def test_strangers_see_an_album_without_its_hidden_photos() -> None:
    album = make_album(public=True)
    shown, hidden = make_photo(album), make_photo(album)
    moderation.hide(hidden, by=make_staff(), reason="Blurred.")
    keys = [hidden.pk, shown.pk]
    assert list(Photo.objects.visible_to(AnonymousUser()).filter(album=album)) == [shown]
    assert list(queries.photos_of_keys(keys, album.owner)) == [hidden, shown]


def test_latest_colorization_of_each_photo_costs_no_query_of_its_own(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    album = make_album()
    latest = []
    for _ in range(3):
        photo = make_photo(album)
        make_colorization(photo)
        latest.append(make_colorization(photo, State.QUEUED))
    with django_assert_num_queries(2):
        photos = list(queries.with_colorizations(album.photos.all(), album.owner))
        assert [photo.shown_version for photo in photos] == latest[::-1]
        assert queries.any_open(photos)


def test_nothing_is_open_when_all_have_finished() -> None:
    colorization = make_colorization()
    assert not queries.any_open(queries.latest_photos(colorization.source.photo.album.owner))


def test_versions_come_newest_first() -> None:
    photo = make_photo()
    first, second = make_colorization(photo), make_colorization(photo)
    assert list(queries.photo_colorizations(photo, photo.album.owner)) == [second, first]
    assert not queries.photo_colorizations(photo, make_user()).exists()
