"""For good: after 30 days, or at once when the trash is emptied. No row and no byte is left."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models.functions import Now

from colorizer import adjusting
from colorizer.engine.adjustments import Adjustments
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.models import Album, Photo
from gallery.trash import purging
from gallery.trash.contents import KEPT_FOR, Trash
from jobs import periodic, transitions, worker
from jobs.models import Job, Queue
from tests.factories import (
    make_album,
    make_archive,
    make_colorization,
    make_photo,
    make_user,
    photo_of,
    stored_files,
)

pytestmark = pytest.mark.django_db(transaction=True)


def wait(days: float) -> None:
    for model in (Album, Photo, Colorization):
        model.objects.filter(trashed_at__isnull=False).update(
            trashed_at=Now() - timedelta(days=days)
        )


def nothing_is_left() -> bool:
    rows = any(model.objects.exists() for model in (Album, Photo, Colorization, StoredFile, Job))
    return not rows and not stored_files()


def test_after_30_days_an_album_goes_with_every_row_and_byte() -> None:
    album = photo_of(make_colorization()).album
    make_archive(album)
    services.trash_album(album)
    wait(days=30)
    purging.purge_expired()
    assert nothing_is_left()


def test_a_minute_before_everything_is_there() -> None:
    photo = photo_of(make_colorization())
    services.trash_album(photo.album)
    wait(days=29.999)
    purging.purge_expired()
    assert Photo.objects.get() == photo


def test_what_is_kept_is_not_touched() -> None:
    photo = photo_of(make_colorization())
    purging.purge_expired()
    assert Photo.objects.get() == photo
    assert Colorization.objects.count() == 1


def test_a_version_goes_and_its_photo_stays() -> None:
    version = make_colorization()
    services.trash_colorization(version)
    wait(days=31)
    purging.purge_expired()
    assert not Colorization.objects.exists()
    assert Photo.objects.count() == 1
    assert filestore.usage_of(version.job.owner) == sum(
        path.stat().st_size for path in stored_files()
    )


def test_it_goes_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 2)
    album = make_album()
    for _ in range(5):
        make_photo(album)
    services.trash_album(album)
    wait(days=31)
    purging.purge_expired()
    assert nothing_is_left()


def test_what_one_call_does_not_reach_the_next_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 1)
    monkeypatch.setattr(purging, "SECONDS_A_REQUEST", -1)
    album = make_album()
    make_photo(album)
    make_photo(album)
    services.trash_album(album)
    assert not purging.empty_trash(album.owner)
    assert Photo.objects.count() == 1
    purging.purge_expired()
    assert nothing_is_left()


def test_workers_do_it_from_time_to_time() -> None:
    photo = make_photo()
    services.trash_album(photo.album)
    wait(days=31)
    periodic._tasks["trash"]._function()
    assert nothing_is_left()


@pytest.mark.django_db(transaction=True)
def test_what_came_back_while_the_owner_was_waited_for_stays() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    wait(days=31)
    waits = 0

    def bring_back(execute: Any, sql: str, *more: Any) -> Any:
        nonlocal waits
        if connection.in_atomic_block and 'FROM "accounts_user"' in sql and not waits:
            waits += 1
            Photo.objects.update(trashed_at=None)
        return execute(sql, *more)

    with connection.execute_wrapper(bring_back):
        purging.purge_expired()
    assert waits
    assert Photo.objects.kept().get() == photo


def test_several_hosts_do_it_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purging, "BATCH", 1)
    for _ in range(2):
        album = make_album()
        for _ in range(4):
            make_photo(album)
        services.trash_album(album)
    wait(days=31)

    def purge(_: int) -> None:
        try:
            purging.purge_expired()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(purge, range(3)))
    assert nothing_is_left()


def test_emptying_deletes_at_once_what_the_owner_has_there() -> None:
    album = photo_of(make_colorization()).album
    services.trash_album(album)
    assert purging.empty_trash(album.owner)
    assert nothing_is_left()


def test_emptying_leaves_what_is_not_in_the_trash_and_what_others_have_there() -> None:
    owner = make_user()
    kept, deleted = make_photo(make_album(owner)), make_photo(make_album(owner))
    foreign = make_photo()
    services.trash_photos([deleted])
    services.trash_photos([foreign])
    purging.empty_trash(owner)
    assert set(Photo.objects.all()) == {kept, foreign}


def test_one_thing_is_deleted_for_good() -> None:
    owner = make_user()
    first, second = make_photo(make_album(owner)), make_photo(make_album(owner))
    services.trash_photos([first])
    services.trash_photos([second])
    purging.delete_forever(owner, Trash.of(owner).only({"photo": [first.pk]}))
    assert Photo.objects.get() == second


def test_with_an_album_go_photos_of_it_that_were_deleted_before() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    services.trash_album(photo.album)
    owner = photo.album.owner
    purging.delete_forever(owner, Trash.of(owner).only({"album": [photo.album.pk]}))
    assert nothing_is_left()


def test_the_trash_counts_until_it_is_emptied() -> None:
    album = photo_of(make_colorization()).album
    before = filestore.usage_of(album.owner)
    services.trash_album(album)
    assert filestore.usage_of(album.owner) == before == Trash.of(album.owner).total_bytes()
    purging.empty_trash(album.owner)
    assert filestore.usage_of(album.owner) == Trash.of(album.owner).total_bytes() == 0


def test_bytes_are_those_of_the_trash_only() -> None:
    version = make_colorization()
    services.trash_colorization(version)
    result = StoredFile.objects.filter(colorization_of_result=version)
    derived = StoredFile.objects.filter(derived_from__in=result)
    assert Trash.of(version.job.owner).total_bytes() == result.total_bytes() + derived.total_bytes()


def test_after_30_days_it_cannot_be_restored_even_before_it_is_deleted() -> None:
    photo = make_photo()
    services.trash_photos([photo])
    Photo.objects.update(trashed_at=Now() - KEPT_FOR)
    assert not Trash.of(photo.album.owner).photos.exists()


@pytest.mark.parametrize("whole", [True, False], ids=["album", "version"])
def test_what_is_given_back_of_an_adjusted_version_is_all_of_it(whole: bool) -> None:
    version = make_colorization()
    adjusting.save(version, Adjustments(warmth=20))
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    worker.run(job)
    if whole:
        services.trash_album(photo_of(version).album)
    else:
        services.trash_colorization(version)
    owner = version.owner
    used, told = filestore.usage_of(owner), Trash.of(owner).total_bytes()
    purging.empty_trash(owner)
    assert filestore.usage_of(owner) == used - told
