"""From the upload to the colorization, with real worker processes on real queues: one start for all.

Each test has pictures of its own sizes: what was colorized before is not colorized again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from django.test import override_settings
from PIL import Image
from pytest_django import Settings

from colorizer.errors import ErrorCode
from colorizer.models import Colorization
from colorizer.services import enqueue
from filestore import services as filestore
from filestore.models import StoredFile
from gallery import services
from gallery.archives import request_archive, request_export
from gallery.models import Archive, Notice
from jobs.errors import ErrorCode as JobErrorCode
from jobs.models import Job
from tests.factories import damage, make_album, make_upload, picture_bytes, stored_files
from tests.gallery import zips
from tests.pictures import GRADIENT, with_orientation
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Job.State
LARGE = 5000
"""So many pixels a side keep a worker busy for seconds."""


class Site(NamedTuple):
    worker: Worker
    media: Path


@pytest.fixture(scope="module")
def site(lasting_db: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One worker for photos and one for files."""
    folder = tmp_path_factory.mktemp("site")
    own = override_settings(MEDIA_ROOT=folder / "media", WEIGHTS_DIR=folder / "weights")
    with own, running_worker(folder, FILE_WORKERS="1") as worker:
        yield Site(worker, folder / "media")


@pytest.fixture(autouse=True)
def worker(site: Site, settings: Settings) -> Worker:
    settings.MEDIA_ROOT = site.media
    return site.worker


@pytest.fixture
def before() -> set[Path]:
    """What earlier tests have left in the media folder."""
    return set(stored_files())


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


def test_uploads_are_colorized_in_the_format_of_the_original(before: set[Path]) -> None:
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
        assert job.state == State.SUCCEEDED, job.error_message
        colorization.refresh_from_db()
        result = colorization.result
        assert result
        picture, preview = picture_of(result), picture_of(result.derivatives.get(purpose="preview"))
        assert (picture.format, picture.size) == (formats[name], (300, 200))
        assert (preview.format, preview.size) == ("JPEG", (300, 200))
        assert result.bytes == result.name.size
        assert (job.attempts_made, job.progress) == (1, 100)
        assert len(colorization.weights_sha256) == 64
    assert len(set(stored_files()) - before) == 8 * len(formats)


def test_result_of_a_turned_photo_is_upright() -> None:
    colorization = upload(with_orientation(GRADIENT.resize((64, 48)), 6))
    wait_for_end(colorization.job)
    colorization.refresh_from_db()
    assert colorization.result
    assert picture_of(colorization.result).size == (48, 64)


def test_worker_survives_a_damaged_photo_and_does_the_next_job(worker: Worker) -> None:
    photo = services.add_photo(make_album(), make_upload(picture_bytes(100, 80)))
    damage(photo.original)
    damaged, good = enqueue(photo.original, "stable", 8), upload(picture_bytes(100, 90))
    failed = wait_for_end(damaged.job)
    wait_for_end(good.job)
    [process] = worker.pids_of(failed)
    assert worker.pids_of(good.job) == [process]
    assert (failed.state, failed.error_code) == (State.FAILED, ErrorCode.UNREADABLE)
    assert (failed.attempts_made, good.job.state) == (1, State.SUCCEEDED)
    assert "damaged" in failed.error_message


def test_missing_original_is_tried_three_times() -> None:
    photo = services.add_photo(make_album(), make_upload(picture_bytes(80, 60)))
    Path(photo.original.name.path).unlink()
    job = wait_for_end(enqueue(photo.original, "stable", 8).job)
    assert (job.state, job.error_code) == (State.FAILED, JobErrorCode.STORAGE)
    assert job.attempts.count() == 3


def test_job_deleted_while_it_runs_leaves_no_files(before: set[Path]) -> None:
    deleted = upload(picture_bytes(LARGE, LARGE))
    wait_until(lambda: is_running(deleted.job), "the start of the job", pause=0.01)
    services.delete_photo(deleted.source.photo)
    after = upload(picture_bytes())
    wait_for_end(after.job)
    owners = [deleted.source.owner, after.source.owner]
    kept = {Path(file.name.path) for file in StoredFile.objects.filter(owner__in=owners)}
    assert set(stored_files()) - before == kept
    assert len(kept) == 8


def test_job_of_a_killed_worker_is_done_by_another(worker: Worker) -> None:
    job = upload(picture_bytes(LARGE, LARGE + 1)).job
    assert worker.kill_at_work(job)
    wait_for_end(job)
    assert (job.state, job.attempts_made) == (State.SUCCEEDED, 2)
    assert [attempt.outcome for attempt in job.attempts.all()] == ["lost", "succeeded"]


def test_everything_becomes_an_export_in_parts_and_its_owner_is_told() -> None:
    colorization = upload(picture_bytes(120, 90))
    wait_for_end(colorization.job)
    owner = colorization.source.owner
    archive = request_export(owner)
    job = wait_for_end(archive.job)
    assert job.state == State.SUCCEEDED, job.error_message
    with zips.opened(Archive.objects.get(pk=archive.pk)) as file:
        assert file.testzip() is None
        pictures = [name for name in file.namelist() if name.endswith(".jpg")]
        assert len(pictures) == 2
        assert "data/photos.json" in file.namelist()
    wait_until(lambda: Notice.objects.filter(archive=archive).exists(), "the notice")
    assert Notice.objects.get(archive=archive).text == "Your export is ready"


def test_an_album_becomes_a_zip_file_beside_the_photos() -> None:
    colorization = upload(picture_bytes())
    wait_for_end(colorization.job)
    archive = request_archive(colorization.source.photo.album)
    job = wait_for_end(archive.job)
    assert job.state == State.SUCCEEDED, job.error_message
    made = Archive.objects.get(pk=archive.pk)
    with filestore.open(made.parts.get().file) as content:
        assert content.read(2) == b"PK"
