"""From "Compare styles" to its previews: python -m benchmarks.styles

As the page of a photo asks for them, on a site with one worker: photos of each size one after the other, a new worker
for each size, whose networks are not loaded at first. SQLite; the pages are asked for in this process.
"""

from __future__ import annotations

import logging
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import django
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from benchmarks.photographs import TWELVE_MEGAPIXELS, gray_jpeg
from benchmarks.site import row
from tests.chaos.surroundings import surroundings

if TYPE_CHECKING:
    from gallery.models import Photo

SIZES: Final = {"1 megapixel": (1152, 864), "12 megapixels": TWELVE_MEGAPIXELS}
PHOTOS: Final = 10
POLL_SECONDS: Final = 0.4
"""As in templates/gallery/_styles.html."""
START_SECONDS: Final = 15
PAUSE_SECONDS: Final = 1
HTMX: Final = {"HX-Request": "true"}
STAGES: Final = ("taken", "made", "shown")


@contextmanager
def workers() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "manage.py", "workers"], stderr=subprocess.DEVNULL)
    try:
        time.sleep(START_SECONDS)  # a site that has been up for a while
        yield
    finally:
        process.terminate()
        process.wait()


def new_photos(size: tuple[int, int]) -> Iterator[Photo]:
    from gallery.services import add_photo  # noqa: PLC0415  (Django is set up by now)
    from tests.factories import make_album, make_upload  # noqa: PLC0415  (as above)

    album, content = make_album(), gray_jpeg(size)
    for _ in range(PHOTOS):
        yield add_photo(album, make_upload(content))


def wait_for_previews(client: Client, photo: Photo) -> None:
    """To the last byte of the last preview, with the pauses of a page that asks again."""
    from colorizer.packs import STYLES  # noqa: PLC0415  (Django is set up by now)

    page = reverse("gallery:photo-styles", args=[photo.pk])
    grid = client.post(page, headers=HTMX)
    while b'aria-busy="true"' in grid.content:
        time.sleep(POLL_SECONDS)
        grid = client.get(page, headers=HTMX)
    for style in STYLES:
        preview = client.get(reverse("gallery:photo-style", args=[photo.pk]), {"name": style.name})
        if preview.status_code != 200:  # noqa: PLR2004
            raise SystemExit("The previews were not made.")
        b"".join(preview.streaming_content)  # type: ignore[attr-defined]


def seconds_to(photo: Photo) -> tuple[float, ...]:
    """From the click until a worker has the job, until it is done, until the previews are on the page."""
    from jobs.models import Job  # noqa: PLC0415  (Django is set up by now)

    client = Client(HTTP_HOST=settings.SITE_HOST)
    client.force_login(photo.album.owner)
    begin = time.time()
    wait_for_previews(client, photo)
    end = time.time()
    job = Job.objects.get(picture_pack__picture=photo.original_id)
    moments = [moment.timestamp() for moment in (job.started_at, job.finished_at) if moment]
    return tuple(moment - begin for moment in (*moments, end))


def measure(size: tuple[int, int]) -> list[tuple[float, ...]]:
    measured = []
    with workers():
        for photo in new_photos(size):
            time.sleep(PAUSE_SECONDS)
            measured.append(seconds_to(photo))
    return measured


def figures(measured: Sequence[tuple[float, ...]]) -> Iterator[str]:
    by_stage = list(zip(*measured, strict=True))
    shown = by_stage[-1]
    seconds = (shown[0], *map(statistics.median, by_stage), max(shown))
    return (f"{each:.2f}" for each in seconds)


def main() -> None:
    with TemporaryDirectory() as folder, surroundings(Path(folder), "sqlite", workers=1):
        del os.environ["OMP_NUM_THREADS"]  # a worker takes its share of the cores, as on a site
        django.setup()
        logging.disable(logging.INFO)
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        row("seconds; medians between", "first", *STAGES, "worst", "load")
        for name, size in SIZES.items():
            load = f"{os.getloadavg()[0]:.1f}"  # of the machine, before
            row(name, *figures(measure(size)), load)
        django.db.connections.close_all()


if __name__ == "__main__":
    main()
