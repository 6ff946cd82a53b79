"""A list of the API costs the same number of queries, however long it is."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.api import address, client_of
from tests.bulk import add_albums, add_photos, add_public_albums, add_results
from tests.factories import make_album, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("rows", [10, 1000])
class TestQueries:
    def test_albums(self, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        owner = make_user()
        add_albums(owner, rows)
        client = client_of(owner)
        with django_assert_num_queries(5):  # session, user, changes, keys, albums
            body = client.get(address("album-list"), {"page_size": 200}).json()
        assert len(body["results"]) == min(rows, 200)

    def test_photos(self, rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        album = make_album()
        add_photos(album, rows)
        client = client_of(album.owner)
        # session, user, changes, keys, photos, colorizations, people, tags
        with django_assert_num_queries(8):
            body = client.get(address("photo-list"), {"page_size": 200}).json()
        assert [len(photo["colorizations"]) for photo in body["results"]] == [1] * min(rows, 200)

    @pytest.mark.parametrize("is_owner", [True, False])
    def test_photos_of_an_album(
        self, rows: int, is_owner: bool, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        album = make_album(public=True)
        add_photos(album, rows)
        client = client_of(album.owner if is_owner else make_user())
        # session, user, changes, album, keys, photos, colorizations, people, tags
        with django_assert_num_queries(9):
            body = client.get(address("album-photos", album), {"page_size": 200}).json()
        assert [len(photo["colorizations"]) for photo in body["results"]] == [1] * min(rows, 200)

    def test_public_photos(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        album = make_album(public=True)
        add_photos(album, rows)
        # album, keys, photos, colorizations, people, tags
        with django_assert_num_queries(6):
            url = address("album-public-photos", album)
            body = client_of().get(url, {"page_size": 200}).json()
        assert [photo["colorization_count"] for photo in body["results"]] == [1] * min(rows, 200)

    def test_public_albums(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        add_public_albums(make_user(), rows)
        with django_assert_num_queries(1):
            body = client_of().get(address("public-albums"), {"page_size": 200}).json()
        assert [album["colored_count"] for album in body["results"]] == [2] * min(rows, 200)

    @pytest.mark.parametrize(
        ("filters", "queries"),
        [
            ({}, 5),  # session, user, changes, keys, colorizations
            ({"state": "succeeded"}, 5),
            ({"changed_since": "2020-01-01T00:00:00Z"}, 6),  # and how many may have changed
        ],
    )
    def test_colorizations(
        self,
        rows: int,
        filters: dict[str, str],
        queries: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        album = make_album()
        add_photos(album, rows)
        client = client_of(album.owner)
        with django_assert_num_queries(queries):
            body = client.get(address("colorization-list"), {"page_size": "200", **filters}).json()
        assert len(body["results"]) == min(rows, 200)

    def test_colorizations_of_a_photo(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        photo = make_photo()
        add_results([photo.original] * rows)
        client = client_of(photo.album.owner)
        with django_assert_num_queries(5):  # session, user, changes, photo, colorizations
            body = client.get(address("photo-colorizations", photo), {"page_size": 200}).json()
        assert len(body["results"]) == min(rows, 200)

    def test_a_photo_with_its_colorizations(
        self, rows: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        photo = make_photo()
        add_results([photo.original] * rows)
        client = client_of(photo.album.owner)
        # session, user, changes, photo, colorizations, their number, people, tags
        with django_assert_num_queries(8):
            body = client.get(address("photo-detail", photo)).json()
        assert body["colorization_count"] == rows
        assert len(body["colorizations"]) == 5
