"""The job that makes zip files: what it leaves alone, and how it says that it cannot make one."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pytest_django import Settings

from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Colorization
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from gallery import archives, services
from gallery.archive_contents import entries_of
from gallery.archive_writing import PartWriter, Progress
from gallery.details import edit_photo
from gallery.embedding import DetailsNotEmbeddedError, with_details
from gallery.errors import ErrorCode
from gallery.models import Album, Archive, Photo
from jobs import transitions, worker
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import Job, Queue
from tests.factories import (
    lose_lease,
    make_album,
    make_colorization,
    make_photo,
    make_user,
    stored_files,
)
from tests.film_files import film_bytes
from tests.gallery import zips

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def album() -> Album:
    album = make_album(title="Family")
    make_photo(album, name="a.jpg")
    make_photo(album, name="b.jpg")
    return album


ASKED: dict[str, Callable[[Album], Archive]] = {
    "album": archives.request_archive,
    "selection": lambda album: archives.request_selection(list(album.photos.all())),
    "export": lambda album: archives.request_export(album.owner),
}


def work() -> None:
    job = transitions.claim_next(Queue.FILES)
    assert job
    worker.run(job)


def lose(file: StoredFile) -> None:
    Path(file.name.path).unlink()


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_worker_that_lost_its_lease_leaves_the_zip_file_of_another(
    album: Album, ask: Callable[[Album], Archive]
) -> None:
    archive = ask(album)
    late = transitions.claim_next(Queue.FILES)
    assert late
    lose_lease(late)
    zips.make(archive)
    names, files = zips.names(archive), stored_files()
    worker.run(late)
    assert zips.names(archive) == names
    assert stored_files() == files
    assert Job.objects.get().state == Job.State.SUCCEEDED


@pytest.mark.parametrize("ask", [ASKED["album"], ASKED["selection"]], ids=["album", "selection"])
@pytest.mark.parametrize("delete", [services.trash_photos, services.delete_photos])
def test_one_of_which_nothing_is_left_fails_and_says_so(
    album: Album,
    ask: Callable[[Album], Archive],
    delete: Callable[[Sequence[Photo]], object],
) -> None:
    job = ask(album).job
    delete(list(album.photos.all()))
    work()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (Job.State.FAILED, ErrorCode.GONE)
    assert job.error_text == "There is nothing left to download: all of it was deleted."
    assert not [path for path in stored_files() if path.suffix == ".zip"]


@pytest.mark.parametrize("ask", ASKED.values(), ids=ASKED)
def test_a_lost_file_is_named_and_not_tried_again(
    album: Album, ask: Callable[[Album], Archive]
) -> None:
    job = ask(album).job
    lose(album.photos.get(original_name="b.jpg").original)
    work()
    job.refresh_from_db()
    assert (job.state, job.error_code) == (Job.State.FAILED, "storage_failed")
    assert "b.jpg” can't be read: its file is missing" in job.error_message
    assert job.attempts.count() == 1


def test_with_details_a_lost_file_is_named_too(album: Album) -> None:
    photo = album.photos.get(original_name="b.jpg")
    edit_photo(photo, {"title": "Oma"})
    job = archives.request_archive(album, archives.Choices(with_details=True)).job
    lose(photo.original)
    work()
    job.refresh_from_db()
    assert job.error_message.startswith("“Oma.jpg” can't be read")


def test_a_storage_that_is_away_is_tried_again(album: Album, settings: Settings) -> None:
    archive = archives.request_archive(album)
    there = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = there.with_name("not mounted")
    work()
    job = Job.objects.get()
    assert (job.state, job.attempts.get().error_code) == (Job.State.QUEUED, "storage_failed")
    settings.MEDIA_ROOT = there
    assert zips.names(zips.make(archive)) == ["b.jpg", "a.jpg"]


def test_an_export_of_an_empty_account_has_its_tables() -> None:
    assert "README.txt" in zips.names(zips.make(archives.request_export(make_user())))


def test_a_film_is_not_read_to_find_that_it_takes_no_details(album: Album) -> None:
    film = make_photo(album, film_bytes(4), "Pier.mp4")
    lose(film.original)
    with temporary_folder() as folder, pytest.raises(DetailsNotEmbeddedError, match="MP4"):
        with_details(film.original, film, folder)


def test_copying_for_details_ends_when_the_job_is_cancelled(album: Album) -> None:
    photo = album.photos.get(original_name="b.jpg")

    def cancelled() -> None:
        raise JobLostError

    with temporary_folder() as folder, pytest.raises(JobLostError):
        with_details(photo.original, photo, folder, cancelled)


def adjust(version: Colorization, warmth: int) -> None:
    adjusting.save(version, Adjustments(warmth=warmth))
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)


def test_a_version_that_is_adjusted_again_meanwhile_is_not_left_out(
    album: Album, tmp_path: Path
) -> None:
    version = make_colorization(album.photos.get(original_name="a.jpg"))
    adjust(version, 20)
    entries = list(entries_of(archives.request_archive(album)))
    job = transitions.claim_next(Queue.FILES)
    assert job
    adjust(version, 60)
    path = tmp_path / "part.zip"
    with zipfile.ZipFile(path, "w") as file, Lease(job) as lease:
        PartWriter(file, Progress(lease, 1), None).write(entries)
    result = StoredFile.objects.get(colorization_of_result=version)
    with zipfile.ZipFile(path) as file:
        assert file.namelist() == ["b.jpg", "a.jpg", "a-stable.jpg"]
        assert file.read("a-stable.jpg") == Path(result.name.path).read_bytes()
