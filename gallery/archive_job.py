"""Writes the zip files of an archive: one after the other, so that no more than one lies on this machine's disk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from gallery import archives, embedding, export_data
from gallery.archive_contents import Entry, entries_of, in_parts
from gallery.errors import ErrorCode
from gallery.models import Archive, ArchivePart, Photo
from jobs.errors import JobFailedError
from jobs.lease import Lease

CHUNK_BYTES: Final = 2**20


def run(lease: Lease) -> None:
    archive = Archive.objects.select_related("owner", "album").get(job=lease.job)
    _discard_leftovers(archive, lease)
    made: list[int] = []
    try:
        _make(archive, lease, made)
    except BaseException:
        archives.discard_parts(ArchivePart.objects.filter(pk__in=made))
        raise


def _discard_leftovers(archive: Archive, lease: Lease) -> None:
    """What an attempt left whose worker was killed. Under the lease: the zip files of whoever has it stay."""
    with transaction.atomic():
        lease.hold()
        archives.discard_parts(ArchivePart.objects.filter(archive=archive))


def _make(archive: Archive, lease: Lease, made: list[int]) -> None:
    entries = list(entries_of(archive))
    parts = in_parts(entries, settings.ARCHIVE_PART_BYTES)
    progress = _Progress(lease, sum(entry.bytes for entry in entries))
    for number, part in enumerate(parts, 1):
        with temporary_folder() as folder, filestore.new_files(lease.check) as files:
            path = folder / "part.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
                if archive.is_export and number == 1:
                    export_data.write(file, archive.owner, parts)
                copies = folder if archive.with_details else None
                _write(file, part, progress, copies)
                if len(parts) == 1 and not file.namelist():
                    raise JobFailedError(
                        ErrorCode.GONE, "There is nothing left to download: all of it was deleted."
                    )
            stored = files.add(
                archive.owner,
                StoredFile.Purpose.ARCHIVE,
                path,
                suffix=".zip",
                content_type="application/zip",
            )
            row = ArchivePart(archive=archive, number=number, file=stored)
            if number < len(parts):
                _save(files, row, progress)
                made.append(row.pk)
            else:
                _succeed(archive, files, row, lease)


def _save(files: filestore.NewFiles, row: ArchivePart, progress: _Progress) -> None:
    """Under the lease, which is renewed in the same transaction: who has lost it leaves nothing."""
    with transaction.atomic():
        progress.report()
        files.save()
        row.save()


def _succeed(archive: Archive, files: filestore.NewFiles, row: ArchivePart, lease: Lease) -> None:
    kept_for = archives.EXPORT_KEPT_FOR if archive.is_export else archives.KEPT_FOR
    with lease.success():
        files.save()
        row.save()
        Archive.objects.filter(pk=archive.pk).update(expires_at=Now() + kept_for)


class _Progress:
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
        self._lease.check()
        if self._percent > self._reported:
            self.report()

    def report(self) -> None:
        self._reported = self._percent
        self._lease.report_progress(self._percent)


def _write(
    file: zipfile.ZipFile, entries: Iterable[Entry], progress: _Progress, copies: Path | None
) -> None:
    """Args: copies: a folder for copies that have the details of their photos; None for none."""
    for entry in entries:
        stored = StoredFile.objects.filter(pk=entry.file).first()
        if stored is None:
            continue  # deleted for good meanwhile
        copy = _with_details(file, entry, stored, copies) if copies else None
        size = copy.stat().st_size if copy else stored.bytes
        with (
            copy.open("rb") if copy else filestore.open(stored) as source,
            _opened(file, entry.name, stored, size) as target,
        ):
            while chunk := source.read(CHUNK_BYTES):
                progress.add(len(chunk))
                target.write(chunk)
        if copy:
            copy.unlink()


def _with_details(
    file: zipfile.ZipFile, entry: Entry, stored: StoredFile, folder: Path
) -> Path | None:
    """A copy that has them; None where they cannot be in the file, and are in one beside it."""
    photo = Photo.objects.prefetch_related("people", "tags").filter(pk=entry.photo).first()
    if photo is None:
        return None  # deleted for good meanwhile
    try:
        return embedding.with_details(stored, photo, folder)
    except embedding.DetailsNotEmbeddedError:
        name = PurePosixPath(entry.name).with_suffix(embedding.SIDECAR_SUFFIX)
        with suppress(embedding.DetailsNotEmbeddedError):
            content = embedding.sidecar(photo)
            with _opened(file, str(name), stored, len(content)) as target:
                target.write(content)
        return None


def _opened(archive: zipfile.ZipFile, name: str, stored: StoredFile, size: int) -> IO[bytes]:
    # Stored: pictures are compressed already.
    info = zipfile.ZipInfo(name, date_time=stored.created_at.timetuple()[:6])
    info.file_size = size
    return archive.open(info, "w")
