"""Writes the files of photos into one of the zip files of an archive: as they are, or with their details."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Final

from filestore import services as filestore
from filestore.models import StoredFile
from gallery import embedding
from gallery.archive_contents import Entry
from gallery.models import Photo
from jobs.errors import ErrorCode, JobFailedError
from jobs.lease import Lease

logger = logging.getLogger(__name__)
CHUNK_BYTES: Final = 2**20


class Progress:
    """Percents of all bytes. Reported when there is one more, since each is written to the database."""

    def __init__(self, lease: Lease, total: int) -> None:
        self._lease = lease
        self._total = max(total, 1)
        self._done = 0
        self._reported = -1

    @property
    def _percent(self) -> int:
        return min(99, 100 * self._done // self._total)

    def add(self, number: int) -> None:
        self._done += number
        self.check()
        if self._percent > self._reported:
            self.report()

    def check(self) -> None:
        self._lease.check()

    def report(self) -> None:
        self._reported = self._percent
        self._lease.report_progress(self._percent)


@dataclass(frozen=True)
class PartWriter:
    """
    Attributes:
        copies: a folder for copies that have the details of their photos; None for none.
    """

    file: zipfile.ZipFile
    progress: Progress
    copies: Path | None

    def write(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            stored = _file_of(entry)
            if stored is None:
                continue  # deleted for good meanwhile
            try:
                self._write(entry, stored)
            except FileNotFoundError as error:
                _explain_loss(entry, stored, error)

    def _write(self, entry: Entry, stored: StoredFile) -> None:
        copy = self._with_details(entry, stored, self.copies) if self.copies else None
        size = copy.stat().st_size if copy else stored.bytes
        with (
            copy.open("rb") if copy else filestore.open(stored) as source,
            self._opened(entry.name, stored, size) as target,
        ):
            while chunk := source.read(CHUNK_BYTES):
                self.progress.add(len(chunk))
                target.write(chunk)
        if copy:
            copy.unlink()

    def _with_details(self, entry: Entry, stored: StoredFile, folder: Path) -> Path | None:
        """A copy that has them. None where there are none, or the file takes none: they are beside it."""
        photo = Photo.objects.prefetch_related("people", "tags").filter(pk=entry.photo).first()
        if photo is None or not embedding.has_details(stored, photo):
            return None
        try:
            return embedding.with_details(stored, photo, folder, self.progress.check)
        except embedding.DetailsNotEmbeddedError:
            content = embedding.sidecar(photo)
            name = PurePosixPath(entry.name).with_suffix(embedding.SIDECAR_SUFFIX)
            with self._opened(str(name), stored, len(content)) as target:
                target.write(content)
            return None

    def _opened(self, name: str, stored: StoredFile, size: int) -> IO[bytes]:
        # Stored: pictures are compressed already.
        info = zipfile.ZipInfo(name, date_time=stored.created_at.timetuple()[:6])
        info.file_size = size
        return self.file.open(info, "w")


def _file_of(entry: Entry) -> StoredFile | None:
    """Of a version that was adjusted again meanwhile: the result that it has now."""
    there = StoredFile.objects.filter(pk=entry.file).first()
    return there or StoredFile.objects.filter(colorization_of_result=entry.record).first()


def _explain_loss(entry: Entry, stored: StoredFile, error: FileNotFoundError) -> None:
    """A file that was deleted meanwhile is left out.

    Raises:
        JobFailedError: it is lost, which does not pass as a storage that is away does.
    """
    if not StoredFile.objects.filter(pk=stored.pk).exists():
        return
    logger.error("The stored file %s is missing: %s", stored.pk, stored.name)
    raise JobFailedError(
        ErrorCode.STORAGE,
        "“%(name)s” can't be read: its file is missing from the site's storage. "
        "Download the other photos without it, or delete it and try again.",
        name=entry.name,
    ) from error
