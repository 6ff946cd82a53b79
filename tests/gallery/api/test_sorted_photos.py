"""Photos by the date they were taken, and those that were uploaded more than once."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from filestore.models import StoredFile
from gallery import dates
from gallery.details import edit_photo
from gallery.models import Album, Photo
from tests.api import address, client_of
from tests.bulk import add_bare_photos, add_photos
from tests.factories import make_album, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def album() -> Album:
    return make_album(make_user())


def take(album: Album, date: str | None) -> Photo:
    (photo,) = add_bare_photos(album, 1)
    edit_photo(photo, dates.fields_of(dates.parse(date) if date else None))
    return photo


def test_the_timeline_counts_decades_years_and_months(album: Album) -> None:
    for date in ("1932-05-12", "1932-05", "1932-07", "1932", "193X", None):
        take(album, date)
    take(make_album(), "1901")
    assert client_of(album.owner).get(address("timeline")).json() == [
        {"decade": 1930, "year": None, "photo_count": 1, "months": []},
        {
            "decade": 1930,
            "year": 1932,
            "photo_count": 4,
            "months": [{"month": 5, "photo_count": 2}, {"month": 7, "photo_count": 1}],
        },
        {"decade": None, "year": None, "photo_count": 1, "months": []},
    ]


def test_without_photos_the_timeline_is_empty() -> None:
    assert client_of(make_user()).get(address("timeline")).json() == []


def give(photo: Photo, digit: str) -> None:
    StoredFile.objects.filter(pk=photo.original_id).update(sha256=digit * 64)


def test_duplicates_stand_side_by_side(album: Album) -> None:
    first, second, single, other = [*add_bare_photos(album, 3), *add_bare_photos(make_album(), 1)]
    for photo, digit in ((first, "a"), (second, "a"), (single, "b"), (other, "b")):
        give(photo, digit)
    (group,) = client_of(album.owner).get(address("duplicates")).json()["results"]
    assert group["sha256"] == "a" * 64
    assert {photo["id"] for photo in group["photos"]} == {str(first.pk), str(second.pk)}


def test_of_duplicates_one_is_kept(album: Album) -> None:
    second = add_bare_photos(album, 2)[1]
    client = client_of(album.owner)
    assert client.post(address("photo-keep", second)).json() == {"number": 1}
    assert list(Photo.objects.kept()) == [second]
    assert client.get(address("duplicates")).json()["results"] == []


@pytest.mark.parametrize("number", [2, 40])
def test_duplicates_take_as_many_queries_however_many(
    album: Album, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_photos(album, number)
    client = client_of(album.owner)
    # session, user, changes, checksums, files, photos, colorizations, a few of them, people, tags
    with django_assert_num_queries(10):
        (group,) = client.get(address("duplicates")).json()["results"]
    assert len(group["photos"]) == number
