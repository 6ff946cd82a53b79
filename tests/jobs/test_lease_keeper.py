"""The heartbeat of a running job: it holds the lease, and notices when the job is gone."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from colorizer.heart import Heart, JobLostError
from colorizer.models import Colorization
from tests.factories import make_colorization
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job(settings: Settings) -> Colorization:
    settings.JOB_LEASE_SECONDS = 0.6  # a beat each tenth of a second
    return make_colorization(state=Colorization.State.RUNNING)


def test_lease_is_renewed_while_the_worker_says_nothing(job: Colorization) -> None:
    first = job.lease_expires_at

    def is_renewed() -> bool:
        job.refresh_from_db()
        return job.lease_expires_at != first

    with Heart(job):
        wait_until(is_renewed, "a beat")


def test_beat_reports_progress(job: Colorization) -> None:
    with Heart(job) as heart:
        heart.beat(70)
    job.refresh_from_db()
    assert job.progress == 70


def test_beats_in_the_background_keep_the_progress(job: Colorization) -> None:
    with Heart(job) as heart:
        heart.beat(70)
        Colorization.objects.filter(pk=job.pk).update(progress=0)
        wait_until(lambda: Colorization.objects.get(pk=job.pk).progress == 70, "a beat")


@pytest.mark.parametrize("loss", ["given to another", "deleted"])
def test_lost_job_stops_the_work(job: Colorization, loss: str) -> None:
    with Heart(job) as heart:
        found = Colorization.objects.filter(pk=job.pk)
        if loss == "deleted":
            found.delete()
        else:
            found.update(lease_token="00000000-0000-0000-0000-000000000000")
        with pytest.raises(JobLostError):
            heart.beat(50)
