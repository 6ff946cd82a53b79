"""Downloading a whole album: asking for its zip file, watching it being made, fetching it."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
from django.template.defaultfilters import filesizeformat
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery import archives, films, services
from gallery.models import Album, Archive
from jobs import transitions, worker
from jobs.models import Job, Queue
from tests.factories import (
    bring_to,
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_user,
    picture_bytes,
    store_result,
    stored_files,
)
from tests.film_files import film_bytes

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


def owner_of(client: Client, album: Album) -> Client:
    client.force_login(album.owner)
    return client


def make_archive(album: Album) -> Archive:
    """By the real handler, in this process."""
    archive = archives.request_archive(album)
    job = transitions.claim_next(Queue.FILES)
    assert job == archive.job
    worker.run(job)
    made = Archive.objects.select_related("job").get(pk=archive.pk)
    assert made.job.state == Job.State.SUCCEEDED, made.job.error_message
    return made


def content_of(client: Client, archive: Archive) -> zipfile.ZipFile:
    response = client.get(f"/archives/{archive.pk}/file/")
    return zipfile.ZipFile(io.BytesIO(response.getvalue()))


def test_it_holds_originals_and_the_newest_result(client: Client) -> None:
    album = make_album()
    original = picture_bytes(80, 60)
    photo = make_photo(album, original, "Oma 1931.jpeg")
    make_colorization(photo, variant="stable", render_factor=9)
    make_colorization(photo, variant="artistic")
    newest = make_colorization(photo, variant="stable")
    make_colorization(photo, Job.State.FAILED, variant="video")
    found = content_of(owner_of(client, album), make_archive(album))
    assert found.testzip() is None
    assert found.namelist() == ["Oma 1931.jpg", "Oma 1931-stable.jpg"]
    assert found.read("Oma 1931.jpg") == original
    result = newest.result
    assert result
    assert len(found.read("Oma 1931-stable.jpg")) == result.bytes


def test_two_photos_of_one_name_both_find_their_place(client: Client) -> None:
    album = make_album()
    for name in ("scan.jpg", "scan.jpg", "SCAN.jpg"):
        make_photo(album, name=name)
    names = content_of(owner_of(client, album), make_archive(album)).namelist()
    assert names == ["SCAN.jpg", "scan (2).jpg", "scan (3).jpg"]


def test_the_page_tells_progress_until_the_file_is_there(client: Client) -> None:
    album = make_photo(make_album()).album
    page = owner_of(client, album)
    assertContains(page.get(album.get_absolute_url()), f'href="/albums/{album.pk}/archive/"')
    asked = page.get(f"/albums/{album.pk}/archive/")
    assertContains(asked, "<h1>Download 1 photo</h1>", html=True)
    assertContains(asked, filesizeformat(album.photos.get().original.bytes))
    response = page.post(f"/albums/{album.pk}/archive/")
    archive = Archive.objects.get()
    assertRedirects(response, archive.get_absolute_url())
    assertContains(page.get(archive.get_absolute_url()), 'hx-trigger="every 1s"')
    job = transitions.claim_next(Queue.FILES)
    assert job
    worker.run(job)
    response = page.get(archive.get_absolute_url(), {"part": "state"})
    assertContains(response, f'href="/archives/{archive.pk}/file/" download')
    assertNotContains(response, "hx-trigger")
    assertNotContains(response, "<html")


def test_the_file_is_named_after_the_album_and_can_be_resumed(client: Client) -> None:
    album = make_photo(make_album(title="Summer 1931/32")).album
    archive = make_archive(album)
    address = f"/archives/{archive.pk}/file/"
    whole = owner_of(client, album).get(address)
    assert whole["Content-Type"] == "application/zip"
    assert whole["Content-Disposition"] == 'attachment; filename="Summer 1931-32.zip"'
    headers = {"Range": "bytes=10-", "If-Range": whole["ETag"]}
    rest = client.get(address, headers=headers)
    assert rest.status_code == 206
    assert rest.getvalue() == whole.getvalue()[10:]


def test_asking_twice_while_it_is_made_gives_the_same(client: Client) -> None:
    album = make_photo(make_album()).album
    for _ in range(2):
        owner_of(client, album).post(f"/albums/{album.pk}/archive/")
    assert Archive.objects.count() == 1


def test_a_new_one_replaces_the_old_with_its_file() -> None:
    album = make_photo(make_album()).album
    old = make_archive(album)
    new = archives.request_archive(album)
    assert list(Archive.objects.all()) == [new]
    assert not Job.objects.filter(pk=old.job_id).exists()
    assert not StoredFile.objects.filter(purpose="archive").exists()
    assert len(stored_files()) == 4


def test_it_is_deleted_a_day_later(client: Client) -> None:
    album = make_photo(make_album()).album
    archive = make_archive(album)
    archives.delete_expired()
    assert Archive.objects.exists()
    Archive.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for address in (archive.get_absolute_url(), f"/archives/{archive.pk}/file/"):
        assert owner_of(client, album).get(address).status_code == 404
    archives.delete_expired()
    assert not Archive.objects.exists()
    assert len(stored_files()) == 4


def test_a_cancelled_one_leaves_no_file(client: Client) -> None:
    album = make_photo(make_album()).album
    archive = archives.request_archive(album)
    job = transitions.claim_next(Queue.FILES)
    assert job
    owner_of(client, album).post(f"/archives/{archive.pk}/cancel/")
    worker.run(job)
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert len(stored_files()) == 4
    assertContains(client.get(archive.get_absolute_url()), "Try again")


def test_a_deleted_album_takes_its_archives_along(client: Client) -> None:
    album = make_photo(make_album()).album
    make_archive(album)
    archives.request_archive(album)
    owner_of(client, album).post(f"{album.get_absolute_url()}delete/")
    assert not Job.objects.exists()
    assert not Archive.objects.exists()
    assert not [path for path in stored_files() if path.suffix == ".zip"]


def test_it_is_for_owner_and_staff_however_public_the_album_is(client: Client) -> None:
    album = make_photo(make_album(public=True)).album
    archive = make_archive(album)
    statuses = {}
    for name, user in (("staff", make_staff()), ("stranger", make_user())):
        client.force_login(user)
        statuses[name] = client.get(f"/archives/{archive.pk}/file/").status_code
    client.logout()
    statuses["anonymous"] = client.get(f"/archives/{archive.pk}/file/").status_code
    assert statuses == {"staff": 200, "stranger": 404, "anonymous": 404}


def test_who_has_too_many_jobs_is_told(client: Client, settings: Settings) -> None:
    settings.MAX_OPEN_JOBS = 1
    album = make_photo(make_album()).album
    make_colorization(album.photos.get(), Job.State.QUEUED)
    response = owner_of(client, album).post(f"/albums/{album.pk}/archive/", follow=True)
    assertContains(response, "You have 1 job waiting")
    assert Colorization.objects.count() == 1
    assert not Archive.objects.exists()


def test_an_empty_zip_file_is_refused_with_the_reason(client: Client) -> None:
    album = make_album()
    page = owner_of(client, album)
    empty = page.post(f"/albums/{album.pk}/archive/")
    assertContains(empty, "There is nothing to download: the album has no photos.")
    make_photo(album)
    gray = page.post(f"/albums/{album.pk}/archive/", {"holds": "results"})
    assertContains(gray, "none of these photos has been colored. Choose the originals.")
    assert not Archive.objects.exists()


def test_another_try_says_that_nothing_is_left(client: Client) -> None:
    album = make_photo(make_album()).album
    archive = make_archive(album)
    services.trash_photos(list(album.photos.all()))
    response = owner_of(client, album).post(f"/archives/{archive.pk}/again/", follow=True)
    assertContains(response, "There is nothing to download: the album has no photos.")


@pytest.mark.parametrize("photos", [0, 1])
def test_there_is_nothing_to_download_in_an_empty_album(client: Client, photos: int) -> None:
    album = make_album()
    for _ in range(photos):
        make_photo(album)
    response = owner_of(client, album).get(album.get_absolute_url())
    shown = b"Download all" in response.content
    assert shown == bool(photos)


def test_seconds_of_a_film_that_were_tried_are_not_in_the_size(client: Client) -> None:
    photo = make_photo(content=film_bytes(), name="boat.mp4")
    trial = films.try_film(photo, 0.0, 8)[0]
    bring_to(trial.job, Job.State.SUCCEEDED, lambda: store_result(trial))
    page = owner_of(client, photo.album).get(f"/albums/{photo.album.pk}/archive/")
    sizes = {str(radio.data["value"]): size for radio, size in page.context["choices"]}
    original = photo.original.bytes
    assert sizes == {"both": original, "originals": original, "results": 0}
