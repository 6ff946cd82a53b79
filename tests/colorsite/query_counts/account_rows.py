"""What a person asked for or set up, and what staff see; some of it is about photos."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts import api_keys
from accounts.models import ApiKey, User
from filestore.models import StoredFile, Upload
from gallery.archives import ALBUM_ARCHIVE, EXPORT
from gallery.downloads import DOWNLOAD
from gallery.models import (
    Archive,
    ArchivePart,
    Download,
    Notice,
    Photo,
)
from jobs.kinds import JobKind
from moderation.models import Report
from tests.bulk import (
    stored_files,
    succeeded_jobs,
)
from tests.colorsite.query_counts import photo_rows  # noqa: F401  (registered before)
from tests.colorsite.query_counts.library import Library, rows
from webhooks import deliveries as sending
from webhooks.models import Delivery, Event, Webhook
from webhooks.services import MAX_WEBHOOKS

Purpose = StoredFile.Purpose


def _archives(library: Library, number: int, kind: JobKind, **fields: object) -> Sequence[Archive]:
    jobs = succeeded_jobs([library.owner] * number, kind)
    files = stored_files(library.owner, Purpose.ARCHIVE, number)
    expires_at = timezone.now() + timedelta(days=1)
    made = Archive.objects.bulk_create(
        Archive(owner=library.owner, job=job, expires_at=expires_at, **fields) for job in jobs
    )
    ArchivePart.objects.bulk_create(
        ArchivePart(archive=archive, number=1, file=file)
        for archive, file in zip(made, files, strict=True)
    )
    return made


@rows()
def archives(library: Library, numbers: range) -> Sequence[Archive]:
    return _archives(library, len(numbers), ALBUM_ARCHIVE, album=library.album)


@rows()
def exports(library: Library, numbers: range) -> Sequence[Archive]:
    return _archives(library, len(numbers), EXPORT, content=Archive.Content.EVERYTHING)


@rows()
def parts(library: Library, numbers: range) -> Sequence[ArchivePart]:
    """Of one archive."""
    files = stored_files(library.owner, Purpose.ARCHIVE, len(numbers))
    return ArchivePart.objects.bulk_create(
        ArchivePart(archive=library.one("archive"), number=2 + number, file=file)
        for number, file in zip(numbers, files, strict=True)
    )


@rows()
def downloads(library: Library, numbers: range) -> Sequence[Download]:
    jobs = succeeded_jobs([library.owner] * len(numbers), DOWNLOAD)
    files = stored_files(library.owner, Purpose.DOWNLOAD, len(numbers))
    return Download.objects.bulk_create(
        Download(
            owner=library.owner,
            colorization=library.results[0],
            of_result=file.pk,
            form=Download.Form.PNG,
            job=job,
            file=file,
            expires_at=timezone.now() + timedelta(days=1),
        )
        for job, file in zip(jobs, files, strict=True)
    )


@rows()
def notices(library: Library, numbers: range) -> Sequence[Notice]:
    about = {"kind": Notice.Kind.PHOTOS, "succeeded": 2, "title": "Family"}
    return Notice.objects.bulk_create(
        Notice(owner=library.owner, album=library.album, **about) for _ in numbers
    )


@rows(many=api_keys.MAX_KEYS)
def keys(library: Library, numbers: range) -> Sequence[ApiKey]:
    return ApiKey.objects.bulk_create(
        ApiKey(
            owner=library.owner,
            name=f"Script {number}",
            digest=f"{number:064}",
            prefix="key",
            session_hash=library.owner.get_session_auth_hash(),
        )
        for number in numbers
    )


@rows()
def devices(library: Library, numbers: range) -> Sequence[UserSession]:
    """Logged in."""
    content = {
        SESSION_KEY: str(library.owner.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: library.owner.get_session_auth_hash(),
    }
    data, until = Session.objects.encode(content), timezone.now() + timedelta(days=1)
    sessions = Session.objects.bulk_create(
        Session(session_key=uuid.uuid4().hex, session_data=data, expire_date=until) for _ in numbers
    )
    made: list[UserSession] = UserSession.objects.bulk_create(
        UserSession(user=library.owner, ip="::1", session_key=session.pk) for session in sessions
    )
    return made


@rows()
def uploads(library: Library, numbers: range) -> Sequence[Upload]:
    return Upload.objects.bulk_create(
        Upload(
            owner=library.owner,
            length=10,
            metadata={"filename": f"{number}.jpg"},
            expires_at=timezone.now() + timedelta(days=1),
        )
        for number in numbers
    )


@rows(few=1, many=MAX_WEBHOOKS)
def webhooks(library: Library, numbers: range) -> Sequence[Webhook]:
    return Webhook.objects.bulk_create(
        Webhook(owner=library.owner, target_url=f"https://example.org/{number}")
        for number in numbers
    )


@rows()
def deliveries(library: Library, numbers: range) -> Sequence[Delivery]:
    """To one webhook."""
    events = Event.objects.bulk_create(
        Event(owner=library.owner, type=Event.Type.PING) for _ in numbers
    )
    jobs = succeeded_jobs([library.owner] * len(numbers), sending.DELIVER)
    return Delivery.objects.bulk_create(
        Delivery(
            webhook=library.one("webhook"),
            event=event,
            job=job,
            state=Delivery.State.DELIVERED,
            delivered_at=timezone.now(),
            next_attempt_at=None,
        )
        for event, job in zip(events, jobs, strict=True)
    )


@rows()
def groups(_: Library, numbers: range) -> Sequence[Group]:
    return Group.objects.bulk_create(Group(name=f"Group {number}") for number in numbers)


@rows()
def members(_: Library, numbers: range) -> Sequence[User]:
    return User.objects.bulk_create(User(email=f"{uuid.uuid4().hex}@example.org") for _ in numbers)


@rows()
def addresses(library: Library, numbers: range) -> Sequence[EmailAddress]:
    made: list[EmailAddress] = EmailAddress.objects.bulk_create(
        EmailAddress(user=member, email=member.email)
        for member in library.made["members"][numbers.start :]
    )
    return made


@rows()
def reports(library: Library, numbers: range) -> Sequence[Report]:
    """Each of another photo, by another person."""
    return Report.objects.bulk_create(
        Report(
            colorization=library.results[number],
            reporter=library.made["members"][number],
            reason=Report.Reason.OTHER,
        )
        for number in numbers
    )


@rows()
def decisions(library: Library, numbers: range) -> Sequence[LogEntry]:
    photo = ContentType.objects.get_for_model(Photo)
    made: list[LogEntry] = LogEntry.objects.bulk_create(
        LogEntry(
            user=library.staff,
            content_type=photo,
            object_id=str(library.made["photos"][number].pk),
            object_repr="Photo",
            action_flag=CHANGE,
        )
        for number in numbers
    )
    return made
