"""Files of the API: the same bytes, ranges and validators as on the pages."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from filestore import services as filestore
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_user,
    photo_of,
    picture_bytes,
)

pytestmark = pytest.mark.django_db

FILES = [
    "photo-original",
    "photo-display",
    "photo-thumbnail",
    "colorization-image",
    "colorization-preview",
    "colorization-thumbnail",
    "archive-file",
]


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest, db: None) -> tuple[APIClient, str]:
    """A client of the owner, and the address of each kind of file."""
    colorization = make_colorization()
    photo = photo_of(colorization)
    things = {"photo": photo, "colorization": colorization, "archive": make_archive(photo.album)}
    kind = request.param.partition("-")[0]
    return client_of(photo.album.owner), address(request.param, things[kind])


def test_the_original_comes_back_byte_for_byte() -> None:
    original = picture_bytes()
    photo = make_photo(make_album(make_user()), original)
    response = client_of(photo.album.owner).get(address("photo-original", photo))
    assert content(response) == original
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_result_comes_in_full() -> None:
    colorization = make_colorization(make_photo(make_album(make_user())))
    client = client_of(photo_of(colorization).album.owner)
    assert colorization.result is not None
    with filestore.open(colorization.result) as result:
        assert content(client.get(address("colorization-image", colorization))) == result.read()


@pytest.mark.parametrize(
    "name", ["colorization-image", "colorization-preview", "colorization-thumbnail"]
)
def test_there_is_no_picture_of_an_open_colorization(name: str) -> None:
    colorization = make_colorization(make_photo(make_album(make_user())), Job.State.RUNNING)
    response = client_of(photo_of(colorization).album.owner).get(address(name, colorization))
    assert_problem(response, 409, "not_succeeded")


def test_a_client_that_accepts_pictures_only_gets_one() -> None:
    photo = make_photo(make_album(make_user()))
    client = client_of(photo.album.owner)
    response = client.get(address("photo-thumbnail", photo), headers={"Accept": "image/*"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("image/")


def test_head_tells_what_get_would(file: tuple[APIClient, str]) -> None:
    client, url = file
    whole, head = client.get(url), client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head["Content-Length"]) == len(content(whole))
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
        assert head[name] == whole[name], name


def test_a_range_of_a_file(file: tuple[APIClient, str]) -> None:
    client, url = file
    whole = content(client.get(url))
    response = client.get(url, headers={"Range": "bytes=2-9"})
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes 2-9/{len(whole)}"
    assert content(response) == whole[2:10]


def test_a_range_is_for_the_file_that_was_begun(file: tuple[APIClient, str]) -> None:
    client, url = file
    etag = client.get(url)["ETag"]
    same = client.get(url, headers={"Range": "bytes=2-9", "If-Range": etag})
    other = client.get(url, headers={"Range": "bytes=2-9", "If-Range": '"another"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_who_has_the_file_is_told_so(file: tuple[APIClient, str]) -> None:
    client, url = file
    etag = client.get(url)["ETag"]
    response = client.get(url, headers={"If-None-Match": etag})
    assert (response.status_code, response["ETag"]) == (304, etag)


def test_a_range_after_the_end_is_a_problem(file: tuple[APIClient, str]) -> None:
    client, url = file
    length = client.head(url)["Content-Length"]
    response = client.get(url, headers={"Range": f"bytes={length}-"})
    assert_problem(response, 416, "range_not_satisfiable")
    assert response["Content-Range"] == f"bytes */{length}"


def test_a_condition_that_does_not_hold_is_a_problem(file: tuple[APIClient, str]) -> None:
    client, url = file
    response = client.get(url, headers={"If-Match": '"another"'})
    assert_problem(response, 412, "precondition_failed")
