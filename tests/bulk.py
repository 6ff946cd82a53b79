"""Many rows at once, for tests of how many queries a list takes. Their files are lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from colorizer.models import Adjustment, Colorization
from colorizer.tasks import ADJUST, COLORIZE
from filestore.models import StoredFile
from filestore.services import FOLDER
from gallery.models import Album, Photo
from jobs.kinds import JobKind
from jobs.models import Job

Purpose = StoredFile.Purpose


def same_bytes(_: int) -> str:
    return "0" * 64


def bytes_of_its_own(_: int) -> str:
    return uuid.uuid4().hex * 2


def stored_files(
    owner: User,
    purpose: StoredFile.Purpose,
    number: int,
    digest: Callable[[int], str] = same_bytes,
) -> list[StoredFile]:
    """Rows without bytes: nobody asks for them."""
    Path(settings.MEDIA_ROOT, FOLDER).mkdir(parents=True, exist_ok=True)
    return StoredFile.objects.bulk_create(
        StoredFile(
            owner=owner,
            purpose=purpose,
            name=f"files/{uuid.uuid4().hex}.jpg",
            bytes=1,
            sha256=digest(each),
            content_type="image/jpeg",
        )
        for each in range(number)
    )


def add_bare_photos(
    album: Album, number: int, digest: Callable[[int], str] = same_bytes
) -> list[Photo]:
    """Without any version."""
    originals = stored_files(album.owner, Purpose.ORIGINAL, number, digest)
    return _photos_of([album] * number, originals)


def add_photos(album: Album, number: int) -> None:
    """Each with a result."""
    add_photos_to([album] * number)


def add_photos_to(albums: Sequence[Album], digest: Callable[[int], str] = same_bytes) -> None:
    """One to each, which may be there more than once."""
    originals = stored_files(albums[0].owner, Purpose.ORIGINAL, len(albums), digest)
    _photos_of(albums, originals)
    add_results(originals)


def _photos_of(albums: Sequence[Album], originals: Sequence[StoredFile]) -> list[Photo]:
    return Photo.objects.bulk_create(
        Photo(
            album=album, original=original, original_name="a.jpg", format="JPEG", width=1, height=1
        )
        for album, original in zip(albums, originals, strict=True)
    )


def add_results(sources: Sequence[StoredFile]) -> list[Colorization]:
    owner = sources[0].owner
    jobs = succeeded_jobs([owner] * len(sources), COLORIZE)
    results = stored_files(owner, Purpose.RESULT, len(sources))
    made: list[Colorization] = Colorization.objects.bulk_create(
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
    return made


def add_adjustments(versions: Sequence[Colorization]) -> None:
    jobs = succeeded_jobs([versions[0].owner] * len(versions), ADJUST)
    Adjustment.objects.bulk_create(
        Adjustment(colorization=version, job=job, choices={"warmth": 20})
        for version, job in zip(versions, jobs, strict=True)
    )


def succeeded_jobs(owners: Sequence[User], kind: JobKind) -> list[Job]:
    """One of each owner, who may be there more than once."""
    return Job.objects.bulk_create(succeeded_job(owner, kind) for owner in owners)


def succeeded_job(owner: User, kind: JobKind) -> Job:
    """It is not saved."""
    now = timezone.now()
    return Job(
        owner=owner,
        kind=kind.name,
        queue=kind.queue,
        state=Job.State.SUCCEEDED,
        progress=100,
        attempts_made=1,
        queued_at=now,
        started_at=now,
        finished_at=now,
        duration=timedelta(milliseconds=50),
    )
