"""Result files that no record names are swept, and no others."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from colorizer import orphans
from tests.factories import make_colorization

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def leave_behind(folder: str, age: timedelta) -> str:
    name = default_storage.save(f"{folder}/left.jpg", ContentFile(b"left"))
    then = time.time() - age.total_seconds()
    os.utime(Path(default_storage.path(name)), (then, then))
    return name


def test_files_of_records_stay() -> None:
    pair = make_colorization()
    assert orphans.sweep(older_than=timedelta(0)) == 0
    for file in (pair.result, pair.preview, pair.thumbnail):
        assert default_storage.exists(str(file.name))


@pytest.mark.parametrize("folder", orphans.FOLDERS.values())
def test_old_orphans_go_and_young_ones_may_be_on_their_way(folder: str) -> None:
    old, young = leave_behind(folder, 2 * HOUR), leave_behind(folder, timedelta(minutes=5))
    assert orphans.sweep(older_than=HOUR) == 1
    assert not default_storage.exists(old)
    assert default_storage.exists(young)


def test_originals_are_none_of_its_business() -> None:
    pair = make_colorization()
    orphans.sweep(older_than=timedelta(0))
    assert default_storage.exists(str(pair.photo.original.name))


def test_there_may_be_no_files_at_all() -> None:
    assert orphans.sweep(older_than=timedelta(0)) == 0
