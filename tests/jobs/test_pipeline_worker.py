"""From the upload to the pair, with a real worker process on a real queue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from colorizer.models import Colorization
from colorizer.services import enqueue
from gallery import services
from tests.factories import make_album, make_upload, picture_bytes
from tests.gallery.test_intake import stored_files
from tests.pictures import GRADIENT, with_orientation
from tests.worker import Worker, running_worker, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

State = Colorization.State
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


def is_running(pair: Colorization) -> bool:
    return Colorization.objects.filter(pk=pair.pk, state=State.RUNNING).exists()


def wait_for_end(pair: Colorization) -> None:
    def has_ended() -> bool:
        pair.refresh_from_db()
        return pair.is_finished

    wait_until(has_ended, f"the end of {pair.pk}")


def test_uploads_become_pairs_in_the_format_of_the_original(worker: Worker) -> None:
    formats = {
        "JPEG": "JPEG",
        "PNG": "PNG",
        "WEBP": "WEBP",
        "TIFF": "TIFF",
        "BMP": "PNG",
        "GIF": "PNG",
    }
    pairs = {name: upload(picture_bytes(300, 200, name)) for name in formats}
    for name, pair in pairs.items():
        wait_for_end(pair)
        assert pair.state == State.SUCCEEDED, pair.error_text
        with Image.open(pair.result) as picture, Image.open(pair.preview) as preview:
            assert (picture.format, picture.size) == (formats[name], (300, 200))
            assert (preview.format, preview.size) == ("JPEG", (300, 200))
        assert pair.result_bytes == pair.result.size
        assert (pair.attempt, pair.progress, len(pair.weights_sha256)) == (1, 100, 64)
    assert len(stored_files()) == 6 * len(formats)


def test_result_of_a_turned_photo_is_upright(worker: Worker) -> None:
    pair = upload(with_orientation(GRADIENT.resize((64, 48)), 6))
    wait_for_end(pair)
    assert Image.open(pair.result).size == (48, 64)


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
    pair = enqueue(photo, "stable", 8)
    wait_for_end(pair)
    assert (pair.state, pair.error_code) == (State.FAILED, ErrorCode.STORAGE)
    assert pair.attempt == 3


def test_job_deleted_while_it_runs_leaves_no_files(worker: Worker) -> None:
    pair = upload(LARGE)
    wait_until(lambda: is_running(pair), "the start of the job", pause=0.01)
    services.delete_photo(pair.photo)
    after = upload(picture_bytes())
    wait_for_end(after)
    assert {str(pair.photo_id), str(pair.pk)}.isdisjoint(" ".join(map(str, stored_files())))
    assert len(stored_files()) == 6


def test_job_of_a_killed_worker_is_done_by_another(worker: Worker) -> None:
    pair = upload(LARGE)
    wait_until(lambda: is_running(pair), "the start of the job", pause=0.01)
    worker.kill_at_work()
    wait_for_end(pair)
    assert (pair.state, pair.attempt) == (State.SUCCEEDED, 2)
    assert len(worker.pids()) == 2
