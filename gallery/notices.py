"""Tells people what is done: made of the events of jobs, each once, however many hosts look for them.

A batch of photos is done when none of its owner's is open any more, and has been so for a while: somebody who
uploads 300 over a slow line gets one notice, and not one for each pause.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Now

from accounts import mail
from accounts.models import User
from colorizer.tasks import COLORIZE, COLORIZE_FILM
from filestore.services import in_batches
from gallery.archives import EXPORT, KINDS
from gallery.downloads import DOWNLOAD
from gallery.models import Album, Archive, Download, Notice, Photo
from jobs import services as jobs
from jobs.errors import GoneError
from jobs.models import Job, JobEvent

logger = logging.getLogger(__name__)
State = Job.State
ARCHIVES: Final = {kind.name for kind in KINDS.values()}
ROWS_PER_QUERY: Final = 500
KEPT_FOR: Final = timedelta(days=90)
# Who waits for one photo looks at it: a notice would be noise.
A_MOMENT: Final = timedelta(minutes=1)
TITLE_LENGTH: Final = 120
MAILS_AT_ONCE: Final = 20
# After a day nobody wants to hear of it by mail any more.
MAILED_WITHIN: Final = timedelta(days=1)


def tell() -> None:
    """Make the notices that are due, and mail those that are wanted by mail."""
    make_notices()
    send_mails()


def make_notices() -> None:
    """In a transaction for each person: a process that is killed leaves all of a notice or nothing."""
    waiting = JobEvent.objects.filter(awaits_notice=True)
    for owner_id in list(waiting.order_by().values_list("job__owner", flat=True).distinct()):
        with transaction.atomic():
            try:
                jobs.lock_owner(owner_id)
            except GoneError:
                continue
            _make_notices_of(User.objects.get(pk=owner_id))


def _make_notices_of(owner: User) -> None:
    events = JobEvent.objects.filter(awaits_notice=True, job__owner=owner)
    if _is_quiet(events.filter(job__kind=COLORIZE.name), owner):
        _tell_of_photos(owner, list(events.filter(job__kind=COLORIZE.name)))
    others = list(events.exclude(job__kind=COLORIZE.name).select_related("job"))
    _tell_of_archives(owner, [event for event in others if event.job.kind in ARCHIVES])
    _tell_of_films(owner, [event for event in others if event.job.kind == COLORIZE_FILM.name])
    _tell_of_files(owner, [event for event in others if event.job.kind == DOWNLOAD.name])
    _mark_told(others)


def _is_quiet(events: QuerySet[JobEvent], owner: User) -> bool:
    """Nothing of it is open, and the last end is a while ago."""
    if Job.objects.open().filter(owner=owner, kind=COLORIZE.name).exists():
        return False
    quiet = timedelta(seconds=settings.NOTICE_AFTER_SECONDS)
    return events.exists() and not events.filter(created_at__gt=Now() - quiet).exists()


def _tell_of_photos(owner: User, events: list[JobEvent]) -> None:
    """Of a job that was tried again within the batch its last end counts."""
    states: Counter[str] = Counter()
    albums: set[UUID] = set()
    first: list[datetime] = []
    last: list[datetime] = []
    keys = sorted({event.job_id for event in events})
    for batch in in_batches(keys, ROWS_PER_QUERY):
        found = Job.objects.filter(pk__in=batch)
        states.update(found.values_list("state", flat=True))
        told = found.exclude(state=State.CANCELLED)
        albums.update(
            Album.objects.filter(photos__original__colorizations__job__in=told)
            .order_by()
            .values_list("pk", flat=True)
            .distinct()
        )
        ends = found.aggregate(Min("queued_at"), Max("finished_at"))
        first.append(ends["queued_at__min"])
        last += filter(None, [ends["finished_at__max"]])
    _mark_told(events)
    succeeded, failed = states[State.SUCCEEDED], states[State.FAILED]
    if not succeeded + failed:
        return
    if (succeeded, failed) == (1, 0) and max(last) - min(first) < A_MOMENT:
        return
    album = Album.objects.kept().filter(pk__in=albums).first() if len(albums) == 1 else None
    _create(owner, Notice.Kind.PHOTOS, succeeded=succeeded, failed=failed, album=album)


def _tell_of_films(owner: User, events: Iterable[JobEvent]) -> None:
    """Each by itself: they take long."""
    photos = Photo.objects.kept().select_related("album")
    for job in Job.objects.filter(
        pk__in={event.job_id for event in events}, state__in=[State.SUCCEEDED, State.FAILED]
    ):
        photo = photos.filter(original__colorizations__job=job).first()
        succeeded = job.state == State.SUCCEEDED
        _create(
            owner,
            Notice.Kind.FILM,
            succeeded=int(succeeded),
            failed=int(not succeeded),
            album=photo.album if photo else None,
        )


def _tell_of_archives(owner: User, events: Iterable[JobEvent]) -> None:
    archives = Archive.objects.select_related("job", "album").filter(
        job__in={event.job_id for event in events},
        job__state__in=[State.SUCCEEDED, State.FAILED],
    )
    for archive in archives:
        is_export = archive.job.kind == EXPORT.name
        succeeded = archive.job.state == State.SUCCEEDED
        _create(
            owner,
            Notice.Kind.EXPORT if is_export else Notice.Kind.ARCHIVE,
            succeeded=int(succeeded),
            failed=int(not succeeded),
            archive=archive,
            title=archive.title,
        )


def _tell_of_files(owner: User, events: Iterable[JobEvent]) -> None:
    """Only of those that took long: who waits for one looks at it."""
    downloads = Download.objects.filter(
        job__in={event.job_id for event in events},
        job__state__in=[State.SUCCEEDED, State.FAILED],
        colorization__isnull=False,
    )
    for download in downloads.select_related("job", "colorization__source__photo"):
        job, photo = download.job, download.colorization.source.photo  # type: ignore[union-attr]
        if job.finished_at is None or job.finished_at - job.queued_at < A_MOMENT:
            continue
        succeeded = job.state == State.SUCCEEDED
        _create(
            owner,
            Notice.Kind.FILE,
            succeeded=int(succeeded),
            failed=int(not succeeded),
            title=str(photo)[:TITLE_LENGTH],
        )


def _create(owner: User, kind: Notice.Kind, **fields: Any) -> None:
    album = fields.get("album")
    fields.setdefault("title", album.title if album else "")
    by_mail = owner.mail_when_done and mail.proved_address(owner) is not None
    Notice.objects.create(owner=owner, kind=kind, awaits_mail=by_mail, **fields)


def _mark_told(events: Iterable[JobEvent]) -> None:
    """These and no others: one that is committed meanwhile is told of the next time."""
    keys = [event.pk for event in events]
    for batch in in_batches(keys, ROWS_PER_QUERY):
        JobEvent.objects.filter(pk__in=batch).update(awaits_notice=False)


def send_mails() -> None:
    """A message at most for each notice: who is killed while it sends one does not send it twice."""
    due = Notice.objects.filter(awaits_mail=True, created_at__gt=Now() - MAILED_WITHIN)
    for notice in due.select_related("owner").order_by("created_at")[:MAILS_AT_ONCE]:
        own = Notice.objects.filter(pk=notice.pk, awaits_mail=True)
        if own.update(awaits_mail=False) != 1:
            continue  # another host's
        try:
            _mail(notice)
        except OSError as error:
            logger.exception("No mail server takes the message about notice %s", notice.pk)
            code = _refusal(error)
            if code < mail.FOR_GOOD:
                Notice.objects.filter(pk=notice.pk).update(awaits_mail=True)
            if not code:
                return


def _refusal(error: OSError) -> int:
    """The code of a server that did not take this message, and may take others; 0 when there is no such server."""
    if isinstance(error, SMTPRecipientsRefused):
        return min(code for code, _ in error.recipients.values())
    return error.smtp_code if isinstance(error, SMTPDataError) else 0


def _mail(notice: Notice) -> None:
    owner = notice.owner
    address = mail.proved_address(owner)
    if address and owner.is_active and owner.deletion_due_at is None:
        url = f"{settings.SITE_URL}{notice.get_absolute_url()}"
        mail.send("gallery/email/notice", address, owner.language, notice=notice, url=url)


def mark_read(notices: QuerySet[Notice]) -> int:
    return notices.filter(read_at=None).update(read_at=Now())


def delete_old() -> None:
    Notice.objects.filter(created_at__lt=Now() - KEPT_FOR).delete()
