"""Into the trash: what goes together, what stays, what is cancelled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from colorizer import services as colorizer
from colorizer.models import Colorization
from filestore.models import StoredFile
from gallery import queries, services
from gallery.downloads import Wish, request_download
from gallery.models import Archive, Download, Photo
from gallery.trash import restoring
from jobs import transitions
from jobs.errors import GoneError
from jobs.models import Job, Queue
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_download,
    make_photo,
    make_user,
    photo_of,
    stored_files,
)

pytestmark = pytest.mark.django_db

CHOICE = ("stable", 20)


def test_a_version_goes_alone() -> None:
    version = make_colorization()
    services.trash_colorization(version)
    version.refresh_from_db()
    assert version.trashed_at is not None
    assert not photo_of(version).is_trashed


def test_a_photo_goes_with_its_versions() -> None:
    version = make_colorization()
    photo = photo_of(version)
    moment = services.trash_photos([photo])
    photo.refresh_from_db()
    version.refresh_from_db()
    assert photo.trashed_at == version.trashed_at == moment


def test_an_album_goes_with_its_photos_and_their_versions() -> None:
    version = make_colorization()
    photo = photo_of(version)
    moment = services.trash_album(photo.album)
    photo.refresh_from_db()
    version.refresh_from_db()
    assert photo.trashed_at == photo.album.trashed_at == version.trashed_at == moment


def test_no_byte_is_deleted() -> None:
    photo = photo_of(make_colorization())
    before = stored_files()
    services.trash_album(photo.album)
    assert stored_files() == before


def test_the_photos_of_others_stay() -> None:
    other = make_photo()
    services.trash_photos([make_photo(make_album(make_user()))])
    assert Photo.objects.kept().get() == other


def test_what_was_deleted_before_keeps_its_time() -> None:
    version = make_colorization()
    photo = photo_of(version)
    first = services.trash_colorization(version)
    second = services.trash_photos([photo])
    third = services.trash_album(photo.album)
    version.refresh_from_db()
    photo.refresh_from_db()
    assert (version.trashed_at, photo.trashed_at) == (first, second)
    assert first < second < third


@pytest.mark.parametrize("state", [Job.State.QUEUED, Job.State.RUNNING])
def test_what_is_being_made_is_cancelled(state: Job.State) -> None:
    version = make_colorization(state=state)
    services.trash_photos([photo_of(version)])
    version.job.refresh_from_db()
    assert version.job.state == Job.State.CANCELLED


def test_a_worker_that_finishes_meanwhile_writes_nothing() -> None:
    version = make_colorization(state=Job.State.QUEUED)
    claimed = transitions.claim_next(Queue(version.job.queue))
    services.trash_photos([photo_of(version)])
    assert claimed is not None
    assert not transitions.succeed(claimed)


def test_a_job_in_the_trash_is_not_among_ones_own() -> None:
    version = make_colorization(state=Job.State.QUEUED)
    owner = version.job.owner
    archive = make_archive(photo_of(version).album, Job.State.QUEUED)
    services.trash_colorization(version)
    assert list(queries.own_jobs(owner)) == [archive.job]


def test_a_cover_in_the_trash_is_none() -> None:
    version = make_colorization()
    album = photo_of(version).album
    services.publish(album)
    services.trash_colorization(version)
    assert not queries.public_albums().exists()
    shown: Any = queries.own_albums(album.owner).get()
    assert (shown.cover_colorization, shown.photo_count) == (None, 1)
    services.trash_photos([photo_of(version)])
    shown = queries.own_albums(album.owner).get()
    assert (shown.cover_photo, shown.photo_count) == (None, 0)


def test_zip_files_of_an_album_are_deleted() -> None:
    album = make_photo().album
    make_archive(album)
    services.trash_album(album)
    assert not Archive.objects.exists()


@pytest.mark.parametrize(
    "trash",
    [
        pytest.param(services.trash_colorization, id="version"),
        pytest.param(lambda version: services.trash_photos([photo_of(version)]), id="photo"),
        pytest.param(lambda version: services.trash_album(photo_of(version).album), id="album"),
    ],
)
def test_what_was_made_of_it_to_be_downloaded_is_deleted(
    trash: Callable[[Colorization], datetime],
) -> None:
    version, other = make_colorization(), make_download()
    made = make_download(version)
    request_download(version, Wish("jpeg"))
    moment = trash(version)
    assert list(Download.objects.all()) == [other]
    assert list(Job.objects.filter(kind="download")) == [other.job]
    assert StoredFile.objects.filter(purpose="download").count() == 1
    restoring.undo(version.owner, moment)
    assert request_download(version, Wish("png")) != made


def test_the_same_version_comes_back_instead_of_being_made_anew() -> None:
    version = make_colorization()
    colorizer.record_current_weights(version.variant, version.weights_name, version.weights_sha256)
    services.trash_colorization(version)
    again = services.colorize_photo(photo_of(version), *CHOICE)
    assert again == version
    assert Colorization.objects.kept().get() == version


def test_a_version_that_was_cancelled_by_its_deletion_is_made_anew() -> None:
    version = make_colorization(state=Job.State.QUEUED)
    services.trash_colorization(version)
    assert services.colorize_photo(photo_of(version), *CHOICE) != version


def test_a_photo_in_the_trash_is_not_colored() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    with pytest.raises(GoneError):
        services.colorize_photo(photo, *CHOICE)


def test_a_photo_in_the_trash_is_not_moved() -> None:
    photo, album = make_photo(), make_album()
    services.trash_photos([photo])
    services.move_photos([photo], album)
    photo.refresh_from_db()
    assert photo.album != album
