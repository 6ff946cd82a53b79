"""Files that come in parts: begun, received, put together, used or given up.

Each part is a stored file, so that any host may receive the next, and clean-up and quota need to know nothing of
uploads. What changes an upload locks its owner first, as whatever else changes what is kept for a person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Final

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models.functions import Now
from django.http import UnreadablePostError

from accounts.models import User
from filestore import services
from filestore.models import StoredFile, StoredFileQuerySet, Upload, UploadPart, UploadQuerySet

KEPT_FOR: Final = timedelta(days=1)
"""After the last progress."""
AWAITED_FOR: Final = timedelta(hours=1)
"""Until the first byte: a client that did not hear of its upload begins another, and this one keeps room from it."""
State = Upload.State


class UploadChangedError(Exception):
    """The upload is not what the request takes it for: another request was faster."""


class ChecksumError(Exception):
    """The bytes are not those that were sent."""


class Checksum:
    """What a client says of the bytes that it sends."""

    def __init__(self, algorithm: str, digest: bytes) -> None:
        self._expected = digest
        self._digest = hashlib.new(algorithm, usedforsecurity=False)

    def update(self, data: bytes) -> None:
        self._digest.update(data)

    def check(self) -> None:
        """
        Raises:
            ChecksumError: other bytes have come.
        """
        if self._digest.digest() != self._expected:
            raise ChecksumError


def begin(owner: User, length: int, metadata: dict[str, str]) -> Upload:
    """In the caller's transaction, which holds the owner and has found room for it."""
    upload = Upload(owner=owner, length=length, metadata=metadata, expires_at=Now() + AWAITED_FOR)
    upload.save(force_insert=True)
    upload.refresh_from_db()
    return upload


def write_part(stream: IO[bytes], path: Path, checksum: Checksum | None, most: int) -> int:
    """Write what comes to a file on this machine, also when the line breaks; returns how much that is.

    Args:
        most: no more bytes are read.

    Raises:
        ChecksumError: other bytes have come, or not all.
    """
    size = 0
    with path.open("wb") as target:
        for data in _received(stream, most):
            size += target.write(data)
            if checksum:
                checksum.update(data)
    if checksum:
        checksum.check()
    return size


def _received(stream: IO[bytes], most: int) -> Iterator[bytes]:
    while most > 0:
        try:
            data = stream.read(min(services.CHUNK_BYTES, most))
        except UnreadablePostError:
            return  # what came before it is kept: the client goes on from there
        if not data:
            return
        most -= len(data)
        yield data


def add_part(upload: Upload, offset: int, file: StoredFile) -> Upload:
    """In the caller's transaction, which holds the owner and saves the file. The upload, with its new offset.

    Raises:
        UploadChangedError: the upload ends at another byte, or is gone.
    """
    after = offset + file.bytes
    going_on = Upload.objects.unexpired().filter(pk=upload.pk, offset=offset, state=State.RECEIVING)
    is_whole = after == upload.length
    changed = going_on.update(
        offset=after,
        state=State.RECEIVED if is_whole else State.RECEIVING,
        expires_at=Now() + KEPT_FOR,
    )
    if not changed:
        raise UploadChangedError
    UploadPart.objects.create(upload=upload, offset=offset, file=file)
    upload.refresh_from_db()
    return upload


@contextmanager
def assembled(
    upload: Upload, name: str, checksum: Checksum | None
) -> Iterator[TemporaryUploadedFile]:
    """The whole file, as if it had come in one request.

    Raises:
        UploadChangedError: the parts are not all there.
        ChecksumError: it is another file than the client said.
    """
    with TemporaryUploadedFile("upload", "application/octet-stream", upload.length, None) as file:
        file.name = name
        for part in upload.parts.select_related("file").order_by("offset"):
            _append(part.file, file, checksum)
        if file.tell() != upload.length:
            raise UploadChangedError
        if checksum:
            checksum.check()
        file.seek(0)
        yield file


def _append(part: StoredFile, file: Any, checksum: Checksum | None) -> None:
    try:
        source = services.open(part)
    except FileNotFoundError as error:
        raise UploadChangedError from error
    with source:
        while data := source.read(services.CHUNK_BYTES):
            file.write(data)
            if checksum:
                checksum.update(data)


def release(upload: Upload) -> None:
    """Its parts make room for what becomes of it; `use` has to follow in the same transaction.

    Raises:
        UploadChangedError: it was used, refused or given up meanwhile.
    """
    if not _received_upload(upload).select_for_update():
        raise UploadChangedError
    services.delete(_parts_of([upload]))


def use(upload: Upload, files: Iterable[StoredFile]) -> None:
    """These files became of it."""
    _received_upload(upload).update(state=State.USED, expires_at=Now() + KEPT_FOR)
    for file in files:
        upload.files.add(file)  # one by one: in this order


def refuse(upload: Upload, refusal: dict[str, Any]) -> None:
    """Nothing becomes of it: its bytes go, and why is remembered. No matter if another request was faster."""
    if _received_upload(upload).update(
        state=State.REFUSED, refusal=refusal, expires_at=Now() + KEPT_FOR
    ):
        services.delete(_parts_of([upload]))


def keep_on(upload: Upload) -> None:
    """Somebody is about to use it: it does not expire meanwhile."""
    _received_upload(upload).update(expires_at=Now() + KEPT_FOR)


def delete(uploads: UploadQuerySet) -> None:
    """In the caller's transaction: delete uploads with what has come of them. What became of those used stays."""
    locked = list(uploads.order_by().select_for_update(of=("self",)))
    for batch in services.in_batches(locked, services.NAMES_PER_QUERY):
        services.delete(_parts_of(batch))
        Upload.objects.filter(pk__in=[upload.pk for upload in batch]).delete()


def reserved_for(owner: User) -> int:
    """Bytes that are yet to come of what the owner sends."""
    return Upload.objects.filter(owner=owner).reserved_bytes()


def _received_upload(upload: Upload) -> UploadQuerySet:
    return Upload.objects.filter(pk=upload.pk, state=State.RECEIVED)


def _parts_of(uploads: Iterable[Upload]) -> StoredFileQuerySet:
    keys = [upload.pk for upload in uploads]
    return StoredFile.objects.filter(upload_part__upload__in=keys)
