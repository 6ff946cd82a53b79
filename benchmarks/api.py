"""What an app asks of the API of a large site, one request at a time: python -m benchmarks.api [sqlite|postgres]

100,000 photos of 20 people, most with a colorization, 50,000 of one person, as whom everything is asked for, through
the whole application. On both databases without an argument; PostgreSQL is TEST_POSTGRES_URL, and is left as it was.
"""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.site import row
from tests.chaos.surroundings import surroundings

if TYPE_CHECKING:
    from benchmarks.large_site import Library
    from gallery.models import Photo

USERS, PHOTOS, PHOTOS_OF_THE_LARGEST = 20, 100_000, 50_000
REQUESTS, CHANGES, BULK = 40, 10, 500
HEADINGS: Final = ("median", "95 %", "worst", "CPU", "queries", "kB")
Ask = Callable[[], Any]


def requests(client: Client, library: Library) -> Iterator[tuple[str, Ask, int]]:
    """Names, what is asked for, and how often."""
    owner = library.owner
    versions = cycle(owner.colorizations.all()[:REQUESTS])
    photos, colorizations = reverse("api:photo-list"), reverse("api:colorization-list")

    def get(address: str, **parameters: Any) -> Ask:
        return lambda: client.get(address, parameters)

    def poll() -> Any:
        return client.get(reverse("api:colorization-detail", args=[next(versions).pk]))

    def poll_job() -> Any:
        return client.get(reverse("api:job-detail", args=[next(versions).job_id]))

    def again(address: str) -> Ask:
        """As somebody who has the answer: 304."""
        etag = client.get(address)["ETag"]
        return lambda: client.get(address, headers={"If-None-Match": etag})

    album, photo = owner.albums.all()[0], next(owner_photos(library))
    cursor = client.get(reverse("api:job-changes")).json()["cursor"]
    yield "poll of a colorization", poll, REQUESTS
    yield "poll of a job", poll_job, REQUESTS
    yield "changes of jobs, none", get(reverse("api:job-changes"), since=cursor), REQUESTS
    yield "304 of an album", again(reverse("api:album-detail", args=[album.pk])), REQUESTS
    yield "304 of a photo", again(reverse("api:photo-detail", args=[photo.pk])), REQUESTS
    yield "304 of photos, a page of 50", again(photos), REQUESTS
    yield "304 of albums, a page of 50", again(reverse("api:album-list")), REQUESTS
    yield "photos, a page of 50", get(photos), REQUESTS
    yield "photos, a page of 200", get(photos, page_size=200), REQUESTS
    yield "photos of 99 versions, 200", get(photos, page_size=200, album=many_versions(library)), 5
    yield "albums, a page of 50", get(reverse("api:album-list")), REQUESTS
    yield "colorizations, a page of 50", get(colorizations), REQUESTS
    yield "colorizations, failed", get(colorizations, state="failed"), REQUESTS
    yield (
        "colorizations, 10 changed since",
        get(colorizations, changed_since=change_some(library)),
        REQUESTS,
    )
    yield (
        "colorizations, all changed since",
        get(colorizations, changed_since="2000-01-01T00:00Z"),
        5,
    )
    for action in ("favorite", "tag", "date", "color", "delete"):
        batches = batches_of(list(owner_photos(library)))
        yield f"bulk of {BULK}, {action}", lambda: bulk(client, action, next(batches)), 4  # noqa: B023


def owner_photos(library: Library) -> Iterator[Photo]:
    from gallery.models import Photo  # noqa: PLC0415  (Django is set up by now)

    return Photo.objects.editable_by(library.owner).only("pk")[: 5 * BULK].iterator()


def batches_of(photos: list[Photo]) -> Iterator[list[Photo]]:
    return cycle(photos[begin : begin + BULK] for begin in range(0, len(photos), BULK))


def bulk(client: Client, action: str, photos: list[Photo]) -> Any:
    order = {
        "action": action,
        "photos": [str(photo.pk) for photo in photos],
        "tags": ["sea", "summer"],
        "date_taken": "1932",
        "variant": "stable",
        "render_factor": 10,
    }
    return client.post(reverse("api:photos-bulk"), json.dumps(order), "application/json")


def many_versions(library: Library) -> str:
    """An album whose 200 photos have 99 versions each."""
    from gallery.models import Album  # noqa: PLC0415  (Django is set up by now)
    from tests.bulk import add_bare_photos, add_results  # noqa: PLC0415  (as above)

    album = Album.objects.create(owner=library.owner, title="Many versions")
    for photo in add_bare_photos(album, 200):
        add_results([photo.original] * 99)
    return str(album.pk)


def change_some(library: Library) -> str:
    """A moment after which some of the jobs ended."""
    from django.utils import timezone  # noqa: PLC0415  (Django is set up by now)

    from jobs.models import Job  # noqa: PLC0415  (as above)

    moment = timezone.now() + timedelta(seconds=1)
    ended = Job.objects.filter(owner=library.owner, state=Job.State.SUCCEEDED)
    Job.objects.filter(pk__in=list(ended.values_list("pk", flat=True)[:CHANGES])).update(
        finished_at=moment + timedelta(seconds=1)
    )
    return moment.isoformat()


def measure(database: str, photos: int, photos_of_the_largest: int) -> None:
    from benchmarks.large_site import make_site  # noqa: PLC0415  (Django is set up by now)

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    library = make_site(USERS, photos, photos_of_the_largest)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its autovacuum does in time
    settings.MAX_OPEN_JOBS = 10 * BULK
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "job": "100000/m/user"}
    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(library.owner)
    row(f"{database}, milliseconds", *HEADINGS)
    for name, ask, times in requests(client, library):
        report(name, ask, times)


def report(name: str, ask: Ask, times: int) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = answered(ask)
    queries = len(captured)  # the next request empties the log
    seconds, worked = [], []
    for _ in range(times):
        begin, begin_work = time.perf_counter(), time.process_time()
        answered(ask)
        seconds.append(1000 * (time.perf_counter() - begin))
        worked.append(1000 * (time.process_time() - begin_work))
    last = statistics.quantiles(seconds, n=20)[18]
    figures = statistics.median(seconds), last, max(seconds), statistics.median(worked)
    size = len(response.content) / 1000
    row(name, *(f"{figure:.0f}" for figure in figures), str(queries), f"{size:.0f}")


def answered(ask: Ask) -> Any:
    response = ask()
    if response.status_code not in {200, 304}:
        raise SystemExit(f"{response.request['PATH_INFO']}: {response.status_code}")
    return response


def run(database: str, photos: int) -> None:
    with TemporaryDirectory() as folder, surroundings(Path(folder), database):
        django.setup()
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")  # there are no static files in the folder
        try:
            measure(database, photos, max(photos * PHOTOS_OF_THE_LARGEST // PHOTOS, 10_100))
        finally:
            django.db.connections.close_all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgres"])
    parser.add_argument("--photos", type=int, default=PHOTOS)
    arguments = parser.parse_args()
    if arguments.database:
        run(arguments.database, arguments.photos)
        return
    for each in ("sqlite", "postgres"):
        # A process of its own: settings are read once.
        command = [sys.executable, "-m", "benchmarks.api", each, f"--photos={arguments.photos}"]
        if subprocess.run(command, check=False).returncode:
            sys.stdout.write(f"{each}: not measured\n")


if __name__ == "__main__":
    main()
