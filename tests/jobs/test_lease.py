"""The lease of a running job: it is renewed, notices when the job is gone, and ends in all or nothing."""

from __future__ import annotations

import pytest
from django.db import transaction
from pytest_django import Settings

from jobs import counters, services, transitions
from jobs.errors import JobLostError
from jobs.lease import Lease
from jobs.models import Job
from tests.jobs.factories import make_job, state_of, states_in_events, steal
from tests.worker import wait_until

pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State


@pytest.fixture
def job(settings: Settings) -> Job:
    settings.JOB_LEASE_SECONDS = 0.6  # renewed each tenth of a second
    return make_job(state=State.RUNNING)


def test_lease_is_renewed_while_the_worker_says_nothing(job: Job) -> None:
    first = job.lease_expires_at

    def is_renewed() -> bool:
        job.refresh_from_db()
        return job.lease_expires_at != first

    with Lease(job):
        wait_until(is_renewed, "a renewal")


def test_progress_is_reported(job: Job) -> None:
    with Lease(job) as lease:
        lease.report_progress(70)
    job.refresh_from_db()
    assert job.progress == 70


def test_renewals_in_the_background_keep_the_progress(job: Job) -> None:
    with Lease(job) as lease:
        lease.report_progress(70)
        Job.objects.filter(pk=job.pk).update(progress=0)
        wait_until(lambda: Job.objects.get(pk=job.pk).progress == 70, "a renewal")


@pytest.mark.parametrize("loss", ["given to another", "deleted", "cancelled"])
def test_lost_job_stops_the_work(job: Job, loss: str) -> None:
    with Lease(job) as lease:
        lose(job, loss)
        with pytest.raises(JobLostError):
            lease.report_progress(50)


@pytest.mark.parametrize("loss", ["given to another", "deleted", "cancelled"])
def test_lost_job_is_noticed_in_the_background(job: Job, loss: str) -> None:
    with Lease(job) as lease:
        lease.check()
        lose(job, loss)
        wait_until(lambda: is_lost(lease), "a look at the record")


def lose(job: Job, loss: str) -> None:
    if loss == "deleted":
        services.delete(Job.objects.filter(pk=job.pk))
    elif loss == "cancelled":
        assert services.cancel(job)
    else:
        steal(job)


def is_lost(lease: Lease) -> bool:
    try:
        lease.check()
    except JobLostError:
        return True
    return False


def results() -> float:
    return sum(number for _, number in counters.read("test_results"))


def test_success_and_what_came_out_are_there_together(job: Job) -> None:
    with Lease(job) as lease:
        with lease.success():
            counters.add("test_results")
        assert lease.has_succeeded
    assert state_of(job) == State.SUCCEEDED
    assert results() == 1


def test_what_cannot_be_written_takes_the_success_back(job: Job) -> None:
    with Lease(job) as lease, pytest.raises(OSError, match="disk"):
        write_in_vain(lease)
    assert not lease.has_succeeded
    assert state_of(job) == State.RUNNING
    assert results() == 0
    assert states_in_events(job)[-1] == (State.RUNNING, 1)
    assert transitions.is_held(job)


def write_in_vain(lease: Lease) -> None:
    with lease.success():
        counters.add("test_results")
        raise OSError("The disk is full.")


@pytest.mark.parametrize("loss", ["given to another", "deleted", "cancelled"])
def test_nothing_comes_out_of_a_lost_job(job: Job, loss: str) -> None:
    with Lease(job) as lease:
        lose(job, loss)
        with pytest.raises(JobLostError):
            write(lease)
    assert not lease.has_succeeded
    assert results() == 0


def write(lease: Lease) -> None:
    with lease.success():
        counters.add("test_results")


def test_success_is_no_success_before_the_transaction_around_it_ends(job: Job) -> None:
    with Lease(job) as lease, transaction.atomic():
        write(lease)
        transaction.set_rollback(True)
    assert state_of(job) == State.RUNNING
