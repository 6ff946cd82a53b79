"""Where the bytes lie: a folder or an S3 bucket. Beside Django's own, what a site with large files asks of either."""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from storages.backends.s3 import S3Storage


class MediaStorage(Storage):
    """The interface that both have in common."""

    @abstractmethod
    def open_section(self, name: str, start: int, stop: int) -> Section:
        """The bytes from `start` to before `stop`, and no others are fetched.

        Raises:
            FileNotFoundError: there is no file of this name.
        """

    @abstractmethod
    def all_files(self, folder: str) -> Iterator[tuple[str, datetime]]:
        """Names in the folder and the folders in it, each with the time of its last change."""

    @abstractmethod
    def discard_unfinished(self, folder: str, before: datetime) -> None:
        """Give back the room of what was begun to be written before that time, and has no name yet."""

    @abstractmethod
    def check(self) -> None:
        """Whether files can be stored, as far as can be told without storing one.

        Raises:
            OSError: they cannot.
        """

    @property
    @abstractmethod
    def temporary_location(self) -> Path:
        """A folder of this machine for files that are made before they are stored."""


@contextmanager
def _errors_of_files() -> Iterator[None]:
    """Whoever reads or writes a file expects OSError, wherever it lies."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(f"The bucket did not answer as it should: {error}") from error


def media_storage() -> MediaStorage:
    return cast("MediaStorage", storages["default"])


class Section(RawIOBase):
    """The next bytes of a stream, as a file. It ends with an error when they are not all there."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        super().__init__()
        self._stream = stream
        self._length = self._left = length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def tell(self) -> int:
        return self._length - self._left

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self.tell(), os.SEEK_END: self._length}[whence]
        target = min(max(origin + offset, 0), self._length)
        self._stream.seek(target - self.tell(), os.SEEK_CUR)
        self._left = self._length - target
        return target

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")[: self._left]
        with _errors_of_files():
            number: int = self._stream.readinto(view)  # type: ignore[attr-defined]
        if view and not number:
            raise OSError(f"A stored file lacks its last {self._left} bytes.")
        self._left -= number
        return number

    def close(self) -> None:
        self._stream.close()
        super().close()


class FolderStorage(MediaStorage, FileSystemStorage):
    """A folder on a disk: settings.MEDIA_ROOT."""

    def _save(self, name: str, content: File[bytes]) -> str:
        """Written for good on return: a record that names a file outlives a power failure, too."""
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        _sync(path)
        _sync(path.parent)
        return saved

    def open_section(self, name: str, start: int, stop: int) -> Section:
        stream = Path(self.path(name)).open("rb", buffering=0)  # noqa: SIM115  (the section closes it)
        stream.seek(start)
        return Section(cast("IO[bytes]", stream), stop - start)

    def all_files(self, folder: str) -> Iterator[tuple[str, datetime]]:
        for parent, _, names in os.walk(self.path(folder)):
            for name in names:
                path = Path(parent, name)
                if changed := _time_of_change(path):
                    yield path.relative_to(self.location).as_posix(), changed

    def discard_unfinished(self, folder: str, before: datetime) -> None:
        """Files have their names from their first byte on."""

    def check(self) -> None:
        if not os.access(self.location, os.W_OK | os.X_OK):
            raise OSError(f"The folder {self.location} is not there, or cannot be written to.")

    @property
    def temporary_location(self) -> Path:
        return Path(self.location) / "temporary"  # on the same disk: files are moved, not copied


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _time_of_change(path: Path) -> datetime | None:
    """None for a file that was deleted meanwhile."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
    except FileNotFoundError:
        return None


class BucketStorage(MediaStorage, S3Storage):  # type: ignore[misc]  # django-storages has no types
    """A bucket. django-storages would fetch a whole file to read a byte of it: sections are asked for here."""

    def _save(self, name: str, content: File[bytes]) -> str:
        with _errors_of_files():
            saved: str = super()._save(name, content)
        return saved

    def open_section(self, name: str, start: int, stop: int) -> Section:
        with _errors_of_files():
            return self._open_section(name, start, stop)

    def _open_section(self, name: str, start: int, stop: int) -> Section:
        try:
            response = self._client.get_object(
                Bucket=self.bucket_name,
                Key=self._normalize_name(name),
                Range=f"bytes={start}-{stop - 1}",
            )
        except self._client.exceptions.NoSuchKey as error:
            raise FileNotFoundError(name) from error
        return Section(response["Body"], stop - start)

    def all_files(self, folder: str) -> Iterator[tuple[str, datetime]]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=self._prefix(folder)
        )
        for page in pages:
            for entry in page.get("Contents", ()):
                yield entry["Key"].removeprefix(self._prefix("")), entry["LastModified"]

    def discard_unfinished(self, folder: str, before: datetime) -> None:
        """Large files are sent in parts, which no list of files shows until all are there."""
        pages = self._client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self.bucket_name, Prefix=self._prefix(folder)
        )
        for page in pages:
            for entry in page.get("Uploads", ()):
                if entry["Initiated"] <= before:
                    self._client.abort_multipart_upload(
                        Bucket=self.bucket_name, Key=entry["Key"], UploadId=entry["UploadId"]
                    )

    def check(self) -> None:
        with _errors_of_files():
            self._client.head_bucket(Bucket=self.bucket_name)

    @property
    def temporary_location(self) -> Path:
        return Path(settings.DATA_DIR) / "temporary"

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _prefix(self, folder: str) -> str:
        return "".join(f"{part}/" for part in (self.location.strip("/"), folder) if part)
