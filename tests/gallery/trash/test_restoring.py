"""Out of the trash: exactly what was deleted together comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.models import User
from colorizer.models import Colorization
from gallery import arranging, services
from gallery.models import Album, Photo
from gallery.queries import in_album_order
from gallery.trash import restoring
from gallery.trash.contents import KEPT_FOR, Trash
from jobs.errors import GoneError
from jobs.models import Job
from moderation.services import hide
from tests.factories import make_album, make_colorization, make_photo, make_user, photo_of

pytestmark = pytest.mark.django_db


def restore_album(album: Album) -> restoring.Restored:
    return restoring.restore(album.owner, Trash.of(album.owner).only({"album": [album.pk]}))


def restore_photos(owner: User, photos: list[Photo]) -> restoring.Restored:
    return restoring.restore(owner, Trash.of(owner).only({"photo": [photo.pk for photo in photos]}))


def restore_colorization(colorization: Colorization) -> restoring.Restored:
    owner = colorization.job.owner
    return restoring.restore(owner, Trash.of(owner).only({"colorization": [colorization.pk]}))


def is_kept(thing: Album | Photo | Colorization) -> bool:
    thing.refresh_from_db()
    return thing.trashed_at is None


def test_a_photo_comes_back_with_its_versions() -> None:
    version = make_colorization()
    photo = photo_of(version)
    services.trash_photos([photo])
    restore_photos(photo.album.owner, [photo])
    assert is_kept(photo)
    assert is_kept(version)


def test_what_was_being_made_is_queued_again_and_what_was_cancelled_before_is_not() -> None:
    waiting = make_colorization(state=Job.State.QUEUED)
    cancelled = make_colorization(photo_of(waiting), state=Job.State.CANCELLED)
    Job.objects.filter(pk=cancelled.job_id).update(finished_at=Now() - timedelta(minutes=1))
    moment = services.trash_photos([photo_of(waiting)])
    restoring.undo(waiting.job.owner, moment)
    states = [Job.objects.get(pk=version.job_id).state for version in (waiting, cancelled)]
    assert states == [Job.State.QUEUED, Job.State.CANCELLED]


def test_a_version_that_was_deleted_before_its_photo_stays_in_the_trash() -> None:
    version = make_colorization()
    photo = photo_of(version)
    services.trash_colorization(version)
    services.trash_photos([photo])
    restore_photos(photo.album.owner, [photo])
    assert is_kept(photo)
    assert not is_kept(version)


def test_an_album_comes_back_with_what_was_deleted_with_it() -> None:
    version = make_colorization()
    photo = photo_of(version)
    deleted_before = make_photo(photo.album)
    services.trash_photos([deleted_before])
    services.trash_album(photo.album)
    restore_album(photo.album)
    assert is_kept(photo.album)
    assert is_kept(photo)
    assert is_kept(version)
    assert not is_kept(deleted_before)


def test_a_published_album_comes_back_private() -> None:
    album = make_album(public=True)
    services.trash_album(album)
    restored = restore_album(album)
    album.refresh_from_db()
    assert not album.is_public
    assert restored.unpublished == [album.title]


def test_a_photo_whose_album_is_in_the_trash_comes_back_in_my_photos() -> None:
    photo = make_photo()
    album = photo.album
    services.trash_album(album)
    restored = restore_photos(album.owner, [photo])
    photo.refresh_from_db()
    assert photo.album == restored.moved_to
    assert photo.album.title == services.DEFAULT_ALBUM_TITLE
    assert restored.moved == 1


def test_a_photo_that_comes_back_in_my_photos_has_no_place_there_from_its_album() -> None:
    photo = make_photo()
    mine = make_photo(services.default_album(photo.album.owner))
    for placed in (photo, mine):
        arranging.move_to_back([placed], placed.album)
    services.trash_album(photo.album)
    restore_photos(photo.album.owner, [photo])
    shown = in_album_order(mine.album.photos.all(), mine.album, by_section=False)
    assert list(shown) == [photo, mine]  # as what has just been uploaded


def test_of_all_that_comes_back_photos_go_into_their_albums() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    services.trash_album(photo.album)
    restored = restoring.restore(photo.album.owner, Trash.of(photo.album.owner))
    assert is_kept(photo)
    assert is_kept(photo.album)
    assert restored.moved == 0


def test_it_is_no_cover_of_the_album_that_it_left() -> None:
    photo = make_photo()
    album = photo.album
    Album.objects.filter(pk=album.pk).update(cover=photo)
    services.trash_album(album)
    restore_photos(album.owner, [photo])
    album.refresh_from_db()
    assert album.cover is None


def test_undo_takes_back_one_deletion() -> None:
    owner = make_user()
    first, second = make_photo(make_album(owner)), make_photo(make_album(owner))
    services.trash_photos([first])
    moment = services.trash_photos([second])
    restored = restoring.undo(owner, moment)
    assert restored.photos == 1
    assert is_kept(second)
    assert not is_kept(first)


def test_undo_of_an_album_brings_all_of_it() -> None:
    version = make_colorization()
    album = photo_of(version).album
    restored = restoring.undo(album.owner, services.trash_album(album))
    assert restored.albums == [album]
    assert is_kept(version)


def test_undo_is_for_the_owner() -> None:
    photo = make_photo()
    moment = services.trash_photos([photo])
    assert not restoring.undo(make_user(), moment)
    assert not is_kept(photo)


def test_a_version_comes_back() -> None:
    version = make_colorization()
    services.trash_colorization(version)
    assert restore_colorization(version).colorizations == 1
    assert is_kept(version)


def test_what_staff_have_hidden_comes_back_hidden() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    hide(photo, make_user(), "Under review")
    restore_photos(photo.album.owner, [photo])
    assert is_kept(photo)
    assert photo.is_hidden


def test_after_30_days_nothing_comes_back() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    Photo.objects.update(trashed_at=Now() - KEPT_FOR)
    assert not restore_photos(photo.album.owner, [photo])


def test_a_minute_before_it_does() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    Photo.objects.update(trashed_at=Now() - KEPT_FOR + timedelta(minutes=1))
    assert restore_photos(photo.album.owner, [photo])


def test_an_account_that_is_gone_has_no_trash() -> None:
    photo = make_photo()
    owner = photo.album.owner
    services.trash_photos([photo])
    services.delete_person(owner)
    owner.pk = 10**6
    with pytest.raises(GoneError):
        restoring.restore(owner, Trash.of(owner))
