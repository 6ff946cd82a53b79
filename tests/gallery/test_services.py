"""What people and staff do: rows and files together, and nothing of it half."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django_q.conf import Conf

from colorizer.models import Colorization
from colorizer.services import enqueue
from filestore.models import StoredFile
from gallery import archives, queries, services
from gallery.models import Photo
from jobs import transitions
from jobs.models import Job
from moderation import services as moderation
from moderation.models import Report
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_upload,
    make_user,
    store_result,
    stored_files,
)

pytestmark = pytest.mark.django_db

State = Job.State
T = TypeVar("T")


@pytest.mark.parametrize(("variant", "factor"), [("sepia", 20), ("stable", 7), ("stable", 41)])
def test_bad_choice_is_refused_and_nothing_is_stored(variant: str, factor: int) -> None:
    with pytest.raises(ValidationError) as refusal:
        services.add_photo_and_colorize(make_album(), make_upload(), variant, factor)
    assert set(refusal.value.message_dict) <= {"variant", "render_factor"}
    assert not Photo.objects.exists()
    assert stored_files() == []


@pytest.mark.parametrize(("variant", "factor"), [("sepia", 20), ("stable", 7), ("stable", 41)])
def test_existing_photo_is_not_queued_with_a_bad_choice(variant: str, factor: int) -> None:
    photo = make_photo()
    with pytest.raises(ValidationError):
        enqueue(photo.original, variant, factor)
    assert not photo.colorizations.exists()


def test_good_files_go_on_when_some_are_bad() -> None:
    files = [make_upload(name="a.jpg"), make_upload(b"", "b.jpg"), make_upload(name="c.jpg")]
    colorizations, refused = services.add_photos_and_colorize(make_album(), files, "artistic", 20)
    assert [colorization.source.photo.original_name for colorization in colorizations] == [
        "a.jpg",
        "c.jpg",
    ]
    assert [(name, error.code) for name, error in refused] == [("b.jpg", "empty_file")]


def test_default_album_is_made_once() -> None:
    owner = make_user()
    assert services.default_album(owner) == services.default_album(owner)
    assert [album.title for album in owner.albums.all()] == ["My photos"]


@pytest.mark.django_db(transaction=True)
def test_first_uploads_at_the_same_time_share_the_default_album() -> None:
    owner = make_user()
    with ThreadPoolExecutor(max_workers=4) as requests:
        calls = [
            requests.submit(in_own_connection, services.default_album, owner) for _ in range(8)
        ]
    assert {call.result() for call in calls} == {owner.albums.get()}


def in_own_connection(function: Callable[..., T], *arguments: Any) -> T:
    try:
        return function(*arguments)
    finally:
        connection.close()


def while_under_way(transaction_of: Callable[[], object], delete: Callable[[], object]) -> None:
    """Delete while a transaction of another connection has done its work and is not committed."""
    done = Event()

    def hold() -> None:
        with transaction.atomic():
            transaction_of()
            done.set()
            time.sleep(0.3)

    with ThreadPoolExecutor(max_workers=2) as requests:
        held = requests.submit(in_own_connection, hold)
        done.wait()
        deletion = requests.submit(in_own_connection, delete)
        held.result()
        deletion.result()


@pytest.mark.django_db(transaction=True)
def test_a_person_is_deleted_while_a_worker_ends_their_job() -> None:
    colorization = make_colorization(state=State.RUNNING)

    def end() -> None:
        assert transitions.succeed(colorization.job)
        store_result(colorization)

    while_under_way(end, lambda: services.delete_person(colorization.source.owner))
    assert not Job.objects.exists()
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_an_album_is_deleted_while_its_zip_file_is_requested_again() -> None:
    album = make_photo().album
    make_archive(album)
    while_under_way(lambda: archives.request_archive(album), lambda: services.delete_album(album))
    assert not Job.objects.exists()
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_a_photo_is_deleted_while_it_is_queued() -> None:
    photo = make_photo()
    while_under_way(
        lambda: enqueue(photo.original, "stable", 20), lambda: services.delete_photo(photo)
    )
    assert not Job.objects.exists()
    assert stored_files() == []


def test_album_needs_a_title() -> None:
    with pytest.raises(ValidationError, match="title"):
        services.create_album(make_user(), "")


def test_publishing_again_keeps_the_date() -> None:
    album = make_album(public=True)
    before = album.published_at
    services.publish(album)
    assert album.published_at == before
    services.unpublish(album)
    album.refresh_from_db()
    assert (album.is_public, album.published_at) == (False, None)


@pytest.mark.django_db(transaction=True)
def test_deleted_colorization_takes_its_files_along_and_leaves_the_photo() -> None:
    colorization = make_colorization()
    services.delete_colorization(colorization)
    assert len(stored_files()) == 4
    assert Photo.objects.exists()
    assert not Colorization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deleted_photo_takes_colorizations_and_files_along() -> None:
    photo = make_photo()
    make_colorization(photo)
    make_colorization(photo, State.QUEUED)
    services.delete_photo(photo)
    assert not Colorization.objects.exists()
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_deleted_album_takes_everything_along_and_nothing_else() -> None:
    album = make_album()
    for _ in range(2):
        make_colorization(make_photo(album))
    other = make_colorization()
    services.delete_album(album)
    assert list(Photo.objects.all()) == [other.source.photo]
    assert len(stored_files()) == 8


@pytest.mark.django_db(transaction=True)
def test_file_that_cannot_be_deleted_keeps_no_other_one() -> None:
    photo = make_photo()
    original = Path(photo.original.name.path)
    original.unlink()
    (original / "in-the-way").mkdir(parents=True)
    services.delete_photo(photo)
    assert stored_files() == []
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_upload_is_kept_whole_while_the_queue_cannot_be_reached(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", "redis://127.0.0.1:1")
    colorization = services.add_photo_and_colorize(make_album(), make_upload(), "stable", 20)
    assert list(Colorization.objects.all()) == [colorization]
    assert len(stored_files()) == 4


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_deletion_is_rolled_back() -> None:
    photo = make_photo()
    report = moderation.report(make_colorization(photo), None, Report.Reason.OTHER)
    with transaction.atomic():
        services.delete_photo(photo)
        transaction.set_rollback(True)
    assert Report.objects.get() == report
    assert len(stored_files()) == 8


def test_files_are_kept_below_the_media_folder() -> None:
    make_colorization()
    folder = Path(settings.MEDIA_ROOT) / "files"
    assert {path.relative_to(folder).parts[0] for path in stored_files()} == {
        "original",
        "display",
        "thumbnail",
        "small",
        "result",
        "preview",
    }
    assert {Path(file.name.path) for file in StoredFile.objects.all()} == set(stored_files())


def test_suspended_owner_has_no_public_albums() -> None:
    colorization = make_colorization()
    services.publish(colorization.source.photo.album)
    assert queries.public_albums().exists()
    type(colorization.source.photo.album.owner).objects.update(is_active=False)
    assert not queries.public_albums().exists()
    assert not Photo.objects.visible_to(make_user()).exists()
