"""The pages of a large site, one request at a time: python -m benchmarks.site [sqlite|postgres]

500 people with 200,000 photos, one of them with 30,000, of which 10,000 are in one album. Each page is asked for as
that person, through the whole application, from the first middleware to the last template. On both databases
without an argument; PostgreSQL is TEST_POSTGRES_URL, and is left as it was.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.chaos.surroundings import surroundings

if TYPE_CHECKING:
    from benchmarks.large_site import Library

USERS, PHOTOS, PHOTOS_OF_THE_LARGEST = 500, 200_000, 30_000
REQUESTS = 60
HEADINGS = ("median", "95 %", "worst", "CPU", "queries")


def pages(library: Library) -> Iterator[tuple[str, Sequence[str]]]:
    """Names, and the addresses that are asked for in turn."""
    search, timeline = reverse("gallery:search"), reverse("gallery:timeline")
    person = library.owner.persons.all()[0]
    yield "home", ["/"]
    yield "album, 50 photos", [library.small_album.get_absolute_url()]
    large = library.large_album.get_absolute_url()
    yield "album, 10,000 photos: first page", [large]
    yield "album, 10,000 photos: later pages", [f"{large}?page={page}" for page in (2, 100, 166)]
    yield "search, no words", [search, f"{search}?page=300"]
    yield "search, words", [f"{search}?q={words}" for words in ("wedding", "tram+choir", "結婚")]
    yield (
        "search, details",
        [
            f"{search}?place=Lyon&taken_from=1914&taken_to=1918",
            f"{search}?person={person.pk}&favorite=true",
            f"{search}?album={library.large_album.pk}&undated=true",
        ],
    )
    yield "search, style", [f"{search}?variant=stable", f"{search}?variant=video&q=market"]
    states = ("colored", "not_colored", "failed", "in_progress")
    yield "search, state", [f"{search}?state={state}" for state in states]
    yield "timeline", [timeline, f"{timeline}?page=200", f"{timeline}?page=500"]
    yield "favorites", [reverse("gallery:favorites")]
    yield "people, tags", [reverse("gallery:people"), reverse("gallery:tags")]
    yield "places", [reverse("gallery:places")]
    yield "duplicates", [reverse("gallery:duplicates")]
    yield "trash", [reverse("gallery:trash")]
    yield "settings", [reverse("settings:profile"), reverse("gallery:storage")]
    yield "activity", [reverse("gallery:activity")]
    photos = reverse("api:photo-list")
    yield "API, photos", [photos, f"{photos}?q=market", f"{photos}?state=failed"]


def measured(client: Client, addresses: Sequence[str]) -> tuple[list[float], float, int]:
    """Milliseconds of each request, those that this process worked in the median, and the most queries."""
    queries = max(queries_of(client, address) for address in addresses)
    times, worked = [], []
    for address in islice(cycle(addresses), REQUESTS):
        begin, begin_work = time.perf_counter(), time.process_time()
        ask(client, address)
        times.append(1000 * (time.perf_counter() - begin))
        worked.append(1000 * (time.process_time() - begin_work))
    return times, statistics.median(worked), queries


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask(client, address)
    return len(captured)


def ask(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:  # noqa: PLR2004
        raise SystemExit(f"{address} responded with {response.status_code}.")


def row(name: str, *values: str) -> None:
    sys.stdout.write(f"{name:36}" + "".join(f"{value:>10}" for value in values) + "\n")
    sys.stdout.flush()


def measure(database: str) -> None:
    from benchmarks.large_site import make_site  # noqa: PLC0415  (Django is set up by now)

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    library = make_site(USERS, PHOTOS, PHOTOS_OF_THE_LARGEST)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")  # as its autovacuum does in time
    importlib.import_module("colorsite.wsgi")  # as the web server does
    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(library.owner)
    row(f"{database}, milliseconds", *HEADINGS)
    for name, addresses in pages(library):
        times, worked, queries = measured(client, addresses)
        last = statistics.quantiles(times, n=20)[18]
        figures = statistics.median(times), last, max(times), worked
        row(name, *(f"{figure:.0f}" for figure in figures), str(queries))


def run(database: str) -> None:
    with TemporaryDirectory() as folder, surroundings(Path(folder), database):
        django.setup()
        logging.disable(logging.CRITICAL)
        warnings.simplefilter("ignore")  # there are no static files in the folder yet
        try:
            measure(database)
        finally:
            django.db.connections.close_all()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", nargs="?", choices=["sqlite", "postgres"])
    database = parser.parse_args().database
    if database:
        run(database)
        return
    for each in ("sqlite", "postgres"):
        # A process of its own: settings are read once.
        outcome = subprocess.run([sys.executable, "-m", "benchmarks.site", each], check=False)
        if outcome.returncode:
            sys.stdout.write(f"{each}: not measured\n")


if __name__ == "__main__":
    main()
