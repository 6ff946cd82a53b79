"""Rows and bytes come and go together, in a folder as in a bucket."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, OperationalError, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.models import User
from filestore import services
from filestore.models import StoredFile
from filestore.storages import FolderStorage, MediaStorage
from filestore.temporary import temporary_folder
from tests.factories import make_user
from tests.filestore.files import Purpose, names_in_storage, store, sweep, write

CONTENT = bytes(range(256)) * 20_000  # more than a part that S3 takes


class OwnError(Exception):
    pass


def uploaded() -> TemporaryUploadedFile:
    file = TemporaryUploadedFile("a.jpg", "image/jpeg", len(CONTENT), None)
    file.write(CONTENT)
    return file


@pytest.mark.parametrize("make", [lambda: CONTENT, lambda: ContentFile(CONTENT), uploaded])
def test_a_file_is_recorded_as_it_is_stored(
    storage: MediaStorage, owner: User, make: Callable[[], bytes | File[bytes]]
) -> None:
    content = make()
    with services.new_files() as files:
        added = files.add(
            owner,
            Purpose.ORIGINAL,
            content,
            suffix=".jpg",
            content_type="image/jpeg",
        )
        files.save()

    file = StoredFile.objects.get()
    assert file == added
    assert (file.owner, file.purpose, file.content_type) == (owner, "original", "image/jpeg")
    assert (file.bytes, file.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    assert (
        str(file.name)
        == f"files/original/{Path(str(file.name)).name[:2]}/{Path(str(file.name)).name}"
    )
    assert file.created_at == added.created_at
    with services.open(file) as stream:
        assert stream.read() == CONTENT
    if isinstance(content, File):
        content.close()  # as Django does at the end of a request


def test_a_finished_file_is_moved_not_copied(owner: User) -> None:
    with temporary_folder() as folder, services.new_files() as files:
        path = folder / "result.jpg"
        path.write_bytes(CONTENT)
        inode = path.stat().st_ino
        file = files.add(owner, Purpose.RESULT, path, suffix=".jpg", content_type="image/jpeg")
        files.save()
        assert not path.exists()
    assert Path(file.name.path).stat().st_ino == inode
    assert Path(file.name.path).stat().st_mode & 0o777 == 0o640


def test_a_path_can_be_stored_in_a_bucket(s3_storage: MediaStorage, owner: User) -> None:
    with temporary_folder() as folder, services.new_files() as files:
        path = folder / "result.jpg"
        path.write_bytes(CONTENT)
        file = files.add(owner, Purpose.RESULT, path, suffix=".jpg", content_type="image/jpeg")
        files.save()
    with services.open(file) as stream:
        assert stream.read() == CONTENT


def test_a_check_that_fails_ends_the_sending_to_a_bucket(
    s3_storage: MediaStorage, owner: User
) -> None:
    size, reads = 20_000_000, 0
    to_measure = size // File.DEFAULT_CHUNK_SIZE + 2

    def check() -> None:
        nonlocal reads
        reads += 1
        if reads > to_measure + 1:
            raise OwnError

    def send() -> None:
        with temporary_folder() as folder, services.new_files(check) as files:
            path = folder / "result.mp4"
            path.write_bytes(bytes(size))
            files.add(owner, Purpose.RESULT, path, suffix=".mp4", content_type="video/mp4")

    with pytest.raises(OwnError):
        send()
    assert reads > to_measure
    assert not names_in_storage()


def test_files_with_the_same_bytes_have_names_of_their_own(
    storage: MediaStorage, owner: User
) -> None:
    assert store(owner).name != store(owner).name
    assert len(names_in_storage()) == 2


def test_nothing_is_left_when_an_error_comes(storage: MediaStorage, owner: User) -> None:
    def fail() -> None:
        with services.new_files() as files:
            files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
            assert names_in_storage()
            raise OwnError

    with pytest.raises(OwnError):
        fail()
    assert not names_in_storage()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_when_saving_is_rolled_back(storage: MediaStorage) -> None:
    owner = make_user()

    def fail() -> None:
        with services.new_files() as files, transaction.atomic():
            files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
            files.save()
            raise OwnError

    with pytest.raises(OwnError):
        fail()
    assert not names_in_storage()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_when_a_rollback_raises_nothing() -> None:
    owner = make_user()
    with services.new_files() as files, transaction.atomic():
        files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
        files.save()
        transaction.set_rollback(True)
    assert not names_in_storage()


@pytest.mark.django_db(transaction=True)
def test_what_is_committed_stays_whatever_comes_then() -> None:
    owner = make_user()

    def fail() -> None:
        with services.new_files() as files:
            files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
            with transaction.atomic():
                files.save()
            raise OwnError

    with pytest.raises(OwnError):
        fail()
    assert names_in_storage() == {str(StoredFile.objects.get().name)}


@pytest.mark.django_db(transaction=True)
def test_what_a_surrounding_transaction_commits_stays() -> None:
    owner = make_user()
    with transaction.atomic():
        store(owner)
    assert names_in_storage() == {str(StoredFile.objects.get().name)}


def test_what_is_not_saved_is_not_kept(storage: MediaStorage, owner: User) -> None:
    with services.new_files() as files:
        files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
    assert not names_in_storage()
    assert not StoredFile.objects.exists()


def store_on_a_broken_connection(owner: User) -> None:
    with services.new_files() as files, transaction.atomic():
        files.add(owner, Purpose.ORIGINAL, b"a", suffix=".jpg", content_type="image/jpeg")
        files.save()
        raise OperationalError("server closed the connection unexpectedly")


@pytest.mark.django_db(transaction=True)
def test_what_may_have_been_committed_stays_until_the_sweep() -> None:
    """A connection that breaks during COMMIT does not tell whether the rows are there."""
    with pytest.raises(OperationalError):
        store_on_a_broken_connection(make_user())
    assert len(names_in_storage()) == 1
    assert sweep(older_than=timedelta(0)) == 1
    assert names_in_storage() == set()


@pytest.mark.parametrize("content", [b"", ContentFile(b"")], ids=["bytes", "file"])
def test_an_empty_file_is_not_stored(owner: User, content: bytes | File[bytes]) -> None:
    with services.new_files() as files, pytest.raises(ValueError, match="empty"):
        files.add(owner, Purpose.ORIGINAL, content, suffix=".jpg", content_type="image/jpeg")
    assert not names_in_storage()


def test_derivatives_have_no_derivatives(owner: User) -> None:
    display = store(owner, b"smaller", Purpose.DISPLAY, store(owner))
    with pytest.raises(ValueError, match="derived itself"):
        store(owner, b"smallest", Purpose.THUMBNAIL, display)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_purpose_says_whether_a_file_is_derived(owner: User, purpose: StoredFile.Purpose) -> None:
    is_derived = purpose in (Purpose.DISPLAY, Purpose.THUMBNAIL, Purpose.SMALL, Purpose.PREVIEW)
    original = store(owner)
    wrong, right = (None, original) if is_derived else (original, None)
    with pytest.raises(IntegrityError, match="as_its_purpose_says"), transaction.atomic():
        store(owner, b"a", purpose, wrong)
    store(owner, b"a", purpose, right)


def test_there_is_one_derivative_of_each_purpose(owner: User) -> None:
    original = store(owner)
    store(owner, b"a", Purpose.DISPLAY, original)
    store(owner, b"a", Purpose.THUMBNAIL, original)
    with pytest.raises(IntegrityError), transaction.atomic():
        store(owner, b"b", Purpose.DISPLAY, original)


def test_a_file_and_its_derivatives_can_be_saved_at_once(owner: User) -> None:
    with services.new_files() as files:
        original = files.add(
            owner, Purpose.ORIGINAL, b"a", suffix=".tif", content_type="image/tiff"
        )
        files.add(
            owner,
            Purpose.DISPLAY,
            b"b",
            suffix=".jpg",
            content_type="image/jpeg",
            derived_from=original,
        )
        files.save()
    assert original.derivatives.get().purpose == "display"


@pytest.mark.django_db(transaction=True)
def test_bytes_go_after_the_commit_with_those_of_derivatives(storage: MediaStorage) -> None:
    owner = make_user()
    original, other = store(owner), store(owner)
    store(owner, b"a", Purpose.DISPLAY, original)
    with transaction.atomic():
        services.delete(StoredFile.objects.filter(pk=original.pk))
        assert len(names_in_storage()) == 3
    assert names_in_storage() == {str(other.name)}
    assert list(StoredFile.objects.all()) == [other]


@pytest.mark.django_db(transaction=True)
def test_bytes_stay_when_deleting_is_rolled_back(storage: MediaStorage) -> None:
    file = store(make_user())

    def fail() -> None:
        with transaction.atomic():
            services.delete([file])
            raise OwnError

    with pytest.raises(OwnError):
        fail()
    assert StoredFile.objects.get() == file
    assert names_in_storage() == {str(file.name)}


def test_any_number_of_files_can_be_deleted(
    owner: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    names = [services.new_name("original", "") for _ in range(services.NAMES_PER_QUERY + 1)]
    for name in names:
        write(name)
    StoredFile.objects.bulk_create(
        StoredFile(
            owner=owner, purpose="original", name=name, bytes=4, sha256="0" * 64, content_type="a/b"
        )
        for name in names
    )
    with django_capture_on_commit_callbacks(execute=True):
        services.delete(StoredFile.objects.of(owner))
    assert not names_in_storage()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_cannot_be_deleted_does_not_keep_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    owner = make_user()
    stuck, other = store(owner), store(owner)
    path = Path(stuck.name.path)
    path.unlink()
    path.mkdir()
    (path / "not empty").touch()
    with caplog.at_level(logging.ERROR):
        services.delete([stuck, other])
    assert not StoredFile.objects.exists()
    assert not Path(other.name.path).exists()
    assert str(stuck.name) in caplog.text


def test_a_file_can_be_copied_to_this_machine(
    storage: MediaStorage, owner: User, tmp_path: Path
) -> None:
    file = store(owner, CONTENT)
    services.copy_to(file, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == CONTENT


def test_a_file_is_read_where_it_lies_and_copied_only_out_of_a_bucket(
    storage: MediaStorage, owner: User
) -> None:
    file = store(owner)
    with services.local(file) as path:
        assert path.read_bytes() == b"an original"
    assert path.exists() == isinstance(storage, FolderStorage)


def test_a_missing_file_is_told(storage: MediaStorage, owner: User) -> None:
    file = store(owner)
    storage.delete(str(file.name))
    with pytest.raises(FileNotFoundError):
        services.open(file)


def test_usage_is_the_sum_of_what_is_kept(owner: User) -> None:
    original = store(owner, bytes(1000))
    store(owner, bytes(100), Purpose.DISPLAY, original)
    store(owner, bytes(20), Purpose.RESULT)
    store(owner, bytes(3), Purpose.RESULT)
    store(make_user(), bytes(50_000))
    assert services.usage_of(owner) == 1123
    assert services.usage_by_purpose(owner) == {"original": 1000, "display": 100, "result": 23}
    assert services.usage_of(make_user()) == 0
