"""One job from claim to end, with the real engine, without a queue."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image
from pytest_django import Settings

from colorizer import jobs, runner
from colorizer.engine import model_registry
from colorizer.heart import JobLostError
from colorizer.models import MAX_ATTEMPTS, Colorization
from colorizer.scratch import scratch_folder
from colorizer.services import cancel, enqueue
from colorizer.weights_store import installing
from tests.factories import make_photo, picture_bytes
from tests.gallery.test_intake import stored_files
from tests.pictures import GRADIENT, encoded

# The heart looks at the record through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

State = Colorization.State
ErrorCode = Colorization.ErrorCode


def claimed(content: bytes | None = None) -> Colorization:
    enqueue(make_photo(content=content), "stable", 8)
    job = jobs.claim_next()
    assert job
    return job


@pytest.fixture
def no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_registry, "BUNDLED_FOLDER", tmp_path)


def test_result_has_the_size_of_the_photo_and_the_weights_that_made_it() -> None:
    job = claimed(picture_bytes(300, 200))
    runner.run(job)
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED, job.error_text
    bundled = next(entry for entry in model_registry.BUNDLED if entry.variant == "stable")
    assert (job.weights_name, job.weights_sha256) == (bundled.name, bundled.sha256)
    assert job.used_render_factor == 8
    assert Image.open(job.result).size == (300, 200)


def test_jpeg_with_a_second_picture_inside_is_colorized() -> None:
    second = GRADIENT.resize((32, 32))
    job = claimed(encoded(GRADIENT, "MPO", save_all=True, append_images=[second]))
    runner.run(job)
    job.refresh_from_db()
    assert job.state == State.SUCCEEDED, job.error_text


def test_cancelled_job_leaves_no_files() -> None:
    job = claimed()
    cancel(job)
    runner.run(job)
    job.refresh_from_db()
    assert job.state == State.CANCELLED
    assert len(stored_files()) == 3


def test_late_worker_takes_its_files_away_again(tmp_path: Path) -> None:
    job = claimed()
    Colorization.objects.filter(pk=job.pk).update(lease_token=uuid4())
    result = tmp_path / "result.jpg"
    result.write_bytes(picture_bytes())
    with pytest.raises(JobLostError):
        runner._store(job, result, runner.Maker("compact-stable", "0" * 64, 8))
    assert len(stored_files()) == 3


def test_weights_are_used_from_the_moment_they_are_installed(
    settings: Settings, tmp_path: Path
) -> None:
    before, after = claimed(), claimed()
    runner.run(before)
    mine = tmp_path / "mine.safetensors"
    shutil.copy(model_registry.bundled_weights("artistic"), mine)
    installed = installing.install(settings.WEIGHTS_DIR, mine, "stable")
    runner.run(after)
    for job in (before, after):
        job.refresh_from_db()
        assert job.state == State.SUCCEEDED, job.error_text
    assert before.weights_name == "compact-stable"
    assert (after.weights_name, after.weights_sha256) == ("mine", installed.sha256)


def test_a_file_that_came_in_the_place_of_another_is_loaded(
    settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.safetensors"
    checksums = set()
    for variant in ("artistic", "video"):
        shutil.copy(model_registry.bundled_weights(variant), mine)
        installing.install(settings.WEIGHTS_DIR, mine, "stable")
        job = claimed()
        runner.run(job)
        job.refresh_from_db()
        checksums.add(job.weights_sha256)
    assert len(checksums) == 2


def test_an_override_that_cannot_be_used_fails_the_job(settings: Settings) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "stable": "nonesuch"}
    job = claimed()
    runner.run(job)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.WEIGHTS)


def test_missing_weights_are_not_tried_again(no_weights: None) -> None:
    job = claimed()
    runner.run(job)
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.WEIGHTS)
    assert "Try another" in job.error_text


def test_storage_that_fails_is_tried_again_and_leaves_nothing() -> None:
    job = claimed()
    previews = Path(job.preview.storage.path("previews"))
    previews.write_text("a file where the folder should be")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert job.attempt == attempt
        runner.run(job)
        job = jobs.claim_next() or job
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.STORAGE)
    assert len(stored_files()) == 3 + 1


def test_leftovers_of_killed_workers_are_removed() -> None:
    storage = make_photo().original.storage
    leftover = Path(storage.path("unfinished/of-a-killed-worker"))
    leftover.mkdir(parents=True)
    (leftover / "result.jpg").write_bytes(b"half")
    with scratch_folder(storage):
        assert leftover.exists()
    os.utime(leftover, (0, 0))
    with scratch_folder(storage) as folder:
        assert not leftover.exists()
        assert folder.is_relative_to(storage.path("unfinished"))
    assert not folder.exists()


def test_a_folder_that_another_worker_just_removed_is_no_trouble() -> None:
    storage = make_photo().original.storage
    vanished = Path(storage.path("unfinished/vanished"))
    vanished.parent.mkdir()
    vanished.symlink_to("nowhere")
    with scratch_folder(storage) as folder:
        assert folder.exists()
