"""The rows of a large site, without a byte in the storage: many people, one of them with a large library."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection, models
from django.utils import timezone

from accounts.models import User
from benchmarks.library_copies import copy_library
from colorizer.models import Colorization
from colorizer.tasks import COLORIZE
from filestore.models import StoredFile
from gallery.models import Album, Person, Photo, Tag
from jobs.models import Job

ROWS_AT_ONCE = 2000
ALBUMS_OF_THE_LARGEST = 100
ALBUMS_OF_OTHERS = 4
LARGE_ALBUM = 10_000
IN_TRASH = 500
SMALL_ALBUM = 50
FIRST_YEAR, LAST_YEAR = 1880, 1989
PRECISIONS = ("day", "month", "year", "about", "decade", "between")
PLACES = ("Lyon", "Hamburg harbor", "Warszawa", "北京", "Chicago", "Dorset", "Kyoto", "Oaxaca")
WORDS = [
    *("wedding", "market", "brother", "garden", "school", "tram", "river", "grandmother", "soldier"),
    *("church", "picnic", "winter", "steamer", "bicycle", "choir", "orchard", "bakery", "結婚", "花園"),
]  # fmt: skip
FAVORITE, UNDATED, COLORED, QUEUED, FAILED = 0.05, 0.2, 0.9, 0.0005, 0.02
"""Shares of the photos, and of their versions."""

Purpose = StoredFile.Purpose
DERIVED = {
    Purpose.ORIGINAL: (Purpose.DISPLAY, Purpose.THUMBNAIL),
    Purpose.RESULT: (Purpose.PREVIEW, Purpose.THUMBNAIL),
}


class Library(NamedTuple):
    owner: User
    large_album: Album
    small_album: Album


def make_site(users: int, photos: int, photos_of_the_largest: int) -> Library:
    """The library of the owner with the most photos; everybody else has equally many."""
    draw = random.Random(16)  # noqa: S311  (the same site each time)
    owners = User.objects.bulk_create(
        User(email=f"member{number}@example.org") for number in range(users)
    )
    library = _large_library(owners[0], photos_of_the_largest, draw)
    each = (photos - photos_of_the_largest) // (users - 1)
    albums = _make_albums(owners[1], ALBUMS_OF_OTHERS)
    fill([albums[number % len(albums)] for number in range(each)], draw, labels=8)
    for source, purposes in DERIVED.items():
        for purpose in purposes:
            _derive(source, purpose)
    copy_library(owners[1], owners[2:])
    _spread_over_years()
    _delete_some(library.large_album)
    return library


def _large_library(owner: User, photos: int, draw: random.Random) -> Library:
    large, small, *others = _make_albums(owner, ALBUMS_OF_THE_LARGEST)
    in_others = photos - LARGE_ALBUM - SMALL_ALBUM
    fill(
        [large] * LARGE_ALBUM
        + [small] * SMALL_ALBUM
        + [others[number % len(others)] for number in range(in_others)],
        draw,
        labels=200,
    )
    return Library(owner, large, small)


def _make_albums(owner: User, number: int) -> list[Album]:
    return Album.objects.bulk_create(
        Album(owner=owner, title=f"Album {count}") for count in range(number)
    )


def fill(albums: Sequence[Album], draw: random.Random, labels: int) -> None:
    """A photo to each album, of one owner, which may be there more than once."""
    owner = albums[0].owner
    people = Person.objects.bulk_create(
        Person(owner=owner, name=f"{draw.choice(WORDS)} {number}") for number in range(labels)
    )
    tags = Tag.objects.bulk_create(Tag(owner=owner, name=f"tag {n}") for n in range(labels // 4))
    for begin in range(0, len(albums), ROWS_AT_ONCE):
        _fill(albums[begin : begin + ROWS_AT_ONCE], people, tags, draw)


def _fill(
    albums: Sequence[Album], people: Sequence[Person], tags: Sequence[Tag], draw: random.Random
) -> None:
    originals = _files(albums[0].owner, Purpose.ORIGINAL, len(albums), draw)
    photos = Photo.objects.bulk_create(
        Photo(
            album=album,
            original=original,
            original_name=f"scan{draw.randrange(10**6)}.jpg",
            format="JPEG",
            width=1600,
            height=1200,
            is_favorite=draw.random() < FAVORITE,
            **_details(draw),
        )
        for album, original in zip(albums, originals, strict=True)
    )
    _label(photos, people, Photo.people.through, "person_id", draw)
    _label(photos, tags, Photo.tags.through, "tag_id", draw)
    _colorize([photo.original for photo in photos if draw.random() < COLORED], draw)


def _details(draw: random.Random) -> dict[str, Any]:
    title = " ".join(draw.sample(WORDS, 3))
    caption = " ".join(draw.choice(WORDS) for _ in range(12))
    place = draw.choice(PLACES)
    details = {
        "title": title,
        "caption": caption,
        "place": place,
        "search_text": f"{title} {caption} {place}".casefold(),
    }
    if draw.random() < UNDATED:
        return details
    first = date(draw.randint(FIRST_YEAR, LAST_YEAR), draw.randint(1, 12), draw.randint(1, 28))
    precision = draw.choice(PRECISIONS)
    if precision == "day":
        return {**details, "date_precision": precision, "taken_from": first, "taken_to": first}
    years = {"decade": 9, "between": 4}.get(precision, 0)
    span = {
        "taken_from": date(first.year, 1, 1),
        "taken_to": date(first.year + years, 12, 31),
    }
    return {**details, "date_precision": precision, **span}


def _label(
    photos: Sequence[Photo],
    labels: Sequence[models.Model],
    through: type[models.Model],
    key: str,
    draw: random.Random,
) -> None:
    rows = [
        through(photo_id=photo.pk, **{key: label.pk})
        for photo in photos
        for label in draw.sample(labels, min(len(labels), draw.randint(0, 2)))
    ]
    through.objects.bulk_create(rows)  # type: ignore[attr-defined]


def _files(
    owner: User, purpose: StoredFile.Purpose, number: int, draw: random.Random
) -> list[StoredFile]:
    return StoredFile.objects.bulk_create(
        StoredFile(
            owner=owner,
            purpose=purpose,
            name=f"files/{purpose}/{uuid.uuid4().hex}.jpg",
            bytes=draw.randrange(10_000, 5_000_000),
            # Some were uploaded twice.
            sha256=f"{draw.randrange(10**6):064x}",
            content_type="image/jpeg",
        )
        for _ in range(number)
    )


def _derive(source: StoredFile.Purpose, purpose: StoredFile.Purpose) -> None:
    """A file of this purpose for each source, made by the database."""
    key = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO filestore_storedfile"  # noqa: S608  (the key is one of the two above)
            " (id, owner_id, purpose, name, bytes, sha256, content_type, derived_from_id, created_at)"
            f" SELECT {key}, owner_id, %s, name || %s, 1 + bytes / 20, sha256, content_type, id, created_at"
            " FROM filestore_storedfile WHERE purpose = %s",
            [purpose, f".{purpose}.webp", source],
        )


def _spread_over_years() -> None:
    """Uploads and jobs of ten years, in no order."""
    sometime = (
        "now() - random() * interval '3650 days'"
        if connection.vendor == "postgresql"
        else "datetime('now', '-' || abs(random() % 5256000) || ' minutes')"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE gallery_photo SET created_at = {sometime}")  # noqa: S608
        cursor.execute(
            f"UPDATE jobs_job SET finished_at = {sometime} WHERE finished_at IS NOT NULL"  # noqa: S608
        )


def _delete_some(album: Album) -> None:
    """As their owner does, a while ago."""
    photos = Photo.objects.filter(pk__in=album.photos.values("pk")[:IN_TRASH])
    versions = Colorization.objects.filter(source__photo__in=photos.values("pk"))
    moment = timezone.now() - timedelta(days=3)
    versions.update(trashed_at=moment)
    photos.update(trashed_at=moment)


def _colorize(sources: Sequence[StoredFile], draw: random.Random) -> None:
    owner = sources[0].owner
    jobs = Job.objects.bulk_create(_job(owner, draw.random()) for _ in sources)
    finished = sum(job.state == Job.State.SUCCEEDED for job in jobs)
    results = iter(_files(owner, Purpose.RESULT, finished, draw))
    Colorization.objects.bulk_create(
        _version(job, source, results, draw) for job, source in zip(jobs, sources, strict=True)
    )


def _job(owner: User, chance: float) -> Job:
    now = timezone.now()
    job = Job(owner=owner, kind=COLORIZE.name, queue=COLORIZE.queue, queued_at=now)
    if chance < QUEUED:
        return job
    job.attempts_made, job.started_at, job.finished_at = 1, now, now
    if chance < QUEUED + FAILED:
        job.state, job.error_code = Job.State.FAILED, "out_of_memory"
        return job
    job.state, job.progress, job.duration = Job.State.SUCCEEDED, 100, timedelta(seconds=1)
    return job


def _version(job: Job, source: StoredFile, results: Any, draw: random.Random) -> Colorization:
    version = Colorization(
        owner_id=job.owner_id,
        job=job,
        source=source,
        variant=draw.choice(("artistic", "stable", "video")),
    )
    if job.state == Job.State.SUCCEEDED:
        version.result = next(results)
        version.used_render_factor = 20
        version.weights_name, version.weights_sha256 = "compact", "0" * 64
    return version
