"""How files come, are read, and go: rows and bytes together."""

from __future__ import annotations

import errno
import hashlib
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, TypeVar

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet, Sum

from accounts.models import User
from filestore.errors import StorageUnavailableError
from filestore.models import StoredFile
from filestore.storages import Section, media_storage
from filestore.temporary import temporary_folder

logger = logging.getLogger(__name__)
Item = TypeVar("Item")

FOLDER: Final = "files"
NAMES_PER_QUERY: Final = 500
NAMES_PER_DELETION: Final = 1000
"""As many as S3 takes in a request."""
CHUNK_BYTES: Final = 1024 * 1024


class NewFiles:
    """Files whose bytes are stored, and whose rows are about to be.

    Attributes:
        is_saved: whether their rows are in a transaction.
    """

    def __init__(self, check: Callable[[], None]) -> None:
        self._check = check
        self._files: list[StoredFile] = []
        self._names: list[str] = []
        self.is_saved = False
        self._is_committed = False

    def add(
        self,
        owner: User,
        purpose: StoredFile.Purpose,
        content: Path | File[Any] | bytes,
        *,
        suffix: str,
        content_type: str,
        derived_from: StoredFile | None = None,
    ) -> StoredFile:
        """Store the bytes; the row comes with `save`.

        Args:
            content: a path is moved into the storage, when it lies in a `temporary_folder`.
            suffix: of the file's name, with its dot; may be empty.
            derived_from: of the same owner; this file is deleted with it.

        Raises:
            ValueError: there are no bytes, or `derived_from` is derived itself.
        """
        if derived_from and derived_from.derived_from_id:
            raise ValueError(
                "A file that is derived itself has no derivatives: derive from its original."
            )
        stored = StoredFile(
            owner=owner,
            purpose=purpose,
            name=new_name(purpose, suffix),
            content_type=content_type,
            derived_from=derived_from,
        )
        self._store(stored, content)
        return stored

    def add_copy(self, file: StoredFile, derived_from: StoredFile | None = None) -> StoredFile:
        """The same bytes once more, with their derivatives."""
        with temporary_folder() as folder:
            copy_to(file, folder / "copy")
            added = self.add(
                file.owner,
                StoredFile.Purpose(file.purpose),
                folder / "copy",
                suffix=Path(str(file.name)).suffix,
                content_type=file.content_type,
                derived_from=derived_from,
            )
        for derivative in file.derivatives.all():
            self.add_copy(derivative, derived_from=added)
        return added

    def _store(self, stored: StoredFile, content: Path | File[Any] | bytes) -> None:
        require_folder()
        with _opened(content, self._check) as file:
            stored.bytes, stored.sha256 = _measure(file)
            self._names.append(str(stored.name))
            media_storage().save(str(stored.name), file)
        self._files.append(stored)

    @property
    def total_bytes(self) -> int:
        return sum(file.bytes for file in self._files)

    def save(self) -> None:
        """Insert the rows, in the caller's transaction. An error after it must roll that back."""
        StoredFile.objects.bulk_create(self._files)
        self.is_saved = True
        transaction.on_commit(self._commit)

    def _commit(self) -> None:
        self._is_committed = True

    def close(self, *, failed: bool) -> None:
        """Delete the bytes, unless their rows are there or come with the surrounding transaction."""
        is_awaited = self.is_saved and not failed and connection.in_atomic_block
        if not (self._is_committed or is_awaited):
            delete_bytes(self._names)


def require_folder() -> None:
    """What is stored beside a disk that is not mounted would be out of sight when it is mounted again.

    Raises:
        StorageUnavailableError: files are kept, but the folder of all of them is gone.
    """
    if not media_storage().has_folder(FOLDER) and StoredFile.objects.exists():
        raise StorageUnavailableError(
            errno.ENOENT,
            f"The folder “{FOLDER}” of all files is gone from MEDIA_STORAGE: mount its disk. "
            "If the files are lost, create it",
        )


@contextmanager
def new_files(check: Callable[[], None] = lambda: None) -> Iterator[NewFiles]:
    """What was not saved, or not committed because of an exception, is deleted again.

    A process that is killed leaves bytes without rows, which `cleanup.sweep` finds.

    Args:
        check: called often while files on disk are sent to the storage, by any thread; what it raises
            ends that.
    """
    files = NewFiles(check)
    try:
        yield files
    except (OperationalError, InterfaceError):
        # A connection that breaks during COMMIT does not tell the outcome: what has no row is swept.
        if not files.is_saved:
            files.close(failed=True)
        raise
    except BaseException:
        files.close(failed=True)
        raise
    files.close(failed=False)


def new_name(purpose: str, suffix: str) -> str:
    """Of a file in the storage; never used before or again."""
    key = uuid.uuid4().hex
    return f"{FOLDER}/{purpose}/{key[:2]}/{key}{suffix}"


class _FinishedFile(File):  # type: ignore[type-arg]  # Django's File takes no arguments at run time
    """A file on disk that may be moved, as uploads are; a large result is not copied."""

    def __init__(self, stream: IO[bytes], check: Callable[[], None]) -> None:
        super().__init__(stream)
        self._stream = stream
        self._check = check

    def read(self, size: int = -1) -> bytes:
        self._check()
        return self._stream.read(size)

    def temporary_file_path(self) -> str:
        return str(self.name)


@contextmanager
def _opened(content: Path | File[Any] | bytes, check: Callable[[], None]) -> Iterator[File[Any]]:
    if isinstance(content, Path):
        content.touch()  # a move keeps the time, and the sweep takes away what is old
        with content.open("rb") as stream:
            yield _FinishedFile(stream, check)
    else:
        yield ContentFile(content) if isinstance(content, bytes) else content


def _measure(file: File[Any]) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    for chunk in file.chunks():
        size += len(chunk)
        digest.update(chunk)
    if not size:
        raise ValueError("The file is empty: only files with content are stored.")
    return size, digest.hexdigest()


def delete(files: Iterable[StoredFile]) -> None:
    """Delete rows with their derivatives, in the caller's transaction; their bytes after its commit."""
    with transaction.atomic():
        names = [
            name
            for keys in in_batches(_keys(files), NAMES_PER_QUERY)
            for name in _delete_rows(keys)
        ]
        transaction.on_commit(partial(delete_bytes, names))


def _keys(files: Iterable[StoredFile]) -> Iterable[uuid.UUID]:
    """A person may have a hundred thousand files: their rows are not all read."""
    if isinstance(files, QuerySet):
        return list(files.order_by().values_list("pk", flat=True))
    return [file.pk for file in files]


def _delete_rows(keys: list[uuid.UUID]) -> list[str]:
    """And those of their derivatives; returns the names of all."""
    files = StoredFile.objects.filter(Q(pk__in=keys) | Q(derived_from__in=keys))
    # Locked: a derivative that is being added waits, and then finds nothing to be derived from.
    names = list(files.select_for_update().values_list("name", flat=True))
    files.delete()
    return names


def delete_bytes(names: Iterable[str]) -> None:
    """Delete what no row names; a failure is logged."""
    try:
        for batch in in_batches(names, NAMES_PER_DELETION):
            _delete_bytes_of(batch)
    except Exception:
        # What was done before stays, and with a storage that is away each of the others would be waited for.
        logger.exception("Stored files could not be deleted: the sweep finds them")


def _delete_bytes_of(names: list[str]) -> None:
    for name, reason in media_storage().delete_all(names).items():
        logger.error("The sweep tries again: %s could not be deleted: %s", name, reason)


def in_batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    remaining = iter(items)
    while batch := list(islice(remaining, size)):
        yield batch


def open(file: StoredFile) -> Section:  # noqa: A001
    """A stream of the whole file, to be read forward. For what must seek there is `copy_to`."""
    return media_storage().open_section(str(file.name), 0, file.bytes)


def copy_to(file: StoredFile, path: Path, check: Callable[[], None] = lambda: None) -> None:
    """Write the file's bytes to a path on this machine, which is replaced.

    Args:
        check: called often, since a film takes a while; what it raises ends the copying.
    """
    with open(file) as source, path.open("wb") as target:
        while chunk := source.read(CHUNK_BYTES):
            check()
            target.write(chunk)


@contextmanager
def local(file: StoredFile, check: Callable[[], None] = lambda: None) -> Iterator[Path]:
    """Where the file's bytes lie on this machine, not to be changed: a copy of them only if they are in a bucket.

    Args:
        check: see `copy_to`.
    """
    try:
        path = Path(media_storage().path(str(file.name)))
    except NotImplementedError:
        with temporary_folder() as folder:
            copy_to(file, folder / "copy", check)
            yield folder / "copy"
    else:
        yield path


def usage_of(owner: User) -> int:
    """Bytes that count for this person: not zip files, so that a full account can still be taken along.

    Nor what workers keep of a film until it is done, nor tiles and previews.
    """
    return StoredFile.objects.of(owner).exclude(purpose__in=StoredFile.SHORT_LIVED).total_bytes()


def usage_in(totals: Mapping[str, int]) -> int:
    """The same of what `usage_by_purpose` found."""
    return sum(total for purpose, total in totals.items() if purpose not in StoredFile.SHORT_LIVED)


def quota_of(owner: User) -> int | None:
    """How many bytes may be kept for this person; None is without a limit."""
    return settings.QUOTA_BYTES if owner.quota_bytes is None else owner.quota_bytes


def usage_by_purpose(owner: User) -> dict[str, int]:
    sums = StoredFile.objects.of(owner).order_by().values("purpose").annotate(total=Sum("bytes"))
    return dict(sums.values_list("purpose", "total"))
