"""What no row names is swept, and nothing else: in a folder as in a bucket."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile

from accounts.models import User
from filestore import cleanup, services
from filestore.buckets import BucketStorage
from filestore.storages import MediaStorage, media_storage
from filestore.temporary import temporary_folder
from tests.filestore.files import Purpose, names_in_storage, store, sweep, write
from tests.worker import worker_environment

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = timedelta(0)
# Stores a file of every purpose, and dies before any row could be saved.
KILLED = """
import os, signal, django
django.setup()
from accounts.models import User
from filestore.models import StoredFile
from filestore.services import new_files
from filestore.temporary import temporary_folder
with new_files() as files, temporary_folder() as folder:
    for purpose in StoredFile.Purpose:
        files.add(User(pk=1), purpose, b"left", suffix=".jpg", content_type="image/jpeg")
    (folder / "unfinished").write_bytes(b"left")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def make_older(path: Path, age: timedelta) -> None:
    then = time.time() - age.total_seconds()
    os.utime(path, (then, then))


def test_files_with_rows_stay(storage: MediaStorage, owner: User) -> None:
    original = store(owner)
    store(owner, b"smaller", Purpose.DISPLAY, original)
    assert sweep(older_than=NOW) == 0
    assert len(names_in_storage()) == 2


@pytest.mark.parametrize("purpose", list(Purpose))
def test_old_files_without_rows_go_and_young_ones_may_be_on_their_way(purpose: str) -> None:
    names = [services.new_name(purpose, ".jpg") for _ in range(2)]
    for name in names:
        media_storage().save(name, ContentFile(b"left"))
    make_older(Path(settings.MEDIA_ROOT) / names[0], 2 * HOUR)
    make_older(Path(settings.MEDIA_ROOT) / names[1], timedelta(minutes=5))
    assert sweep(older_than=HOUR) == 1
    assert names_in_storage() == {names[1]}


def test_an_old_file_that_is_moved_in_counts_as_new(owner: User) -> None:
    with temporary_folder() as folder, services.new_files() as files:
        path = folder / "result.jpg"
        path.write_bytes(b"a")
        make_older(path, 2 * HOUR)
        files.add(owner, Purpose.RESULT, path, suffix=".jpg", content_type="image/jpeg")
        assert sweep(older_than=HOUR) == 0
        files.save()


def test_there_may_be_no_files_at_all(storage: MediaStorage) -> None:
    assert sweep(older_than=NOW) == 0


def test_files_beside_those_of_the_app_are_none_of_its_business(storage: MediaStorage) -> None:
    storage.save("elsewhere/a.jpg", ContentFile(b"a"))
    assert sweep(older_than=NOW) == 0
    assert storage.exists("elsewhere/a.jpg")


def test_more_files_than_one_query_asks_for(owner: User) -> None:
    kept = store(owner)
    for _ in range(services.NAMES_PER_QUERY + 1):
        write(services.new_name("result", ""))
    assert sweep(older_than=NOW) == services.NAMES_PER_QUERY + 1
    assert names_in_storage() == {str(kept.name)}


def test_it_goes_on_from_step_to_step(owner: User) -> None:
    """Clusters wait while one is done: each looks at so many files, whether they stay or go."""
    kept = store(owner)
    for _ in range(2 * services.NAMES_PER_QUERY):
        write(services.new_name("result", ""))
    steps = cleanup.sweep(NOW, NOW)
    for left in (services.NAMES_PER_QUERY + 1, 1):
        next(steps)
        assert len(names_in_storage()) in (left, left + 1)  # the one that stays is somewhere
    assert list(steps)
    assert names_in_storage() == {str(kept.name)}


def test_a_killed_process_leaves_nothing_that_is_not_found(
    storage: MediaStorage, tmp_path: Path
) -> None:
    environment = {**os.environ, **worker_environment(tmp_path / "data")}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED],
        env=environment,
        cwd=settings.BASE_DIR,
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    assert len(names_in_storage()) == len(Purpose)
    assert list(storage.temporary_location.iterdir())
    assert sweep(older_than=HOUR) == 0

    assert sweep(older_than=NOW) == len(Purpose) + 1
    assert not names_in_storage()
    assert not list(storage.temporary_location.iterdir())


def test_parts_of_a_large_file_that_was_never_finished_go(s3_storage: BucketStorage) -> None:
    client = s3_storage.connection.meta.client
    begun = client.create_multipart_upload(Bucket=s3_storage.bucket_name, Key="tintype/files/a")
    client.upload_part(
        Bucket=s3_storage.bucket_name,
        Key="tintype/files/a",
        UploadId=begun["UploadId"],
        PartNumber=1,
        Body=b"left",
    )
    # This server says of each that it was begun in 2010.
    list(s3_storage.discard_unfinished("files", datetime(2010, 1, 1, tzinfo=UTC)))
    assert "Uploads" in client.list_multipart_uploads(Bucket=s3_storage.bucket_name)
    sweep(older_than=HOUR)
    assert "Uploads" not in client.list_multipart_uploads(Bucket=s3_storage.bucket_name)


def test_what_another_host_gave_up_a_moment_ago_stops_nobody(s3_storage: BucketStorage) -> None:
    client = s3_storage.connection.meta.client
    bucket = {"Bucket": s3_storage.bucket_name}
    for name in "ab":
        client.create_multipart_upload(**bucket, Key=f"tintype/files/{name}")
    ours = s3_storage.discard_unfinished("files", datetime.now(UTC))
    next(ours)
    assert len(list(s3_storage.discard_unfinished("files", datetime.now(UTC)))) == 1
    assert len(list(ours)) == 1
    assert "Uploads" not in client.list_multipart_uploads(**bucket)
