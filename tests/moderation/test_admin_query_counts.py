"""Each list of the staff pages takes as many queries for 1,000 rows as for 10."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.db.models.functions import Now

from accounts.models import User
from colorizer.models import Adjustment, Colorization
from colorizer.tasks import COLORIZE
from filestore.models import StoredFile
from gallery.archives import ALBUM_ARCHIVE
from gallery.downloads import DOWNLOAD
from gallery.models import Album, Archive, ArchivePart, Download, Photo
from jobs.models import Job
from moderation.models import Report
from tests.bulk import add_adjustments, succeeded_jobs
from tests.factories import make_staff
from tests.staff import client_of, page, queries_of

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Rows:
    """Many records of one kind, written in bulk: no file has bytes, nobody reads them here."""

    users: list[User]
    albums: list[Album]
    photos: list[Photo]

    @classmethod
    def make(cls, number: int) -> Rows:
        users = User.objects.bulk_create(
            User(email=f"{uuid.uuid4().hex}@example.org") for _ in range(number)
        )
        albums = Album.objects.bulk_create(Album(owner=user, title="Family") for user in users)
        files = [_file(user, StoredFile.Purpose.ORIGINAL) for user in users]
        StoredFile.objects.bulk_create(files)
        photos = Photo.objects.bulk_create(
            Photo(
                album=album, original=file, original_name="a.jpg", format="JPEG", width=1, height=1
            )
            for album, file in zip(albums, files, strict=True)
        )
        return cls(users, albums, photos)

    def colorizations(self) -> Sequence[Colorization]:
        jobs = succeeded_jobs(self.users, COLORIZE)
        results = [_file(user, StoredFile.Purpose.RESULT) for user in self.users]
        StoredFile.objects.bulk_create(results)
        made: Sequence[Colorization] = Colorization.objects.bulk_create(
            Colorization(
                owner=job.owner,
                job=job,
                source=photo.original,
                result=result,
                weights_name="compact",
                weights_sha256="0" * 64,
                used_render_factor=20,
                render_factor=20,
            )
            for job, photo, result in zip(jobs, self.photos, results, strict=True)
        )
        return made

    def archives(self) -> list[Archive]:
        jobs = succeeded_jobs(self.users, ALBUM_ARCHIVE)
        files = [_file(user, StoredFile.Purpose.ARCHIVE) for user in self.users]
        StoredFile.objects.bulk_create(files)
        made = Archive.objects.bulk_create(
            Archive(owner=album.owner, album=album, job=job, expires_at=Now())
            for album, job in zip(self.albums, jobs, strict=True)
        )
        ArchivePart.objects.bulk_create(
            ArchivePart(archive=archive, number=1, file=file)
            for archive, file in zip(made, files, strict=True)
        )
        return made

    def adjustments(self) -> None:
        add_adjustments(self.colorizations())

    def downloads(self) -> None:
        versions = self.colorizations()
        jobs = succeeded_jobs(self.users, DOWNLOAD)
        files = [_file(user, StoredFile.Purpose.DOWNLOAD) for user in self.users]
        StoredFile.objects.bulk_create(files)
        Download.objects.bulk_create(
            Download(
                owner=version.owner,
                colorization=version,
                of_result=file.pk,
                form=Download.Form.PNG,
                job=job,
                file=file,
                expires_at=Now(),
            )
            for version, job, file in zip(versions, jobs, files, strict=True)
        )

    def reports(self) -> None:
        Report.objects.bulk_create(
            Report(colorization=colorization, reporter=user, reason=Report.Reason.OTHER)
            for colorization, user in zip(self.colorizations(), self.users, strict=True)
        )

    def log(self) -> None:
        photo = ContentType.objects.get_for_model(Photo)
        LogEntry.objects.bulk_create(
            LogEntry(
                user=user,
                content_type=photo,
                object_id=str(one.pk),
                object_repr=str(one),
                action_flag=CHANGE,
            )
            for user, one in zip(self.users, self.photos, strict=True)
        )

    def jobs(self) -> None:
        self.adjustments()
        self.archives()
        self.downloads()


def _file(owner: User, purpose: StoredFile.Purpose) -> StoredFile:
    return StoredFile(
        owner=owner,
        purpose=purpose,
        name=f"files/{uuid.uuid4().hex}",
        bytes=1,
        sha256="0" * 64,
        content_type="image/jpeg",
    )


LISTS: list[tuple[type[Model], Callable[[Rows], object]]] = [
    (User, lambda rows: rows.users),
    (Album, lambda rows: rows.albums),
    (Photo, lambda rows: rows.photos),
    (StoredFile, lambda rows: rows.photos),
    (Colorization, Rows.colorizations),
    (Adjustment, Rows.adjustments),
    (Archive, Rows.archives),
    (Download, Rows.downloads),
    (Job, Rows.jobs),
    (Report, Rows.reports),
    (LogEntry, Rows.log),
]


@pytest.mark.parametrize(("model", "fill"), LISTS, ids=lambda one: getattr(one, "__name__", ""))
def test_a_list_takes_as_many_queries_for_1000_rows_as_for_10(
    model: type[Model], fill: Callable[[Rows], object]
) -> None:
    client, url = client_of(make_staff()), page(model, "changelist")
    fill(Rows.make(10))
    # The first request of a process fills Django's caches.
    client.get(url)
    for_ten = queries_of(client, url)
    fill(Rows.make(990))
    assert model._default_manager.count() >= 1000
    assert queries_of(client, url) == for_ten
