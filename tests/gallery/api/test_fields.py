"""`?fields=`: an app gets the fields that it shows, and the others cost nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from gallery.arranging import add_section
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import begin_upload, make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


def test_an_object_with_some_of_its_fields() -> None:
    album = make_album(title="Trip")
    response = client_of(album.owner).get(address("album-detail", album), {"fields": "title,id"})
    assert response.json() == {"id": str(album.pk), "title": "Trip"}


def test_each_object_of_a_page_and_all_of_the_page() -> None:
    photo = make_photo()
    response = client_of(photo.album.owner).get(address("photo-list"), {"fields": "id"})
    assert response.json() == {"next": None, "previous": None, "results": [{"id": str(photo.pk)}]}


def test_the_next_page_has_the_same_fields() -> None:
    owner = make_user()
    for _ in range(2):
        make_album(owner)
    client = client_of(owner)
    first = client.get(address("album-list"), {"fields": "id", "page_size": "1"}).json()
    assert [list(album) for album in client.get(first["next"]).json()["results"]] == [["id"]]


def test_a_list_without_pages() -> None:
    section = add_section(make_album(), "Trip")
    client = client_of(section.album.owner)
    response = client.get(address("album-sections", section.album), {"fields": "title"})
    assert response.json() == [{"title": "Trip"}]


def test_what_is_no_row_of_a_table() -> None:
    upload = begin_upload(make_user(), b"12345")
    client = client_of(upload.owner)
    assert client.get(address("trash-size"), {"fields": "bytes"}).json() == {"bytes": 0}
    response = client.get(address("upload-detail", upload), {"fields": "offset"})
    assert response.json() == {"offset": 5}


def test_a_job_without_its_state_is_still_polled() -> None:
    colorization = make_colorization(state=Job.State.QUEUED)
    client = client_of(colorization.source.owner)
    response = client.get(address("colorization-detail", colorization), {"fields": "progress"})
    assert (response.json(), response["Retry-After"]) == ({"progress": 0}, "1")


def test_details_stay_hidden_from_others() -> None:
    photo = make_photo(make_album(public=True))
    photo.title = "Secret"
    photo.save()
    response = client_of(make_user()).get(
        address("photo-detail", photo), {"fields": "title,is_favorite"}
    )
    assert response.json() == {"title": "", "is_favorite": False}


@pytest.mark.parametrize(
    "fields", ["", ",", "id,", "ID", "id;title", "album__owner", "\u2028", "*"]
)
def test_unknown_fields_are_refused_and_the_known_ones_named(fields: str) -> None:
    response = client_of(make_user()).get(address("album-list"), {"fields": fields})
    (error,) = assert_problem(response, 400, "invalid")["errors"]
    assert (error["field"], error["code"]) == ("fields", "unknown_field")
    assert "photos_url" in error["detail"]


def test_nobody_asks_for_fields_where_nothing_is_read() -> None:
    album = make_album()
    client = client_of(album.owner)
    for method in (client.patch, client.delete):
        response = method(address("album-detail", album) + "?fields=id")
        (error,) = assert_problem(response, 400, "invalid")["errors"]
        assert error["code"] == "unknown_parameter"


@pytest.mark.parametrize(("name", "queries"), [("album-list", 5), ("album-detail", 4)])
def test_nothing_is_counted_for_nobody(
    name: str, queries: int, django_assert_num_queries: Any
) -> None:
    album = make_album()
    client = client_of(album.owner)
    url = address(name, album if name == "album-detail" else None)
    for fields, is_counted in (("title", False), ("photo_count", True), ("colored_count", True)):
        # session, user, changes, keys of a list, albums
        with django_assert_num_queries(queries) as asked:
            assert client.get(url, {"fields": fields}).status_code == 200
        assert ("COUNT" in asked[-1]["sql"]) == is_counted


def test_other_fields_cost_no_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    photo = make_photo()
    make_colorization(photo)
    client = client_of(photo.album.owner)
    # session, user, changes, keys of a list, photos
    for url, queries in ((address("photo-list"), 5), (address("photo-detail", photo), 4)):
        with django_assert_num_queries(queries):
            client.get(url, {"fields": "id,name,thumbnail_url"})
        with django_assert_num_queries(queries + 1):  # and tags with people, or colorizations
            client.get(url, {"fields": "id,colorizations"})
    with django_assert_num_queries(2):  # session, user
        client.get(address("me"), {"fields": "email"})
