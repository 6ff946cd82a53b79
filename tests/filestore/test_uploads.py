"""Files that come in parts: put together again byte for byte, in a folder as in a bucket, and nothing is left."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.http import UnreadablePostError

from accounts.models import User
from filestore import services, uploads
from filestore.models import StoredFile, Upload, UploadPart
from filestore.storages import MediaStorage
from tests.factories import make_user
from tests.filestore.files import Purpose, names_in_storage, store, sweep

pytestmark = pytest.mark.django_db(transaction=True)

CONTENT = bytes(range(256)) * 1000
NOW = timedelta(0)


def begin(owner: User, length: int = len(CONTENT)) -> Upload:
    return uploads.begin(owner, length, {"filename": "a.jpg"})


def add(upload: Upload, offset: int, content: bytes) -> Upload:
    with services.new_files() as files, transaction.atomic():
        part = files.add(
            upload.owner, Purpose.PART, content, suffix="", content_type="application/octet-stream"
        )
        files.save()
        return uploads.add_part(upload, offset, part)


def whole(owner: User, content: bytes = CONTENT, size: int = 100_000) -> Upload:
    upload = begin(owner, len(content))
    for start in range(0, len(content), size):
        add(upload, start, content[start : start + size])
    return upload


def read(upload: Upload, checksum: uploads.Checksum | None = None) -> bytes:
    with uploads.assembled(upload, "a.jpg", checksum) as file:
        return b"".join(file.chunks())


def checksum(content: bytes = CONTENT) -> uploads.Checksum:
    return uploads.Checksum("sha256", hashlib.sha256(content).digest())


@pytest.mark.parametrize("size", [len(CONTENT), 100_000, 1 + len(CONTENT) // 7])
def test_the_parts_make_the_file(storage: MediaStorage, owner: User, size: int) -> None:
    upload = whole(owner, size=size)
    assert upload.state == Upload.State.RECEIVED
    assert read(upload, checksum()) == CONTENT


def test_parts_of_one_byte_do(owner: User) -> None:
    assert read(whole(owner, b"photo", size=1)) == b"photo"


def test_another_file_is_noticed(owner: User) -> None:
    with pytest.raises(uploads.ChecksumError):
        read(whole(owner), checksum(CONTENT + b"!"))


@pytest.mark.parametrize("offset", [0, 4, 6])
def test_a_part_begins_where_the_last_ended(owner: User, offset: int) -> None:
    upload = begin(owner)
    add(upload, 0, b"12345")
    with pytest.raises(uploads.UploadChangedError):
        add(upload, offset, b"6789")
    upload.refresh_from_db()
    assert (upload.offset, upload.state) == (5, Upload.State.RECEIVING)
    assert len(names_in_storage()) == UploadPart.objects.count() == 1


def test_the_database_takes_no_more_than_the_length(owner: User) -> None:
    upload = begin(owner, 4)
    with pytest.raises(IntegrityError):
        add(upload, 0, b"12345")
    assert names_in_storage() == set()


def test_an_expired_upload_does_not_go_on(owner: User) -> None:
    upload = begin(owner)
    Upload.objects.update(expires_at=Now())
    with pytest.raises(uploads.UploadChangedError):
        add(upload, 0, b"12345")
    assert not Upload.objects.editable_by(owner).exists()
    assert uploads.reserved_for(owner) == 0


def test_one_of_which_nothing_has_come_is_not_kept_for_long(owner: User) -> None:
    upload = begin(owner)
    assert upload.expires_at - upload.created_at == timedelta(hours=1)
    assert add(upload, 0, b"1").expires_at - upload.created_at > timedelta(hours=23)


def test_what_has_come_and_what_will_come_are_the_length(owner: User) -> None:
    upload = begin(owner, 1000)
    assert (services.usage_of(owner), uploads.reserved_for(owner)) == (0, 1000)
    add(upload, 0, bytes(300))
    assert (services.usage_of(owner), uploads.reserved_for(owner)) == (300, 700)
    add(upload, 300, bytes(700))
    assert (services.usage_of(owner), uploads.reserved_for(owner)) == (1000, 0)
    assert uploads.reserved_for(make_user()) == 0


class BrokenLine(RawIOBase):
    """Gives some bytes, and then what Django raises when a client is gone."""

    def __init__(self, content: bytes) -> None:
        self._content = BytesIO(content)

    def read(self, size: int = -1) -> bytes:
        if data := self._content.read(min(size, 7)):
            return data
        raise UnreadablePostError


def test_what_came_before_a_line_broke_is_written(tmp_path: Path) -> None:
    path = tmp_path / "part"
    line: Any = BrokenLine(b"0123456789")
    assert uploads.write_part(line, path, None, most=100) == 10
    assert path.read_bytes() == b"0123456789"


def test_with_a_checksum_all_or_nothing_comes(tmp_path: Path) -> None:
    line: Any = BrokenLine(b"0123456789")
    with pytest.raises(uploads.ChecksumError):
        uploads.write_part(line, tmp_path / "part", checksum(b"0123456789!"), most=100)


def test_no_more_is_read_than_asked_for(tmp_path: Path) -> None:
    assert uploads.write_part(BytesIO(b"0123456789"), tmp_path / "part", None, most=4) == 4


def test_the_sweep_leaves_parts_with_rows_and_takes_the_others(
    storage: MediaStorage, owner: User
) -> None:
    upload = whole(owner)
    lost = services.new_name(Purpose.PART, "")
    storage.save(lost, BytesIO(b"left"))
    assert sweep(older_than=NOW) == 1
    assert lost not in names_in_storage()
    assert read(upload) == CONTENT


def test_what_is_used_makes_room(storage: MediaStorage, owner: User) -> None:
    upload = whole(owner)
    made = store(owner)
    with transaction.atomic():
        uploads.release(upload)
        uploads.use(upload, [made])
    upload.refresh_from_db()
    assert (upload.state, list(upload.files.all())) == (Upload.State.USED, [made])
    assert names_in_storage() == {made.name}
    with pytest.raises(uploads.UploadChangedError), transaction.atomic():
        uploads.release(upload)


def test_what_is_refused_leaves_the_reason_only(storage: MediaStorage, owner: User) -> None:
    upload = whole(owner)
    for code in ("damaged_picture", "too_small"):
        with transaction.atomic():
            uploads.refuse(upload, {"code": code})
    upload.refresh_from_db()
    assert (upload.state, upload.refusal) == (Upload.State.REFUSED, {"code": "damaged_picture"})
    assert names_in_storage() == set()


def test_parts_that_are_gone_are_told(owner: User) -> None:
    upload = whole(owner)
    with transaction.atomic():
        uploads.release(upload)
    with pytest.raises(uploads.UploadChangedError):
        read(upload)


def test_bytes_that_are_lost_are_told(owner: User) -> None:
    upload = whole(owner)
    services.delete_bytes(names_in_storage())
    with pytest.raises(uploads.UploadChangedError):
        read(upload)


def test_deleting_leaves_nothing_of_them_and_all_of_others(
    storage: MediaStorage, owner: User
) -> None:
    whole(owner)
    begin(owner)
    others = whole(make_user())
    with transaction.atomic():
        uploads.delete(Upload.objects.filter(owner=owner))
    assert list(Upload.objects.all()) == [others]
    assert StoredFile.objects.count() == len(names_in_storage()) == others.parts.count()
    assert read(others) == CONTENT
