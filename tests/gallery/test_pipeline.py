"""From the upload to the colorization, with a real worker process on a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import services
from jobs.models import Job
from tests.factories import make_album, make_upload, picture_bytes
from tests.factories import stored_files
from tests.pictures import GRADIENT, with_orientation
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Job.State
ErrorCode = Colorization.ErrorCode
LARGE = picture_bytes(7000, 7000)  # keeps a worker busy for seconds


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    with running_worker(tmp_path) as worker:
        yield worker


def upload(content: bytes, variant: str = "stable", render_factor: int = 8) -> Colorization:
    return services.add_photo_and_colorize(
        make_album(), make_upload(content), variant, render_factor
    )


def is_running(colorization: Colorization) -> bool:
    return Colorization.objects.filter(pk=colorization.pk, state=State.RUNNING).exists()


def wait_for_end(colorization: Colorization) -> None:
    def has_ended() -> bool:
        colorization.refresh_from_db()
        return colorization.job.is_finished

    wait_until(has_ended, f"the end of {colorization.pk}")


def test_uploads_become_pairs_in_the_format_of_the_original(worker: Worker) -> None:
    formats = {
        "JPEG": "JPEG",
        "PNG": "PNG",
        "WEBP": "WEBP",
        "TIFF": "TIFF",
        "BMP": "PNG",
        "GIF": "PNG",
    }
    colorizations = {name: upload(picture_bytes(300, 200, name)) for name in formats}
    for name, colorization in colorizations.items():
        wait_for_end(colorization)
        assert colorization.job.state == State.SUCCEEDED, colorization.job.error_text
        with Image.open(colorization.result) as picture, Image.open(colorization.preview) as preview:
            assert (picture.format, picture.size) == (formats[name], (300, 200))
            assert (preview.format, preview.size) == ("JPEG", (300, 200))
        assert colorization.result_bytes == colorization.result.size
        assert (colorization.job.attempt, colorization.job.progress, len(colorization.weights_sha256)) == (1, 100, 64)
    assert len(stored_files()) == 6 * len(formats)


def test_result_of_a_turned_photo_is_upright(worker: Worker) -> None:
    colorization = upload(with_orientation(GRADIENT.resize((64, 48)), 6))
    wait_for_end(colorization)
    assert Image.open(colorization.result).size == (48, 64)


def test_worker_survives_a_damaged_photo_and_does_the_next_job(tmp_path: Path) -> None:
    damaged, good = upload(picture_bytes(300, 200)), upload(picture_bytes(300, 200))
    Path(damaged.photo.original.path).write_bytes(picture_bytes(300, 200)[:500])
    with running_worker(tmp_path) as worker:
        wait_for_end(damaged)
        wait_for_end(good)
        assert len(worker.pids()) == 1
    assert (damaged.state, damaged.error_code) == (State.FAILED, ErrorCode.UNREADABLE)
    assert (damaged.attempt, good.state) == (1, State.SUCCEEDED)
    assert "damaged" in damaged.error_text


def test_missing_original_is_tried_three_times(worker: Worker) -> None:
    photo = services.add_photo(make_album(), make_upload())
    Path(photo.original.path).unlink()
    colorization = enqueue(photo, "stable", 8)
    wait_for_end(colorization)
    assert (colorization.job.state, colorization.job.error_code) == (State.FAILED, ErrorCode.STORAGE)
    assert colorization.job.attempt == 3


def test_job_deleted_while_it_runs_leaves_no_files(worker: Worker) -> None:
    colorization = upload(LARGE)
    wait_until(lambda: is_running(colorization), "the start of the job", pause=0.01)
    services.delete_photo(colorization.source.photo)
    after = upload(picture_bytes())
    wait_for_end(after)
    assert {str(colorization.source.photo.pk), str(colorization.pk)}.isdisjoint(" ".join(map(str, stored_files())))
    assert len(stored_files()) == 6


def test_job_of_a_killed_worker_is_done_by_another(worker: Worker) -> None:
    colorization = upload(LARGE)
    wait_until(lambda: is_running(colorization), "the start of the job", pause=0.01)
    worker.kill_at_work()
    wait_for_end(colorization)
    assert (colorization.job.state, colorization.job.attempt) == (State.SUCCEEDED, 2)
    assert len(worker.pids()) == 2
