"""Only the database that the files belong to says which of them are left over: in a folder as in a bucket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import User
from filestore import ownership, services
from filestore.errors import ForeignFilesError
from filestore.models import DatabaseId
from filestore.storages import MediaStorage
from filestore.temporary import temporary_folder
from tests.filestore.files import Purpose, names_in_storage, store, sweep

pytestmark = pytest.mark.django_db
NOW = timedelta(0)


def leave_behind(storage: MediaStorage) -> str:
    return str(storage.save(services.new_name(Purpose.ORIGINAL, ".jpg"), ContentFile(b"left")))


def another_database() -> None:
    """As with a wrong DATABASE_URL: it knows none of the files."""
    DatabaseId.objects.all().delete()


def test_another_database_deletes_nothing(storage: MediaStorage, owner: User) -> None:
    store(owner)
    assert sweep(older_than=NOW) == 0
    name = leave_behind(storage)
    another_database()
    with pytest.raises(ForeignFilesError, match="Check DATABASE_URL and MEDIA_STORAGE"):
        sweep(older_than=NOW)
    assert name in names_in_storage()


def test_what_a_killed_process_was_making_is_removed_all_the_same(owner: User) -> None:
    store(owner)
    sweep(older_than=NOW)
    another_database()
    with temporary_folder() as folder:
        with pytest.raises(ForeignFilesError):
            sweep(older_than=NOW)
        assert not folder.exists()


def test_files_that_no_other_database_needs_can_be_given_to_this_one(
    storage: MediaStorage, owner: User
) -> None:
    kept = store(owner)
    sweep(older_than=NOW)
    leave_behind(storage)
    another_database()
    storage.delete(ownership.NAME)
    assert sweep(older_than=NOW) == 1
    assert names_in_storage() == {kept.name}
    another_database()
    with pytest.raises(ForeignFilesError):
        ownership.require_own_files()


def test_an_id_that_was_not_written_to_its_end_is_written_anew(storage: MediaStorage) -> None:
    storage.save(ownership.NAME, ContentFile(b""))
    ownership.require_own_files()
    another_database()
    with pytest.raises(ForeignFilesError):
        ownership.require_own_files()


def test_an_empty_storage_stays_empty(storage: MediaStorage) -> None:
    """As a folder whose disk is not mounted."""
    sweep(older_than=NOW)
    assert not storage.exists(ownership.NAME)
