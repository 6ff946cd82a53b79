"""One colorization from claim to end, with the real engine, without a queue."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as site_settings
from PIL import Image
from pytest_django import Settings

from colorizer import handler
from colorizer.engine import model_registry
from colorizer.errors import ErrorCode
from colorizer.models import Colorization, CurrentWeights
from colorizer.services import enqueue
from colorizer.weights_store import installing
from jobs import transitions, worker
from jobs.errors import ErrorCode as JobErrorCode
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import MAX_ATTEMPTS, Job, Queue
from jobs.services import cancel
from tests.factories import damage, make_photo, picture_bytes, stored_files
from tests.pictures import GRADIENT, encoded

# The lease is renewed through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State


def claimed(content: bytes | None = None) -> Job:
    enqueue(make_photo(content=content).original, "stable", 8)
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    return job


def run(job: Job) -> Colorization:
    worker.run(job)
    return Colorization.objects.select_related("result").get(job=job)


@pytest.fixture
def _no_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_registry, "BUNDLED_FOLDER", tmp_path)


def test_result_has_the_size_of_the_photo_and_the_weights_that_made_it() -> None:
    colorization = run(claimed(picture_bytes(300, 200)))
    assert colorization.job.state == State.SUCCEEDED, colorization.job.error_message
    bundled = next(entry for entry in model_registry.BUNDLED if entry.variant == "stable")
    made_by = (colorization.weights_name, colorization.weights_sha256)
    assert made_by == (bundled.name, bundled.sha256)
    assert colorization.used_render_factor == 8
    assert colorization.result
    assert Image.open(colorization.result.name).size == (300, 200)
    derivatives = colorization.result.derivatives.values_list("purpose", flat=True)
    assert set(derivatives) == {"preview", "thumbnail", "small"}


def test_jpeg_with_a_second_picture_inside_is_colorized() -> None:
    second = GRADIENT.resize((32, 32))
    job = claimed(encoded(GRADIENT, "MPO", save_all=True, append_images=[second]))
    colorization = run(job)
    assert colorization.job.state == State.SUCCEEDED, colorization.job.error_message


def test_cancelled_job_leaves_no_files() -> None:
    job = claimed()
    cancel(job)
    assert run(job).job.state == State.CANCELLED
    assert len(stored_files()) == 4


def test_late_worker_takes_its_files_away_again() -> None:
    job = claimed()
    Job.objects.filter(pk=job.pk).update(lease_token=uuid4())
    with pytest.raises(JobLostError):
        handler.run(Lease(job))
    assert len(stored_files()) == 4


def test_weights_are_used_from_the_moment_they_are_installed(
    settings: Settings, tmp_path: Path
) -> None:
    before = run(claimed())
    mine = tmp_path / "mine.safetensors"
    shutil.copy(model_registry.bundled_weights("artistic"), mine)
    installed = installing.install(settings.WEIGHTS_DIR, mine, "stable")
    after = run(claimed())
    assert before.weights_name == "compact-stable"
    assert (after.weights_name, after.weights_sha256) == ("mine", installed.sha256)
    assert CurrentWeights.objects.get(variant="stable").sha256 == installed.sha256


def test_a_file_that_came_in_the_place_of_another_is_loaded(
    settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.safetensors"
    checksums = set()
    for variant in ("artistic", "video"):
        shutil.copy(model_registry.bundled_weights(variant), mine)
        installing.install(settings.WEIGHTS_DIR, mine, "stable")
        checksums.add(run(claimed()).weights_sha256)
    assert len(checksums) == 2


def test_an_override_that_cannot_be_used_fails_the_job(settings: Settings) -> None:
    settings.WEIGHTS_OVERRIDES = {**settings.WEIGHTS_OVERRIDES, "stable": "nonesuch"}
    job = run(claimed()).job
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.WEIGHTS)


@pytest.mark.usefixtures("_no_weights")
def test_missing_weights_are_not_tried_again() -> None:
    job = run(claimed()).job
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.WEIGHTS)
    assert "Try another" in job.error_message


def test_a_damaged_source_is_not_tried_again() -> None:
    job = claimed(picture_bytes(300, 200))
    damage(job.colorization.source)
    job = run(job).job
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.UNREADABLE)
    assert job.attempts_made == 1


def test_storage_that_fails_is_tried_again_and_leaves_nothing() -> None:
    job = claimed()
    previews = Path(site_settings.MEDIA_ROOT) / "files" / "preview"
    previews.write_text("a file where the folder should be")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert job.attempts_made == attempt
        worker.run(job)
        job = transitions.claim_next(Queue.PHOTOS) or job
    job.refresh_from_db()
    assert (job.state, job.error_code) == (State.FAILED, JobErrorCode.STORAGE)
    assert [attempt.outcome for attempt in job.attempts.all()] == ["failed"] * MAX_ATTEMPTS
    assert len(stored_files()) == 4 + 1
