"""Zip files of whole albums: requested by the owner, made by a job, kept for a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from filestore import services as filestore
from filestore.models import StoredFile
from gallery.models import Album, AlbumArchive, AlbumArchiveQuerySet
from jobs import services as jobs
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Job, Queue

KEPT_FOR: Final = timedelta(days=1)


def make_archive(lease: Lease) -> None:
    from gallery.archive_job import run  # noqa: PLC0415  (only workers need it)

    run(lease)


ALBUM_ARCHIVE: Final = JobKind(
    name="album_archive",
    label="Zip file of an album",
    queue=Queue.FILES,
    run=make_archive,
)


def request_archive(album: Album) -> AlbumArchive:
    """The archive that is being made of the album, or a new one that replaces the last.

    Raises:
        GoneError: the album was deleted.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        jobs.require(Album.objects.kept().filter(pk=album.pk))
        archives = AlbumArchive.objects.filter(album=album).select_related("job")
        if being_made := archives.filter(job__state__in=Job.OPEN_STATES).first():
            return being_made
        delete_archives(archives)
        job = jobs.enqueue(album.owner, ALBUM_ARCHIVE.name)
        return AlbumArchive.objects.create(album=album, job=job)


def delete_archives(archives: AlbumArchiveQuerySet) -> None:
    """Delete them with their jobs and files. A worker that makes one finds its job gone."""
    with transaction.atomic():
        found = list(archives.values_list("pk", "job_id"))
        # Locked: an archive that is finished meanwhile would leave a file without a record.
        made = Job.objects.filter(pk__in=[job for _, job in found])
        list(made.lock())
        locked = AlbumArchive.objects.filter(pk__in=[pk for pk, _ in found])
        files = list(StoredFile.objects.filter(album_archive__in=locked.order_by()))
        locked.delete()
        jobs.delete(made)
        filestore.delete(files)


def delete_expired() -> None:
    delete_archives(AlbumArchive.objects.expired())
