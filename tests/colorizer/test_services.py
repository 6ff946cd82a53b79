"""Asking for a colorization: nothing is done twice, and nobody asks for more than one may."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from colorizer import services
from colorizer.models import Colorization, CurrentWeights
from colorizer.services import enqueue, record_current_weights
from filestore.models import StoredFile
from jobs import services as jobs
from jobs import transitions, worker
from jobs.errors import TooManyJobsError
from jobs.models import Job, Queue
from tests.factories import make_colorization, make_photo, stored_files

pytestmark = pytest.mark.django_db
State = Job.State
SHA256 = "0" * 64  # of the weights that the factories name


@pytest.fixture
def _current_weights() -> None:
    record_current_weights("stable", "compact-stable", SHA256)


def test_who_asks_again_gets_the_job_that_is_open() -> None:
    source = make_photo().original
    first = enqueue(source, "stable", 8)
    assert enqueue(source, "stable", 8) == first
    assert transitions.claim_next(Queue.PHOTOS) == first.job
    assert enqueue(source, "stable", 8) == first
    assert enqueue(source, "artistic", 8) != first


@pytest.mark.usefixtures("_current_weights")
def test_result_that_would_come_out_again_is_there_at_once() -> None:
    photo = make_photo()
    colorization = make_colorization(photo, render_factor=8)
    assert enqueue(photo.original, "stable", 8) == colorization


@pytest.mark.usefixtures("_current_weights")
@pytest.mark.parametrize("change", [{"weights_sha256": "1" * 64}, {"used_render_factor": 9}])
def test_result_of_other_weights_or_less_detail_is_made_anew(change: dict[str, object]) -> None:
    photo = make_photo()
    colorization = make_colorization(photo, render_factor=20)
    Colorization.objects.filter(pk=colorization.pk).update(**change)
    assert enqueue(photo.original, "stable", 20) != colorization


def test_which_weights_are_used_is_known_without_their_files(settings: Settings) -> None:
    """A web server may run on a machine that has no weights at all."""
    settings.WEIGHTS_DIR = settings.WEIGHTS_DIR / "nowhere"
    colorization = make_colorization()
    assert not services.is_current(colorization)
    record_current_weights("stable", "compact-stable", SHA256)
    assert services.is_current(colorization)
    record_current_weights("stable", "better", "1" * 64)
    assert not services.is_current(colorization)
    assert CurrentWeights.objects.get().name == "better"


def test_more_open_jobs_than_allowed_are_refused_with_the_time_to_come_back(
    settings: Settings,
) -> None:
    settings.MAX_OPEN_JOBS = 2
    source = make_photo().original
    first = enqueue(source, "stable", 8)
    enqueue(source, "stable", 9)
    with pytest.raises(TooManyJobsError) as refusal:
        enqueue(source, "stable", 10)
    assert refusal.value.retry_after >= 1
    assert Colorization.objects.count() == 2
    assert enqueue(make_photo().original, "stable", 10).job.state == State.QUEUED
    jobs.cancel(first.job)
    assert enqueue(source, "stable", 10).job.state == State.QUEUED


@pytest.mark.django_db(transaction=True)
def test_same_bytes_of_somebody_else_get_the_same_result() -> None:
    first, second = (worked(make_photo().original) for _ in range(2))
    assert first.result
    assert second.result
    assert first.result.name != second.result.name
    assert first.result.sha256 == second.result.sha256
    assert second.weights_sha256 == first.weights_sha256


def worked(source: StoredFile) -> Colorization:
    """Ask for a colorization and have it made."""
    colorization = enqueue(source, "stable", 8)
    job = transitions.claim_next(Queue.PHOTOS)
    assert job == colorization.job
    worker.run(job)
    colorization.refresh_from_db()
    assert colorization.job.state == State.SUCCEEDED, colorization.job.error_message
    return colorization


@pytest.mark.django_db(transaction=True)
def test_a_deleted_colorization_takes_job_and_files_along() -> None:
    kept, deleted = make_colorization(), make_colorization()
    services.delete(Colorization.objects.filter(pk=deleted.pk))
    assert list(Job.objects.all()) == [kept.job]
    assert len(stored_files()) == 4 + 4 + 4
    assert set(StoredFile.objects.values_list("owner", flat=True)) == {
        kept.source.owner_id,
        deleted.source.owner_id,
    }
