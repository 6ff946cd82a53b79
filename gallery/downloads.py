"""A version as somebody wants to take it along: asked for, made by a job, kept for a day."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy

from colorizer.models import Colorization, ColorizationQuerySet
from colorizer.services import require_photo
from filestore import services as filestore
from filestore.models import StoredFile
from gallery.models import Download, DownloadQuerySet
from jobs import services as jobs
from jobs.errors import TooManyJobsError
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.models import Job, Queue

KEPT_FOR: Final = timedelta(days=1)
# They do not count to the quota, so there is a limit of their number: the oldest goes.
MAX_DOWNLOADS: Final = 20


def make_download(lease: Lease) -> None:
    from gallery.download_job import run  # noqa: PLC0415  (loads libvips: only workers may)

    run(lease)


# With the photos: somebody waits for it, and a zip file of an album may keep the other queue for long.
DOWNLOAD: Final = JobKind(
    name="download",
    label=gettext_lazy("Download of a version"),
    queue=Queue.PHOTOS,
    run=make_download,
)


@dataclass(frozen=True)
class Wish:
    form: str
    side: int = Download.Side.FULL
    has_mark: bool = False


def request_download(version: Colorization, wish: Wish) -> Download:
    """The one that is there or being made, or a new one, which goes before the owner's other jobs.

    Raises:
        NotForFilmsError: it is a version of a film.
        GoneError: the version was deleted, or has no result.
        TooManyJobsError: the owner has as many open jobs as one may have.
    """
    require_photo(version.source_id)
    with transaction.atomic():
        jobs.lock_owner(version.owner_id)
        own = Colorization.objects.kept().succeeded().filter(pk=version.pk)
        current = own.select_related("owner").first()
        if current is None or current.result_id is None:
            raise jobs.gone(Colorization)
        asked = Download(
            owner=current.owner, colorization=current, of_result=current.result_id, **asdict(wish)
        )
        if found := _existing(asked):
            return found
        _make_room(asked)
        asked.job = jobs.enqueue(asked.owner, DOWNLOAD.name, goes_first=True)
        asked.save(force_insert=True)
        return asked


def _existing(asked: Download) -> Download | None:
    names = ("owner", "colorization", "of_result", "form", "side", "has_mark")
    same = Download.objects.unexpired().filter(**{name: getattr(asked, name) for name in names})
    usable = same.filter(job__state__in=[*Job.OPEN_STATES, Job.State.SUCCEEDED])
    return usable.select_related("job").first()


def _make_room(asked: Download) -> None:
    own = Download.objects.filter(owner=asked.owner)
    number = own.count() - MAX_DOWNLOADS + 1
    if number <= 0:
        return
    ended = own.exclude(job__state__in=Job.OPEN_STATES).order_by("created_at", "pk")
    oldest = list(ended.values_list("pk", flat=True)[:number])
    if len(oldest) < number:
        raise TooManyJobsError(MAX_DOWNLOADS, retry_after=30)
    delete_downloads(Download.objects.filter(pk__in=oldest))


def delete_downloads(downloads: DownloadQuerySet) -> None:
    """Delete them with their jobs and files. A worker that makes one finds its job gone."""
    with transaction.atomic():
        found = list(downloads.values_list("pk", "job_id"))
        # Locked: one that is finished meanwhile would leave a file without a record.
        made = Job.objects.filter(pk__in=[job for _, job in found])
        jobs.stop(made)
        locked = Download.objects.filter(pk__in=[pk for pk, _ in found])
        files = list(StoredFile.objects.filter(download__in=locked.order_by()))
        locked.delete()
        jobs.delete(made)
        filestore.delete(files)


def delete_of(versions: ColorizationQuerySet) -> None:
    """Before the versions are deleted, or put into the trash: downloads can be made again."""
    delete_downloads(Download.objects.filter(colorization__in=versions.order_by()))


def delete_expired() -> None:
    """And those of versions that were deleted."""
    delete_downloads(Download.objects.expired())
