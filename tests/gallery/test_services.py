"""What people and staff do: rows and files together, and nothing of it half."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django_q.conf import Conf
from jobs.models import Job

from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import queries, services
from gallery.models import Album, Photo, Report
from moderation import services as moderation
from tests.factories import (
    make_album,
    make_colorization,
    make_photo,
    make_staff,
    make_upload,
    make_user,
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
        enqueue(photo, variant, factor)
    assert not photo.colorizations.exists()


def test_good_files_go_on_when_some_are_bad() -> None:
    files = [make_upload(name="a.jpg"), make_upload(b"", "b.jpg"), make_upload(name="c.jpg")]
    colorizations, refused = services.add_photos_and_colorize(make_album(), files, "artistic", 20)
    assert [colorization.source.photo.original_name for colorization in colorizations] == ["a.jpg", "c.jpg"]
    assert [(name, error.code) for name, error in refused] == [("b.jpg", "empty_file")]


@pytest.mark.django_db(transaction=True)
def test_pictures_wait_until_there_is_memory_for_them() -> None:
    album = make_album()
    with ThreadPoolExecutor(max_workers=1) as requests:
        with services.DECODING, services.DECODING:
            upload = requests.submit(in_own_connection, services.add_photo, album, make_upload())
            with pytest.raises(TimeoutError):
                upload.result(timeout=0.3)
        upload.result()
    assert album.photos.count() == 1


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


def test_album_needs_a_title() -> None:
    with pytest.raises(ValidationError, match="title"):
        services.create_album(make_user(), "")


def test_an_edit_does_not_undo_what_staff_do_meanwhile() -> None:
    album = make_album()
    moderation.hide(Album.objects.get(), by=make_staff(), reason="Not suitable.")
    services.edit_album(album, "Summer", "By the sea")
    album.refresh_from_db()
    assert (album.title, album.description, album.is_hidden) == ("Summer", "By the sea", True)


def test_publishing_again_keeps_the_date() -> None:
    album = make_album(public=True)
    before = album.published_at
    services.publish(album)
    assert album.published_at == before
    services.unpublish(album)
    album.refresh_from_db()
    assert (album.is_public, album.published_at) == (False, None)


@pytest.mark.django_db(transaction=True)
def test_deleted_pair_takes_its_files_along_and_leaves_the_photo() -> None:
    colorization = make_colorization()
    services.delete_colorization(colorization)
    assert len(stored_files()) == 3
    assert Photo.objects.exists()
    assert not Colorization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_deleted_photo_takes_pairs_and_files_along() -> None:
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
    assert len(stored_files()) == 6


@pytest.mark.django_db(transaction=True)
def test_file_that_cannot_be_deleted_keeps_no_other_one() -> None:
    photo = make_photo()
    original = Path(photo.original.path)
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
    assert len(stored_files()) == 3


@pytest.mark.django_db(transaction=True)
def test_files_stay_when_the_deletion_is_rolled_back() -> None:
    photo = make_photo()
    report = moderation.report(make_colorization(photo), None, Report.Reason.OTHER)
    with transaction.atomic():
        services.delete_photo(photo)
        transaction.set_rollback(True)
    assert Report.objects.get() == report
    assert len(stored_files()) == 6


def test_files_are_kept_below_the_media_folder() -> None:
    make_colorization()
    assert {path.relative_to(Path(settings.MEDIA_ROOT)).parts[0] for path in stored_files()} == {
        "originals",
        "displays",
        "thumbnails",
        "results",
        "previews",
        "result-thumbnails",
    }


@pytest.mark.parametrize("hide_album", [True, False])
def test_hidden_is_for_owner_and_staff_until_restored(hide_album: bool) -> None:
    colorization, staff, stranger = make_colorization(), make_staff(), make_user()
    album = colorization.source.photo.album
    services.publish(album)
    hidden: Album | Photo = album if hide_album else colorization.source.photo
    moderation.hide(hidden, by=staff, reason=" Not suitable. ")
    assert hidden.hidden_reason == "Not suitable."
    seen_by = {
        who: Colorization.objects.visible_to(user).exists()
        for who, user in {"stranger": stranger, "owner": album.owner, "staff": staff}.items()
    }
    assert seen_by == {"stranger": False, "owner": True, "staff": True}
    moderation.restore(hidden)
    assert Colorization.objects.visible_to(stranger).exists()


def test_hiding_needs_a_reason() -> None:
    photo = make_photo()
    with pytest.raises(ValidationError, match="Give a reason"):
        moderation.hide(photo, by=make_staff(), reason="  ")
    photo.refresh_from_db()
    assert not photo.is_hidden


def test_suspended_owner_has_no_public_albums() -> None:
    colorization = make_colorization()
    services.publish(colorization.source.photo.album)
    assert queries.public_albums().exists()
    type(colorization.source.photo.album.owner).objects.update(is_active=False)
    assert not queries.public_albums().exists()
    assert not Photo.objects.visible_to(make_user()).exists()


def test_second_report_of_the_same_person_replaces_the_first() -> None:
    colorization, reporter = make_colorization(), make_user()
    moderation.report(colorization, reporter, Report.Reason.PRIVACY)
    moderation.report(colorization, reporter, Report.Reason.COPYRIGHT, "My picture.")
    report = Report.objects.get()
    assert (report.reason, report.details) == (Report.Reason.COPYRIGHT, "My picture.")


def test_report_needs_a_known_reason() -> None:
    with pytest.raises(ValidationError, match="reason"):
        moderation.report(make_colorization(), None, "boring")


def test_report_is_resolved_once() -> None:
    report = moderation.report(make_colorization(), None, Report.Reason.OTHER)
    staff = make_staff()
    assert moderation.resolve_report(report, staff, Report.Outcome.DISMISSED)
    assert not moderation.resolve_report(report, staff, Report.Outcome.HIDDEN)
    report.refresh_from_db()
    assert report.outcome == Report.Outcome.DISMISSED
