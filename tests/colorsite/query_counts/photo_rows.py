"""Albums, photos, their versions, and what belongs to them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from colorizer import guiding
from colorizer.engine.hints import Hint
from colorizer.models import Colorization, Guidance
from colorizer.tasks import COLORIZE
from filestore.models import StoredFile
from gallery import sharing
from gallery.models import (
    Album,
    Person,
    Photo,
    Section,
    Share,
    Tag,
)
from jobs.models import Attempt, Job, JobEvent
from tests.bulk import (
    add_adjustments,
    add_bare_photos,
    add_photos_to,
    add_results,
    bytes_of_its_own,
    stored_files,
)
from tests.colorsite.query_counts.library import Library, rows

Purpose = StoredFile.Purpose
State = Job.State


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
