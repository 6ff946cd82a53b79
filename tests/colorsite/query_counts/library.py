"""What one person has, of everything first a few and then many: rows only, nothing lies in the storage."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from http.cookies import SimpleCookie
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from accounts.devices import SEEN_KEY
from accounts.models import ApiKey, User
from colorizer import guiding
from colorizer.engine.hints import Hint
from colorizer.models import Colorization, Guidance
from colorizer.tasks import COLORIZE
from filestore.models import StoredFile, Upload
from gallery import sharing
from gallery.archives import ALBUM_ARCHIVE, EXPORT
from gallery.downloads import DOWNLOAD
from gallery.models import (
    Album,
    Archive,
    ArchivePart,
    Download,
    Notice,
    Person,
    Photo,
    Section,
    Share,
    Tag,
)
from gallery.moments import database_time
from jobs.kinds import JobKind
from jobs.models import Attempt, Job, JobEvent
from moderation.models import Report
from tests.bulk import (
    add_adjustments,
    add_bare_photos,
    add_photos_to,
    add_results,
    bytes_of_its_own,
    stored_files,
    succeeded_jobs,
)
from tests.factories import make_staff, make_user
from webhooks import deliveries as sending
from webhooks.models import Delivery, Event, Webhook
from webhooks.services import MAX_WEBHOOKS

Purpose = StoredFile.Purpose
State = Job.State
Fill = Callable[["Library", range], Sequence[Any]]


class Kind(NamedTuple):
    fill: Fill
    few: int
    many: int


KINDS: dict[str, Kind] = {}
"""In this order: what comes later may be about what came before."""


def rows(few: int = 10, many: int = 1000) -> Callable[[Fill], Fill]:
    """Other numbers where the site allows no more."""

    def register(fill: Fill) -> Fill:
        KINDS[fill.__name__] = Kind(fill, few, many)
        return fill

    return register


VISITORS = ("owner", "collector", "stranger", "staff")


class Library:
    def __init__(self) -> None:
        self.began = database_time() + timedelta(hours=1)
        self.owner, self.collector, self.stranger = (make_user() for _ in range(3))
        self.staff = make_staff()
        self.cookies = {name: self._logged_in(name) for name in VISITORS}
        self.album, self.attic, self.album_in_trash = (self._album(self.owner) for _ in range(3))
        self.photo = add_bare_photos(self.album, 1)[0]
        # The newest in each list, however long.
        Photo.objects.update(created_at=timezone.now() + timedelta(days=1))
        # Of somebody else: no list has a photo with so many versions.
        self.varied = add_bare_photos(self._album(self.collector), 1)[0]
        self.results: list[Colorization] = []
        self.made: dict[str, list[Any]] = {name: [] for name in KINDS}
        Album.objects.filter(pk=self.album_in_trash.pk).update(trashed_at=database_time())
        self.album_in_trash.refresh_from_db()

    def moment(self, number: int) -> datetime:
        """Those of the few are later than those of the many: a page of a list has things of all kinds."""
        return self.began - timedelta(seconds=number)

    def _album(self, owner: User) -> Album:
        published = {"visibility": "public", "published_at": timezone.now(), "shows_details": True}
        return Album.objects.create(owner=owner, title="Family", **published)

    def _logged_in(self, visitor: str) -> SimpleCookie:
        """Just now, and for as long as the tests take."""
        client = Client()
        client.force_login(getattr(self, visitor))
        session = client.session
        session[SEEN_KEY] = time.time() + 3600
        session.save()
        return client.cookies

    def make_few(self) -> None:
        for name, kind in KINDS.items():
            self.made[name] += kind.fill(self, range(kind.few))

    def make_many(self) -> None:
        for name, kind in KINDS.items():
            self.made[name] += kind.fill(self, range(kind.few, kind.many))

    def keys(self, name: str) -> list[str]:
        return [str(made.pk) for made in self.made[name]]

    def one(self, name: str) -> Any:
        """What a route is about whose name begins so: the one that the most belongs to."""
        return getattr(self, name, None) or self.made[ONE_OF[name]][0]


ONE_OF = {"archive": "archives", "job": "work", "share": "shares", "webhook": "webhooks"}


@rows()
def albums(library: Library, numbers: range) -> Sequence[Album]:
    """Public, each with a photo in color."""
    made = Album.objects.bulk_create(
        Album(
            owner=library.owner,
            title=f"Album {number}",
            visibility="public",
            published_at=timezone.now(),
        )
        for number in numbers
    )
    add_photos_to(made, bytes_of_its_own)
    return made


@rows()
def sections(library: Library, numbers: range) -> Sequence[Section]:
    return Section.objects.bulk_create(
        Section(album=library.album, title=f"Part {number}", position=number) for number in numbers
    )


@rows()
def people(library: Library, numbers: range) -> Sequence[Person]:
    """All of them in one photo."""
    made = Person.objects.bulk_create(
        Person(owner=library.owner, name=f"Person {number}") for number in numbers
    )
    library.photo.people.add(*made)
    return made


@rows()
def tags(library: Library, numbers: range) -> Sequence[Tag]:
    made = Tag.objects.bulk_create(
        Tag(owner=library.owner, name=f"Tag {number}") for number in numbers
    )
    library.photo.tags.add(*made)
    return made


@rows()
def photos(library: Library, numbers: range) -> Sequence[Photo]:
    """In color, each in a section, with a person, a tag, a place and a year of its own; two have the same bytes."""
    originals = stored_files(
        library.owner, Purpose.ORIGINAL, len(numbers), lambda each: f"{numbers[each] // 2:064}"
    )
    made = Photo.objects.bulk_create(
        Photo(
            album=library.album,
            original=original,
            original_name="a.jpg",
            format="JPEG",
            width=1,
            height=1,
            place=f"Place {number}",
            date_precision="year",
            taken_from=date(1000 + number, 1, 1),
            taken_to=date(1000 + number, 12, 31),
            is_favorite=True,
            search_text="beach",
            section=library.made["sections"][number],
        )
        for number, original in zip(numbers, originals, strict=True)
    )
    library.results += add_results(originals)
    with_person, with_tag = Photo.people.through, Photo.tags.through
    with_person.objects.bulk_create(
        with_person(photo=photo, person=library.made["people"][number])
        for number, photo in zip(numbers, made, strict=True)
    )
    with_tag.objects.bulk_create(
        with_tag(photo=photo, tag=library.made["tags"][number])
        for number, photo in zip(numbers, made, strict=True)
    )
    return made


@rows()
def versions(library: Library, numbers: range) -> Sequence[Colorization]:
    """Of one photo, adjusted, every other by hints: not the last, which its page shows."""
    made = add_results([library.varied.original] * len(numbers))
    add_adjustments(made)
    guide = guiding.Guide((Hint(0.5, 0.5, (160, 48, 64), 4),))
    Guidance.objects.bulk_create(guiding.record_of(version, guide) for version in made[::2])
    return made


@rows()
def work(library: Library, numbers: range) -> Sequence[Job]:
    """Photos that wait, are being colored or have failed, in turn; each change was told."""
    photos = add_bare_photos(library.attic, len(numbers), bytes_of_its_own)
    jobs = Job.objects.bulk_create(_undone_job(library, number) for number in numbers)
    Colorization.objects.bulk_create(
        Colorization(owner=library.owner, job=job, source=photo.original)
        for job, photo in zip(jobs, photos, strict=True)
    )
    JobEvent.objects.bulk_create(
        JobEvent(job=job, owner=library.owner, state=job.state) for job in jobs
    )
    return jobs


UNDONE: Sequence[Callable[[], dict[str, Any]]] = (
    lambda: {
        "state": State.FAILED,
        "error_code": "unreadable_photo",
        "attempts_made": 1,
        "started_at": timezone.now(),
        "finished_at": timezone.now(),
    },
    lambda: {
        "state": State.RUNNING,
        "attempts_made": 1,
        "started_at": timezone.now(),
        "lease_token": uuid.uuid4(),
        "lease_expires_at": timezone.now() + timedelta(hours=1),
    },
    lambda: {"state": State.QUEUED},
)


def _undone_job(library: Library, number: int) -> Job:
    return Job(
        owner=library.owner,
        kind=COLORIZE.name,
        queue=COLORIZE.queue,
        queued_at=library.moment(number),
        **UNDONE[number % len(UNDONE)](),
    )


@rows()
def attempts(library: Library, numbers: range) -> Sequence[Attempt]:
    """At one job."""
    return Attempt.objects.bulk_create(
        Attempt(
            job=library.one("job"),
            number=1 + number,
            worker="host",
            outcome=Attempt.Outcome.CANCELLED,
            finished_at=timezone.now(),
        )
        for number in numbers
    )


@rows()
def trash(library: Library, numbers: range) -> Sequence[Photo]:
    """Albums, photos and versions, a third of each; and the photos of one album."""
    moment = library.moment(numbers.start)
    Album.objects.bulk_create(
        Album(owner=library.owner, title=f"Old {number}", trashed_at=moment)
        for number in numbers[::3]
    )
    single = add_bare_photos(library.attic, len(numbers[1::3]), bytes_of_its_own)
    _throw_away(single, moment)
    results = add_results([library.made["photos"][number].original for number in numbers[2::3]])
    keys = [result.pk for result in results]
    Colorization.objects.filter(pk__in=keys).update(trashed_at=moment)
    gone = library.album_in_trash
    _throw_away(add_bare_photos(gone, len(numbers), bytes_of_its_own), gone.trashed_at)
    return single


def _throw_away(photos: Sequence[Photo], moment: datetime | None) -> None:
    Photo.objects.filter(pk__in=[photo.pk for photo in photos]).update(trashed_at=moment)


@rows(many=sharing.MAX_SHARES)
def shares(library: Library, numbers: range) -> Sequence[Share]:
    """Half of an album, half of a photo of it."""
    about = ({"album": library.album}, {"photo": library.photo})
    return Share.objects.bulk_create(
        Share(owner=library.owner, allows_downloads=True, shows_details=True, **about[number % 2])
        for number in numbers
    )


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
