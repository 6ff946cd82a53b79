"""From the upload to the colorization, with a real worker process on a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from colorizer.errors import ErrorCode
from colorizer.models import Colorization
from colorizer.services import enqueue
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.archives import request_archive
from gallery.models import AlbumArchive
from jobs.errors import ErrorCode as JobErrorCode
from jobs.models import Job
from tests.factories import damage, make_album, make_upload, picture_bytes, stored_files
from tests.pictures import GRADIENT, with_orientation
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Job.State
LARGE = picture_bytes(7000, 7000)  # keeps a worker busy for seconds


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    """For photos alone: a second one would not be at work when it is killed."""
    with running_worker(tmp_path, FILE_WORKERS="0") as worker:
        yield worker


def upload(content: bytes, variant: str = "stable", render_factor: int = 8) -> Colorization:
    return services.add_photo_and_colorize(
        make_album(), make_upload(content), variant, render_factor
    )


def is_running(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, state=State.RUNNING).exists()


def wait_for_end(job: Job) -> Job:
    def has_ended() -> bool:
        job.refresh_from_db()
        return job.is_finished

    wait_until(has_ended, f"the end of {job.pk}")
    return job


def picture_of(file: StoredFile) -> Image.Image:
    picture = Image.open(Path(file.name.path))
    picture.load()
    return picture


def test_uploads_are_colorized_in_the_format_of_the_original(worker: Worker) -> None:
    formats = {
        "JPEG": "JPEG",
        "PNG": "PNG",
        "WEBP": "WEBP",
        "TIFF": "TIFF",
        "BMP": "PNG",
        "GIF": "PNG",
    }
    uploaded = {name: upload(picture_bytes(300, 200, name)) for name in formats}
    for name, colorization in uploaded.items():
        job = wait_for_end(colorization.job)
        assert job.state == State.SUCCEEDED, job.error_text
        colorization.refresh_from_db()
        result = colorization.result
        assert result
        picture, preview = picture_of(result), picture_of(result.derivatives.get(purpose="preview"))
        assert (picture.format, picture.size) == (formats[name], (300, 200))
        assert (preview.format, preview.size) == ("JPEG", (300, 200))
        assert result.bytes == result.name.size
        assert (job.attempts_made, job.progress) == (1, 100)
        assert len(colorization.weights_sha256) == 64
    assert len(stored_files()) == 6 * len(formats)


def test_result_of_a_turned_photo_is_upright(worker: Worker) -> None:
    colorization = upload(with_orientation(GRADIENT.resize((64, 48)), 6))
    wait_for_end(colorization.job)
    colorization.refresh_from_db()
    assert colorization.result
    assert picture_of(colorization.result).size == (48, 64)


def test_worker_survives_a_damaged_photo_and_does_the_next_job(tmp_path: Path) -> None:
    damaged, good = upload(picture_bytes(300, 200)), upload(picture_bytes(300, 200))
    damage(damaged.source)
    with running_worker(tmp_path, FILE_WORKERS="0") as worker:
        failed = wait_for_end(damaged.job)
        wait_for_end(good.job)
        assert len(worker.pids()) == 1
    assert (failed.state, failed.error_code) == (State.FAILED, ErrorCode.UNREADABLE)
    assert (failed.attempts_made, good.job.state) == (1, State.SUCCEEDED)
    assert "damaged" in failed.error_text


def test_missing_original_is_tried_three_times(worker: Worker) -> None:
    photo = services.add_photo(make_album(), make_upload())
    Path(photo.original.name.path).unlink()
    job = wait_for_end(enqueue(photo.original, "stable", 8).job)
    assert (job.state, job.error_code) == (State.FAILED, JobErrorCode.STORAGE)
    assert job.attempts.count() == 3


def test_job_deleted_while_it_runs_leaves_no_files(worker: Worker) -> None:
    deleted = upload(LARGE)
    wait_until(lambda: is_running(deleted.job), "the start of the job", pause=0.01)
    services.delete_photo(deleted.source.photo)
    after = upload(picture_bytes())
    wait_for_end(after.job)
    kept = {Path(file.name.path) for file in StoredFile.objects.all()}
    assert set(stored_files()) == kept
    assert len(kept) == 6


def test_job_of_a_killed_worker_is_done_by_another(worker: Worker) -> None:
    job = upload(LARGE).job
    wait_until(lambda: is_running(job), "the start of the job", pause=0.01)
    worker.kill_at_work()
    wait_for_end(job)
    assert (job.state, job.attempts_made) == (State.SUCCEEDED, 2)
    assert [attempt.outcome for attempt in job.attempts.all()] == ["lost", "succeeded"]


def test_an_album_becomes_a_zip_file_beside_the_photos(tmp_path: Path) -> None:
    colorization = upload(picture_bytes())
    with running_worker(tmp_path, FILE_WORKERS="1"):
        wait_for_end(colorization.job)
        archive = request_archive(colorization.source.photo.album)
        job = wait_for_end(archive.job)
    assert job.state == State.SUCCEEDED, job.error_text
    made = AlbumArchive.objects.get(pk=archive.pk)
    assert made.file
    with filestore.open(made.file) as content:
        assert content.read(2) == b"PK"
