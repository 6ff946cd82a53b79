"""A film with real worker processes: killed in the midst or made by several, it is the same as of a straight run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from colorizer import services
from colorizer.models import Colorization, FilmSegment
from filestore import services as filestore
from filestore.models import StoredFile
from jobs import services as jobs
from jobs.models import Job
from tests.factories import make_photo, stored_files
from tests.film_files import film_bytes
from tests.worker import running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


# One frame a second: the network and not the decoder is at work, and there are several segments.
@cache
def film_content() -> bytes:
    return film_bytes(40, rate=1, width=128, height=96, sound=True)


def has_ended(job: Job) -> bool:
    job.refresh_from_db()
    return job.is_finished


def kept_files() -> list[Path]:
    """Not what the killed worker had in its temporary folder, which the clean-up takes away later."""
    return [path for path in stored_files() if "temporary" not in path.parts]


def result_of(colorization: Colorization) -> bytes:
    wait_until(lambda: has_ended(colorization.job), "the end of a film")
    assert colorization.job.state == Job.State.SUCCEEDED, colorization.job.error_message
    colorization.refresh_from_db()
    assert colorization.result
    return filestore.open(colorization.result).read()


def test_killed_worker_costs_a_segment_and_a_cancelled_film_leaves_nothing(tmp_path: Path) -> None:
    source = make_photo(content=film_content(), name="film.mp4").original
    with running_worker(tmp_path, VIDEO_WORKERS="1") as worker:
        killed = services.enqueue(source, "video", 12)
        wait_until(FilmSegment.objects.filter(is_made=True).exists, "a segment", pause=0.02)
        assert worker.kill_at_work(killed.job)
        resumed = result_of(killed)
        assert killed.job.attempts_made == 2
        services.delete(Colorization.objects.all())
        straight = services.enqueue(source, "video", 12)
        assert result_of(straight) == resumed
        services.delete(Colorization.objects.all())

        cancelled = services.enqueue(source, "video", 12)
        wait_until(FilmSegment.objects.filter(is_made=True).exists, "a segment", pause=0.02)
        jobs.cancel(cancelled.job)
        line = f"Job {cancelled.job_id} was cancelled"
        wait_until(lambda: line in worker.log.read_text(), "the worker's end of it", pause=0.05)
        assert not FilmSegment.objects.exists()
        wait_until(lambda: len(kept_files()) == 4, "nothing but the film")
        assert StoredFile.objects.count() == 4


def test_two_workers_make_a_film_and_one_of_them_is_killed(tmp_path: Path) -> None:
    source = make_photo(content=film_content(), name="film.mp4").original
    helpers = Job.objects.filter(kind="help_film")
    with running_worker(tmp_path, VIDEO_WORKERS="2") as worker:
        helped = services.enqueue(source, "video", 20)
        wait_until(helpers.exists, "a helper", pause=0.02)
        assert worker.kill_at_work(helpers.get())
        result = result_of(helped)
        assert helped.job.attempts_made == 1
        assert not helpers.exists()
        assert not FilmSegment.objects.exists()
        services.delete(Colorization.objects.all())
        again = services.enqueue(source, "video", 20)
        assert result_of(again) == result
