"""Zip files that people take home: of an album, of selected photos, of everything. Made by a job, kept for a while."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext_lazy

from accounts.models import User
from colorizer.models import Colorization
from filestore import services as filestore
from filestore.models import StoredFile
from gallery.errors import NothingToDownloadError
from gallery.models import Album, Archive, ArchivePart, ArchiveQuerySet, Photo, PhotoQuerySet
from gallery.queries import KEPT_FIRST
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Job, Queue

KEPT_FOR: Final = timedelta(days=1)
EXPORT_KEPT_FOR: Final = timedelta(days=7)
# They do not count to the quota, so there is a limit of their number: the oldest goes.
MAX_ARCHIVES: Final = 10


def make_archive(lease: Lease) -> None:
    from gallery.archive_job import run  # noqa: PLC0415  (only workers need it)

    run(lease)


ALBUM_ARCHIVE: Final = JobKind(
    name="album_archive",
    label=gettext_lazy("Zip file of an album"),
    queue=Queue.FILES,
    run=make_archive,
)
SELECTION_ARCHIVE: Final = JobKind(
    name="selection_archive",
    label=gettext_lazy("Zip file of selected photos"),
    queue=Queue.FILES,
    run=make_archive,
)
EXPORT: Final = JobKind(
    name="export",
    label=gettext_lazy("Export of everything"),
    queue=Queue.FILES,
    run=make_archive,
)
KINDS: Final = {
    Archive.Content.ALBUM: ALBUM_ARCHIVE,
    Archive.Content.SELECTION: SELECTION_ARCHIVE,
    Archive.Content.EVERYTHING: EXPORT,
}


@dataclass(frozen=True)
class Choices:
    """What a zip file holds of each photo."""

    holds: str = Archive.Holds.BOTH
    with_details: bool = False


def request_archive(album: Album, choices: Choices | None = None) -> Archive:
    """The archive that is being made of the album, or a new one that replaces the last.

    Raises:
        GoneError: the album was deleted.
        NothingToDownloadError: it has no photos, or none of what is asked for.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    asked = _asked(album.owner, Archive.Content.ALBUM, choices)
    asked.album, asked.title = album, album.title
    with transaction.atomic():
        jobs.lock_owner(album.owner_id)
        jobs.require(Album.objects.kept().filter(pk=album.pk))
        _require_content(asked, Photo.objects.kept().filter(album=album))
        return _request(asked, Archive.objects.filter(album=album))


def request_selection(photos: Collection[Photo], choices: Choices | None = None) -> Archive:
    """Of photos of one owner; asked for twice by a double click, it is made once.

    Raises:
        GoneError: none of the photos is there anymore.
        NothingToDownloadError, TooManyJobsError: as with `request_archive`.
    """
    first = next(iter(photos))
    asked = _asked(first.album.owner, Archive.Content.SELECTION, choices)
    albums = {photo.album for photo in photos}
    asked.title = first.album.title if len(albums) == 1 else ""
    with transaction.atomic():
        jobs.lock_owner(asked.owner_id)
        found = Photo.objects.kept().filter(pk__in=[photo.pk for photo in photos])
        jobs.require(found)
        _require_content(asked, found)
        asked.photo_count = len(found)
        for open_one in _open(asked):
            if set(open_one.photos.all()) == set(found):
                return open_one
        archive = _request(asked, Archive.objects.none())
        archive.photos.set(found)
        return archive


def request_export(owner: User) -> Archive:
    """Everything that is kept for a person, also what lies in the trash. One at a time; a new one replaces the last.

    Raises:
        TooManyJobsError: as with `request_archive`.
    """
    asked = _asked(owner, Archive.Content.EVERYTHING, None)
    with transaction.atomic():
        jobs.lock_owner(owner.pk)
        return _request(asked, Archive.objects.filter(owner=owner, content=asked.content))


def request_again(archive: Archive) -> Archive:
    """Another try at one that was not made, or a new one of what there is now.

    Raises:
        GoneError: what it was of was deleted.
        NothingToDownloadError, TooManyJobsError: as with `request_archive`.
    """
    if archive.job.state != Job.State.SUCCEEDED:
        jobs.retry_own(archive.job, goes_first=True)
        return archive
    choices = Choices(archive.holds, archive.with_details)
    if archive.album:
        return request_archive(archive.album, choices)
    if archive.is_export:
        return request_export(archive.owner)
    photos = archive.photos.kept().select_related("album__owner")
    jobs.require(photos[:1])
    return request_selection(list(photos), choices)


def _asked(owner: User, content: Archive.Content, choices: Choices | None) -> Archive:
    chosen = choices or Choices()
    return Archive(
        owner=owner, content=content, holds=chosen.holds, with_details=chosen.with_details
    )


def _require_content(asked: Archive, photos: PhotoQuerySet) -> None:
    if not photos.exists():
        raise NothingToDownloadError(NothingToDownloadError.NO_PHOTOS)
    if asked.holds == Archive.Holds.RESULTS:
        originals = photos.order_by().values("original")
        results = Colorization.objects.kept().whole().succeeded().filter(source__in=originals)
        if not results.exists():
            raise NothingToDownloadError(NothingToDownloadError.NOT_COLORED)


def _open(asked: Archive) -> ArchiveQuerySet:
    """Those that are being made with the same choices."""
    same: ArchiveQuerySet = Archive.objects.filter(
        owner=asked.owner,
        content=asked.content,
        album=asked.album,
        holds=asked.holds,
        with_details=asked.with_details,
        photo_count=asked.photo_count,
        job__state__in=Job.OPEN_STATES,
    ).select_related("job")
    return same


def _request(asked: Archive, replaced: ArchiveQuerySet) -> Archive:
    """In the transaction that holds the owner's lock."""
    if asked.content != Archive.Content.SELECTION and (being_made := _open(asked).first()):
        return being_made
    delete_archives(replaced.exclude(job__state__in=Job.OPEN_STATES))
    _make_room(asked.owner)
    asked.job = jobs.enqueue(asked.owner, KINDS[Archive.Content(asked.content)].name)
    asked.save(force_insert=True)
    return asked


def _make_room(owner: User) -> None:
    own = Archive.objects.filter(owner=owner)
    number = own.count() - MAX_ARCHIVES + 1
    if number <= 0:
        return
    # An export stays: it takes long to make, and there is one at most.
    ended = own.exclude(content=Archive.Content.EVERYTHING).exclude(job__state__in=Job.OPEN_STATES)
    oldest = list(ended.order_by("created_at", "pk").values_list("pk", flat=True)[:number])
    if len(oldest) < number:
        raise TooManyJobsError(MAX_ARCHIVES, retry_after=60)
    delete_archives(Archive.objects.filter(pk__in=oldest))


def bytes_of(photos: PhotoQuerySet) -> dict[str, int]:
    """About how large zip files of the photos are, for each choice of what they hold."""
    originals = _sum(StoredFile.objects.filter(photo__in=photos.order_by()))
    shown = (
        Colorization.objects.kept()
        .whole()
        .succeeded()
        .filter(source=OuterRef("original"))
        .order_by(*KEPT_FIRST)
    )
    keys = photos.order_by().values_list(Subquery(shown.values("pk")[:1]))
    results = _sum(StoredFile.objects.filter(colorization_of_result__in=keys))
    return {
        Archive.Holds.BOTH: originals + results,
        Archive.Holds.ORIGINALS: originals,
        Archive.Holds.RESULTS: results,
    }


def _sum(files: QuerySet[StoredFile]) -> int:
    total: int = files.order_by().aggregate(total=Sum("bytes", default=0))["total"]
    return total


def delete_archives(archives: ArchiveQuerySet) -> None:
    """Delete them with their jobs and files. A worker that makes one finds its job gone."""
    with transaction.atomic():
        found = list(archives.values_list("pk", "job_id"))
        # Locked: an archive that is finished meanwhile would leave a file without a record.
        made = Job.objects.filter(pk__in=[job for _, job in found])
        jobs.stop(made)
        locked = Archive.objects.filter(pk__in=[pk for pk, _ in found])
        files = list(StoredFile.objects.filter(archive_part__archive__in=locked.order_by()))
        locked.delete()
        jobs.delete(made)
        filestore.delete(files)


def discard_parts(parts: QuerySet[ArchivePart]) -> None:
    """Delete parts of an archive that is not complete."""
    with transaction.atomic():
        files = list(StoredFile.objects.filter(archive_part__in=parts.order_by()))
        ArchivePart.objects.filter(file__in=files).delete()
        filestore.delete(files)


def delete_expired() -> None:
    """And what is left of those that were given up: their worker was killed before it could clean up."""
    delete_archives(Archive.objects.expired())
    given_up = ArchivePart.objects.filter(archive__expires_at=None)
    discard_parts(given_up.exclude(archive__job__state__in=Job.OPEN_STATES))
