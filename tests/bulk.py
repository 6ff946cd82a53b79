"""Many rows at once, for tests of how many queries a list takes. Nothing lies in the storage."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from colorizer.models import Adjustment, Colorization
from colorizer.tasks import ADJUST, COLORIZE
from filestore.models import StoredFile
from gallery.models import Album, Photo
from jobs.kinds import JobKind
from jobs.models import Job

Purpose = StoredFile.Purpose


def stored_files(owner: User, purpose: StoredFile.Purpose, number: int) -> list[StoredFile]:
    """Rows without bytes: nobody asks for them."""
    return StoredFile.objects.bulk_create(
        StoredFile(
            owner=owner,
            purpose=purpose,
            name=f"files/{uuid.uuid4().hex}.jpg",
            bytes=1,
            sha256="0" * 64,
            content_type="image/jpeg",
        )
        for _ in range(number)
    )


def add_albums(owner: User, number: int) -> list[Album]:
    return Album.objects.bulk_create(Album(owner=owner, title="Family") for _ in range(number))


def add_public_albums(owner: User, number: int) -> None:
    """Each with two photos in color."""
    Album.objects.bulk_create(
        Album(owner=owner, title="Family", visibility="public", published_at=timezone.now())
        for _ in range(number)
    )
    add_photos_to([album for album in owner.albums.all() for _ in range(2)])


def add_bare_photos(album: Album, number: int) -> list[Photo]:
    """Without any version."""
    return _photos_of([album] * number, stored_files(album.owner, Purpose.ORIGINAL, number))


def add_photos(album: Album, number: int) -> None:
    """Each with a result."""
    add_photos_to([album] * number)


def add_photos_to(albums: Sequence[Album]) -> None:
    """One to each, which may be there more than once."""
    originals = stored_files(albums[0].owner, Purpose.ORIGINAL, len(albums))
    _photos_of(albums, originals)
    add_results(originals)


def _photos_of(albums: Sequence[Album], originals: Sequence[StoredFile]) -> list[Photo]:
    return Photo.objects.bulk_create(
        Photo(
            album=album, original=original, original_name="a.jpg", format="JPEG", width=1, height=1
        )
        for album, original in zip(albums, originals, strict=True)
    )


def add_results(sources: list[StoredFile]) -> None:
    owner = sources[0].owner
    jobs = succeeded_jobs([owner] * len(sources), COLORIZE)
    results = stored_files(owner, Purpose.RESULT, len(sources))
    Colorization.objects.bulk_create(
        Colorization(
            owner=owner,
            job=job,
            source=source,
            result=result,
            used_render_factor=20,
            weights_name="compact-artistic",
            weights_sha256="0" * 64,
        )
        for job, source, result in zip(jobs, sources, results, strict=True)
    )


def add_adjustments(versions: Sequence[Colorization]) -> None:
    jobs = succeeded_jobs([versions[0].owner] * len(versions), ADJUST)
    Adjustment.objects.bulk_create(
        Adjustment(colorization=version, job=job, choices={"warmth": 20})
        for version, job in zip(versions, jobs, strict=True)
    )


def succeeded_jobs(owners: Sequence[User], kind: JobKind) -> list[Job]:
    """One of each owner, who may be there more than once."""
    now = timezone.now()
    return Job.objects.bulk_create(
        Job(
            owner=owner,
            kind=kind.name,
            queue=kind.queue,
            state=Job.State.SUCCEEDED,
            progress=100,
            attempts_made=1,
            queued_at=now,
            started_at=now,
            finished_at=now,
            duration=timedelta(seconds=1),
        )
        for owner in owners
    )
