"""Zip files of albums: requested, followed, fetched and deleted."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.db.models.functions import Now
from pytest_django import Settings

from filestore.models import StoredFile
from gallery import services
from gallery.models import Album, Archive
from jobs import transitions, worker
from jobs.models import Job, Queue
from tests.api import absolute, address, assert_problem, client_of
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_user,
    picture_bytes,
)

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture
def album() -> Album:
    return make_photo(make_album(make_user())).album


def expire(archive: Archive) -> None:
    Archive.objects.filter(pk=archive.pk).update(expires_at=Now() - timedelta(seconds=1))


def test_an_archive_is_queued_and_can_be_followed(album: Album) -> None:
    client = client_of(album.owner)
    response = client.post(address("album-archive", album))
    archive = Archive.objects.get()
    assert response.status_code == 202
    assert response["Location"] == absolute("archive-detail", archive)
    assert int(response["Retry-After"]) >= 1
    assert response.json()["state"] == "queued"
    assert client.get(response["Location"]).json() == response.json()


@pytest.mark.django_db(transaction=True)  # the lease is renewed through another connection
def test_the_file_is_a_zip_of_what_the_album_holds(album: Album) -> None:
    original = picture_bytes()
    album = make_album(album.owner)
    make_colorization(make_photo(album, original, "grandmother.jpg"), variant="stable")
    client = client_of(album.owner)
    requested = client.post(address("album-archive", album))
    job = transitions.claim_next(Queue.FILES)
    assert job is not None
    worker.run(job)
    archive = client.get(requested["Location"]).json()
    content = b"".join(client.get(archive["file_url"]).streaming_content)  # type: ignore[attr-defined]
    assert len(content) == archive["bytes"]
    with zipfile.ZipFile(BytesIO(content)) as file:
        assert file.testzip() is None
        assert file.namelist() == ["grandmother.jpg", "grandmother-stable.jpg"]
        assert file.read("grandmother.jpg") == original


def test_one_that_is_being_made_is_not_made_twice(album: Album) -> None:
    client, url = client_of(album.owner), address("album-archive", album)
    first, second = client.post(url), client.post(url)
    assert second.status_code == 202
    assert second["Location"] == first["Location"]
    assert Archive.objects.count() == 1


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_a_finished_one_is_replaced(album: Album, state: Job.State) -> None:
    old = make_archive(album, state)
    response = client_of(album.owner).post(address("album-archive", album))
    assert response.status_code == 202
    assert response.json()["id"] != str(old.pk)
    assert Archive.objects.count() == 1
    assert not StoredFile.objects.filter(purpose=StoredFile.Purpose.ARCHIVE).exists()


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_an_open_archive_says_when_to_ask_again(album: Album, state: Job.State) -> None:
    archive = make_archive(album, state)
    response = client_of(album.owner).get(address("archive-detail", archive))
    body = response.json()
    assert (body["state"], body["progress"]) == (state, archive.job.progress)
    assert (body["file_url"], body["expires_at"], body["bytes"]) == (None, None, None)
    assert int(response["Retry-After"]) >= 1


def test_a_finished_archive_tells_where_its_file_is(album: Album) -> None:
    archive = make_archive(album)
    client = client_of(album.owner)
    response = client.get(address("archive-detail", archive))
    body = response.json()
    assert "Retry-After" not in response
    assert (body["state"], body["progress"], body["error_code"]) == ("succeeded", 100, "")
    assert body["bytes"] == archive.bytes
    assert body["expires_at"] > body["finished_at"]
    links = [body[key] for key in ("url", "album_url", "file_url", "web_url")]
    assert {client.get(link).status_code for link in links} == {200}


def test_a_failed_archive_says_why(album: Album) -> None:
    archive = make_archive(album, State.FAILED)
    body = client_of(album.owner).get(address("archive-detail", archive)).json()
    assert body["error_code"] == archive.job.error_code
    assert body["error_text"] == archive.job.error_message
    assert body["file_url"] is None


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.FAILED, State.CANCELLED])
def test_there_is_no_file_of_an_archive_that_is_not_made(album: Album, state: Job.State) -> None:
    archive = make_archive(album, state)
    response = client_of(album.owner).get(address("archive-file", archive))
    assert_problem(response, 409, "not_succeeded")


@pytest.mark.parametrize("name", ["archive-detail", "archive-file"])
def test_an_expired_archive_is_gone(album: Album, name: str) -> None:
    archive = make_archive(album)
    expire(archive)
    assert_problem(client_of(album.owner).get(address(name, archive)), 404, "not_found")


@pytest.mark.parametrize("state", list(State))
def test_a_deleted_archive_is_gone_with_job_and_file(album: Album, state: Job.State) -> None:
    archive = make_archive(album, state)
    client, url = client_of(album.owner), address("archive-detail", archive)
    assert client.delete(url).status_code == 204
    assert_problem(client.get(url), 404, "not_found")
    assert not Job.objects.exists()
    assert not StoredFile.objects.filter(purpose=StoredFile.Purpose.ARCHIVE).exists()
    assert Album.objects.filter(pk=album.pk).exists()


def test_an_archive_counts_among_your_open_jobs(album: Album, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    make_colorization(make_photo(album), State.QUEUED)
    response = client_of(album.owner).post(address("album-archive", album))
    assert_problem(response, 429, "too_many_jobs")
    assert int(response["Retry-After"]) >= 1
    assert not Archive.objects.exists()


def test_an_empty_album_is_refused(album: Album) -> None:
    empty = make_album(album.owner)
    response = client_of(album.owner).post(address("album-archive", empty))
    assert_problem(response, 409, "nothing_to_download")
    assert "no photos" in response.json()["detail"]


@pytest.mark.parametrize("name", ["album-archive", "archive-list"])
def test_results_are_refused_where_nothing_is_colored(album: Album, name: str) -> None:
    photo = album.photos.get()
    failed = make_colorization(photo, State.FAILED)
    client = client_of(album.owner)
    url = address(name, album) if name == "album-archive" else address(name)
    order = {"holds": "results"} | ({"photos": [photo.pk]} if name == "archive-list" else {})
    assert_problem(client.post(url, order), 409, "nothing_to_download")
    assert not Archive.objects.exists()
    assert not Job.objects.exclude(pk=failed.job_id).exists()
    make_colorization(photo)
    assert client.post(url, order).status_code == 202


def test_a_finished_one_stays_where_there_is_nothing_for_another(album: Album) -> None:
    archive = make_archive(album)
    services.trash_photos(list(album.photos.all()))
    response = client_of(album.owner).post(address("album-archive", album))
    assert_problem(response, 409, "nothing_to_download")
    assert Archive.objects.get() == archive


def test_archives_of_a_published_album_are_for_its_owner() -> None:
    album = make_album(public=True)
    archive = make_archive(album)
    visitor = client_of(make_user())
    assert_problem(visitor.post(address("album-archive", album)), 404, "not_found")
    for name in ("archive-detail", "archive-file"):
        assert_problem(visitor.get(address(name, archive)), 404, "not_found")
    assert_problem(visitor.delete(address("archive-detail", archive)), 404, "not_found")
    assert Archive.objects.filter(pk=archive.pk).exists()
