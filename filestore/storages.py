"""Where the bytes lie: a folder or a bucket (`buckets.py`). What a site with large files asks of both."""

from __future__ import annotations

import errno
import os
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import RawIOBase
from pathlib import Path
from typing import IO, Any, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from filestore.errors import StorageUnavailableError, errors_of_the_disk


class MediaStorage(Storage):
    """The interface that both have in common.

    What it does raises StorageUnavailableError when nothing can be read or stored at the moment.
    """

    def delete_all(self, names: Sequence[str]) -> dict[str, str]:
        """Delete as many of a thousand files as can be; returns why others could not be, by name.

        Raises:
            StorageUnavailableError: the rest was not tried.
        """
        failed = {}
        for name in names:
            try:
                self.delete(name)
            except StorageUnavailableError:
                raise
            except OSError as error:
                failed[name] = str(error)
        return failed

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
    def discard_unfinished(self, folder: str, before: datetime) -> Iterator[None]:
        """Give back the room of what was begun to be written before that time, and has no name yet.

        One after the other, as far as the caller goes on.
        """

    @abstractmethod
    def has_folder(self, folder: str) -> bool:
        """False when nothing was ever stored there, or when its disk is not mounted. A bucket has all folders."""

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
        number = self._next_bytes(view)
        if view and not number:
            raise OSError(f"A stored file lacks its last {self._left} bytes.")
        self._left -= number
        return number

    def _next_bytes(self, buffer: memoryview) -> int:
        number: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]
        return number

    def close(self) -> None:
        self._stream.close()
        super().close()


class FolderSection(Section):
    """A disk that breaks while it is read is away."""

    @errors_of_the_disk()
    def _next_bytes(self, buffer: memoryview) -> int:
        return super()._next_bytes(buffer)


class FolderStorage(MediaStorage, FileSystemStorage):
    """A folder on a disk: settings.MEDIA_ROOT."""

    @errors_of_the_disk()
    def _save(self, name: str, content: File[bytes]) -> str:
        """Written for good on return: a record that names a file outlives a power failure, too."""
        folder = Path(self.path(name)).parent
        new_folders = [each for each in (folder, *folder.parents) if not each.exists()]
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        _sync(path)
        # What names a new folder is the one that it lies in.
        for each in (path.parent, *(new.parent for new in new_folders)):
            _sync(each)
        return saved

    @errors_of_the_disk()
    def open_section(self, name: str, start: int, stop: int) -> Section:
        path = Path(self.path(name))
        try:
            stream = path.open("rb", buffering=0)
        except FileNotFoundError:
            self._require_folder_of(name)
            raise
        stream.seek(start)
        return FolderSection(cast("IO[bytes]", stream), stop - start)

    def _require_folder_of(self, name: str) -> None:
        """Where nothing is left, no file was lost: the disk is not mounted."""
        folder = Path(name).parts[0]
        if not self.has_folder(folder):
            path = self.path(folder)
            raise StorageUnavailableError(errno.ENOENT, "The folder of all files is gone", path)

    def all_files(self, folder: str) -> Iterator[tuple[str, datetime]]:
        for parent, _, names in os.walk(self.path(folder)):
            for name in names:
                path = Path(parent, name)
                if changed := _time_of_change(path):
                    yield path.relative_to(self.location).as_posix(), changed

    def discard_unfinished(self, folder: str, before: datetime) -> Iterator[None]:
        """Files have their names from their first byte on."""
        return iter(())

    def has_folder(self, folder: str) -> bool:
        return Path(self.path(folder)).is_dir()

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
