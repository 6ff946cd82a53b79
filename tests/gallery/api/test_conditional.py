"""What a client has is not sent again, and what somebody else changed meanwhile is not overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from filestore.models import Upload
from gallery.arranging import add_section
from gallery.models import Album
from gallery.services import edit_album
from jobs.models import Job
from tests.api import address, assert_problem, client_of
from tests.factories import make_album, make_colorization, make_photo, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def album() -> Album:
    return make_album()


def etag(client: Any, url: str) -> str:
    return str(client.get(url)["ETag"])


@pytest.mark.parametrize("name", ["album-list", "photo-list", "me", "trash", "trash-size"])
def test_what_is_as_it_was_is_not_sent_again(name: str) -> None:
    client = client_of(make_photo().album.owner)
    first = client.get(address(name))
    again = client.get(address(name), headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Vary"] == first["Vary"]
    assert again["Cache-Control"] == first["Cache-Control"] == "private, no-store"


def test_what_changed_is_sent(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    before = etag(client, url)
    edit_album(album, title="Other")
    response = client.get(url, headers={"If-None-Match": before})
    assert response.status_code == 200
    assert response["ETag"] != before


def test_a_list_changes_with_what_is_in_it(album: Album) -> None:
    client, url = client_of(album.owner), address("album-photos", album)
    before = etag(client, url)
    photo = make_photo(album)
    with_photo = etag(client, url)
    make_colorization(photo)
    assert len({before, with_photo, etag(client, url)}) == 3


def test_of_an_open_job_a_client_hears_when_to_ask_again() -> None:
    colorization = make_colorization(state=Job.State.QUEUED)
    client, url = (
        client_of(colorization.source.owner),
        address("colorization-detail", colorization),
    )
    response = client.get(url, headers={"If-None-Match": etag(client, url)})
    assert (response.status_code, response["Retry-After"]) == (304, "1")


def test_head_tells_the_same_etag(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    assert client.head(url)["ETag"] == etag(client, url)


def test_several_etags_weak_ones_and_the_star(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    current = etag(client, url)
    for header in (f'"other", {current}', f"W/{current}", "*"):
        assert client.get(url, headers={"If-None-Match": header}).status_code == 304


@pytest.mark.parametrize("garbage", ["", "x", '"', "W/", '"\x7f', "käse", '"a", b', ","])
def test_garbage_is_no_etag(album: Album, garbage: str) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    assert client.get(url, headers={"If-None-Match": garbage}).status_code == 200
    response = client.patch(url, {"title": "Other"}, format="json", headers={"If-Match": garbage})
    assert_problem(response, 412, "precondition_failed")


def test_get_takes_if_match_too(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    assert client.get(url, headers={"If-Match": etag(client, url)}).status_code == 200
    assert_problem(client.get(url, headers={"If-Match": '"x"'}), 412, "precondition_failed")


@pytest.mark.parametrize("weak", ["", "W/"])
def test_a_change_of_what_one_has_seen(album: Album, weak: str) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    headers = {"If-Match": weak + etag(client, url)}
    response = client.patch(url, {"title": "Other"}, format="json", headers=headers)
    assert (response.status_code, response.json()["title"]) == (200, "Other")
    album.refresh_from_db()
    assert album.title == "Other"


def test_a_change_of_what_others_changed_is_refused(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    seen = etag(client, url)
    edit_album(album, title="Theirs")
    for response in (
        client.patch(url, {"title": "Mine"}, format="json", headers={"If-Match": seen}),
        client.delete(url, headers={"If-Match": seen}),
    ):
        assert_problem(response, 412, "precondition_failed")
    album.refresh_from_db()
    assert (album.title, album.is_trashed) == ("Theirs", False)


def test_what_one_has_seen_is_deleted(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    assert client.delete(url, headers={"If-Match": etag(client, url)}).status_code == 204
    album.refresh_from_db()
    assert album.is_trashed


def test_photos_sections_versions_and_oneself_take_it_too(album: Album) -> None:
    client = client_of(album.owner)
    photo = make_photo(album)
    version = make_colorization(photo)
    for url, change in (
        (address("me"), {"name": "Ada"}),
        (address("section-detail", add_section(album, "Trip")), {"title": "Other"}),
        (address("photo-detail", photo), {"title": "Other"}),
    ):
        headers = {"If-Match": etag(client, url)}
        assert client.patch(url, change, format="json", headers=headers).status_code == 200
        response = client.patch(url, change, format="json", headers=headers)
        assert_problem(response, 412, "precondition_failed")
    url = address("colorization-detail", version)
    assert_problem(client.delete(url, headers={"If-Match": '"x"'}), 412, "precondition_failed")
    assert client.delete(url, headers={"If-Match": etag(client, url)}).status_code == 204


def test_a_wrong_change_stores_nothing(album: Album) -> None:
    client, url = client_of(album.owner), address("album-detail", album)
    headers = {"If-Match": etag(client, url)}
    response = client.patch(url, {"visibility": "world"}, format="json", headers=headers)
    assert_problem(response, 400, "invalid")


def test_others_hear_no_more_than_without_it(album: Album) -> None:
    url = address("album-detail", album)
    response = client_of(make_user()).patch(
        url, {"title": "x"}, format="json", headers={"If-Match": "*"}
    )
    assert_problem(response, 404, "not_found")


def test_parts_of_an_upload_go_by_their_offset() -> None:
    client = client_of(make_user())
    tus = {"Tus-Resumable": "1.0.0"}
    client.post(address("upload-list"), headers={**tus, "Upload-Length": "10"})
    url = address("upload-detail", Upload.objects.get())
    headers = {**tus, "Upload-Offset": "0", "If-Match": etag(client, url)}
    part = "application/offset+octet-stream"
    response = client.patch(url, b"12345", content_type=part, headers=headers)
    assert_problem(response, 412, "precondition_failed")
    assert client.head(url, headers=tus)["Upload-Offset"] == "0"
