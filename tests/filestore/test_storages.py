"""What a part of a large file costs."""

from __future__ import annotations

import errno
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import RequestFactory
from pytest_django import Settings

from accounts.models import User
from filestore import services
from filestore.buckets import BucketStorage
from filestore.errors import StorageUnavailableError
from filestore.models import StoredFile
from filestore.serving import serve
from filestore.storages import FolderStorage, MediaStorage, media_storage
from filestore.temporary import temporary_folder
from tests.filestore.files import store

GIB = 2**30
EIGHT_BYTES = {"Range": "bytes=-8"}


def film(owner: User) -> StoredFile:
    """Two GiB that take no room on the disk."""
    path = Path(settings.MEDIA_ROOT, "files/original/film.mp4")
    path.parent.mkdir(parents=True)
    with path.open("wb") as content:
        content.truncate(2 * GIB - 8)
        content.seek(0, os.SEEK_END)
        content.write(b"the end.")
    return StoredFile.objects.create(
        owner=owner,
        purpose="original",
        name="files/original/film.mp4",
        bytes=2 * GIB,
        sha256="0" * 64,
        content_type="video/mp4",
    )


def test_a_storage_that_can_be_used_passes_its_check(storage: MediaStorage) -> None:
    if isinstance(storage, FolderStorage):
        Path(settings.MEDIA_ROOT).mkdir()
    storage.check()


def test_a_storage_that_is_not_there_is_named(storage: MediaStorage) -> None:
    if isinstance(storage, BucketStorage):
        storage.bucket_name = "nobody-made-it"
    with pytest.raises(OSError, match=r"not there|did not answer"):
        storage.check()


def test_eight_bytes_of_a_film_are_eight_bytes_read(owner: User) -> None:
    file = film(owner)
    before = _bytes_read()
    response: Any = serve(RequestFactory().get("/", headers=EIGHT_BYTES), file)
    assert response.getvalue() == b"the end."
    assert _bytes_read() - before < 10_000  # the accounting itself is read, too


def _bytes_read() -> int:
    """By this process, from whatever file."""
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(dict(line.split(": ") for line in lines)["rchar"])


def test_a_film_is_streamed_not_loaded(owner: User) -> None:
    part = RequestFactory().get("/", headers={"Range": "bytes=0-199999999"})
    response: Any = serve(part, film(owner))
    tracemalloc.start()
    try:
        sent = sum(len(chunk) for chunk in response)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sent == 200_000_000
    assert peak < 5_000_000


def test_eight_bytes_are_eight_bytes_asked_of_the_bucket(
    s3_storage: BucketStorage, owner: User
) -> None:
    file = store(owner, bytes(3_000_000) + b"the end.")
    answers: list[tuple[str, int]] = []
    s3_storage.connection.meta.client.meta.events.register(
        "after-call.s3",
        lambda model, parsed, **_: answers.append((model.name, parsed.get("ContentLength", 0))),
    )
    response: Any = serve(RequestFactory().get("/", headers=EIGHT_BYTES), file)
    assert response.getvalue() == b"the end."
    assert answers == [("GetObject", 8)]


def test_a_file_that_was_cut_short_is_not_passed_off_as_whole(owner: User) -> None:
    file = store(owner, b"an original")
    os.truncate(file.name.path, 5)
    response: Any = serve(RequestFactory().get("/"), file)
    with pytest.raises(OSError, match="last 6 bytes"):
        response.getvalue()


def test_a_disk_that_is_not_mounted_is_away_and_has_lost_nothing(owner: User) -> None:
    file = store(owner)
    shutil.rmtree(Path(settings.MEDIA_ROOT, "files"))
    with pytest.raises(StorageUnavailableError, match="gone"):
        services.open(file)
    for method in (RequestFactory().get, RequestFactory().head):
        with pytest.raises(StorageUnavailableError):
            serve(method("/"), file)


def test_a_disk_that_is_not_mounted_takes_no_new_files(owner: User) -> None:
    store(owner)
    folder = Path(settings.MEDIA_ROOT, "files")
    shutil.rmtree(folder)
    with pytest.raises(StorageUnavailableError, match="mount its disk"):
        store(owner)
    assert not folder.exists()
    folder.mkdir()  # by somebody who knows that they are lost
    store(owner)


def test_a_lost_file_is_another_matter(owner: User) -> None:
    file = store(owner)
    shutil.rmtree(Path(settings.MEDIA_ROOT, "files/original"))
    Path(settings.MEDIA_ROOT, "files/result").mkdir()
    with pytest.raises(FileNotFoundError):
        services.open(file)


def test_a_disk_that_cannot_be_written_is_away(settings: Settings) -> None:
    settings.MEDIA_ROOT = "/sys/photos"  # which takes no folders, not even of root
    with pytest.raises(StorageUnavailableError):
        media_storage().save("files/a", ContentFile(b"a"))
    with pytest.raises(StorageUnavailableError), temporary_folder():
        pass


def test_a_disk_that_breaks_while_it_is_read_is_away(owner: User) -> None:
    file = store(owner)
    path = Path(file.name.path)
    path.unlink()
    path.symlink_to("/proc/self/mem")  # whose first byte cannot be read
    with pytest.raises(StorageUnavailableError) as caught, services.open(file) as section:
        section.read()
    assert caught.value.errno == errno.EIO


def test_new_folders_are_written_for_good_with_the_file_in_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = Path(settings.MEDIA_ROOT)
    (root / "files").mkdir(parents=True)
    synced: list[Path] = []
    sync = os.fsync

    def noting(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", noting)
    media_storage().save("files/result/ab/first", ContentFile(b"a"))
    folders = [root / "files/result/ab", root / "files/result", root / "files"]
    assert synced == [root / "files/result/ab/first", *folders]
    synced.clear()
    media_storage().save("files/result/ab/second", ContentFile(b"a"))
    assert synced == [root / "files/result/ab/second", folders[0]]


def test_names_are_told_without_the_prefix_of_the_bucket(
    s3_storage: BucketStorage, owner: User
) -> None:
    file = store(owner)
    assert [name for name, _ in media_storage().all_files("files")] == [str(file.name)]
    keys = s3_storage.connection.meta.client.list_objects_v2(Bucket=s3_storage.bucket_name)
    assert [entry["Key"] for entry in keys["Contents"]] == [f"tintype/{file.name}"]
