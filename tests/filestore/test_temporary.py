"""Folders for unfinished files: gone after use, swept when their process was killed."""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils import timezone
from pytest_django import Settings

from filestore.storages import MediaStorage, media_storage
from filestore.temporary import remove_leftovers, temporary_folder
from tests.filestore.files import sweep

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LONG_AGO = time.time() - 2 * HOUR.total_seconds()


def test_a_folder_is_empty_and_gone_afterwards(storage: MediaStorage) -> None:
    with temporary_folder() as folder:
        assert not list(folder.iterdir())
        (folder / "a").touch()
    assert not folder.exists()


def test_it_lies_on_the_disk_of_the_storage() -> None:
    with temporary_folder() as folder:
        assert folder.is_relative_to(site_settings.MEDIA_ROOT)


def left_behind() -> Path:
    folder = media_storage().temporary_location / "left"
    folder.mkdir(parents=True)
    (folder / "film.mp4").touch()
    os.utime(folder / "film.mp4", (LONG_AGO, LONG_AGO))
    os.utime(folder, (LONG_AGO, LONG_AGO))
    return folder


def test_what_killed_processes_left_goes(storage: MediaStorage) -> None:
    folder = left_behind()
    with temporary_folder() as mine:
        assert sweep(older_than=HOUR) == 1
        assert mine.exists()
    assert not folder.exists()


def test_a_folder_whose_file_still_grows_is_in_use() -> None:
    folder = left_behind()
    with (folder / "film.mp4").open("ab") as film:
        film.write(b"the next frame")
    assert sweep(older_than=HOUR) == 0
    assert folder.exists()


def test_an_upload_that_was_being_received_goes_too(settings: Settings) -> None:
    folder = media_storage().temporary_location
    folder.mkdir(parents=True)
    settings.FILE_UPLOAD_TEMP_DIR = folder
    upload = TemporaryUploadedFile("film.mp4", "video/mp4", 0, None)
    upload.write(b"half")
    upload.flush()
    path = Path(upload.temporary_file_path())
    assert sweep(older_than=HOUR) == 0
    os.utime(path, (LONG_AGO, LONG_AGO))
    assert sweep(older_than=HOUR) == 1
    assert not path.exists()
    upload.close()


def test_what_may_take_long_to_write_has_longer() -> None:
    folder = left_behind()
    assert sweep(older_than=HOUR, unfinished_for=3 * HOUR) == 0
    assert sweep(older_than=HOUR, unfinished_for=HOUR) == 1
    assert not folder.exists()


def test_several_processes_may_remove_them_at_the_same_time() -> None:
    """And others work in folders of their own, which come and go meanwhile."""
    threads = [threading.Thread(target=make_and_remove) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        assert sum(remove_leftovers(timezone.now() - HOUR)) >= 0


def make_and_remove() -> None:
    for _ in range(300):
        with temporary_folder() as folder:
            (folder / "pages" / "first").mkdir(parents=True)
