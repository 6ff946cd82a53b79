"""How soon an idle worker takes a job: python -m benchmarks.jobs

Jobs are queued one after the other, each when the one before has ended, on SQLite, on PostgreSQL
and on PostgreSQL with Redis, where they answer.
"""

from __future__ import annotations

import logging
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from tests.chaos.surroundings import surroundings

PLACES = (("sqlite", "orm"), ("postgres", "orm"), ("postgres", "redis"))
JOBS = 20
PAUSE_SECONDS = 0.7


def measure() -> list[float]:
    """Seconds from queued to running, in the order of the jobs."""
    from colorizer import services  # noqa: PLC0415  (Django is set up by now)
    from gallery.services import add_photo  # noqa: PLC0415
    from tests.factories import make_album, make_upload, picture_bytes  # noqa: PLC0415

    album, waits = make_album(), []
    for number in range(JOBS):
        photo = add_photo(album, make_upload(picture_bytes(64 + number, 64)))
        job = services.enqueue(photo.original, "stable", 8).job
        while not job.is_finished:
            time.sleep(0.02)
            job.refresh_from_db()
        assert job.started_at  # noqa: S101  (told to the type checker)
        waits.append((job.started_at - job.queued_at).total_seconds())
        time.sleep(PAUSE_SECONDS)
    return waits


def run(database: str, broker: str) -> None:
    with TemporaryDirectory() as folder, surroundings(Path(folder), database, broker):
        django.setup()
        logging.disable(logging.INFO)
        call_command("migrate", verbosity=0)
        workers = subprocess.Popen(
            [sys.executable, "manage.py", "workers"], stderr=subprocess.DEVNULL
        )
        try:
            time.sleep(15)  # a site that has been up for a while
            waits = measure()
        finally:
            workers.terminate()
            workers.wait()
            django.db.connections.close_all()
    figures = statistics.median(waits), statistics.quantiles(waits, n=20)[18], max(waits)
    sys.stdout.write(f"{database:10}{broker:8}" + "".join(f"{f:8.2f}" for f in figures) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        run(*sys.argv[1:])
    else:
        sys.stdout.write(f"{'seconds from queued to running':20}  median     95 %   worst\n")
        for place in PLACES:
            sys.stdout.flush()
            outcome = subprocess.run([sys.executable, "-m", "benchmarks.jobs", *place], check=False)
            if outcome.returncode:
                sys.stdout.write(f"{' '.join(place)}: not measured, it does not answer\n")
