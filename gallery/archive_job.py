"""Writes the zip files of an archive: one after the other, so that no more than one lies on this machine's disk."""

from __future__ import annotations

import zipfile

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from filestore import services as filestore
from filestore.models import StoredFile
from filestore.temporary import temporary_folder
from gallery import archives, export_data
from gallery.archive_contents import entries_of, in_parts
from gallery.archive_writing import PartWriter, Progress
from gallery.errors import ErrorCode
from gallery.models import Archive, ArchivePart
from jobs.errors import JobFailedError
from jobs.lease import Lease


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
    progress = Progress(lease, sum(entry.bytes for entry in entries))
    for number, part in enumerate(parts, 1):
        with temporary_folder() as folder, filestore.new_files(lease.check) as files:
            path = folder / "part.zip"
            with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
                if archive.is_export and number == 1:
                    export_data.write(file, archive.owner, parts)
                copies = folder if archive.with_details else None
                PartWriter(file, progress, copies).write(part)
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


def _save(files: filestore.NewFiles, row: ArchivePart, progress: Progress) -> None:
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
