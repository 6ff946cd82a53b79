"""After a failure that may pass, a job waits for a while before it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ
from pytest_django import Settings

from jobs import clusters, services, transitions
from jobs.errors import ErrorCode
from jobs.models import Job, Queue
from tests.jobs.factories import claimed, expire, make_job, state_of

pytestmark = pytest.mark.django_db

State = Job.State


def retry_or_fail(job: Job) -> bool:
    return transitions.retry_or_fail(job, ErrorCode.STORAGE, "Disk full.")


def test_what_may_pass_is_tried_again_after_a_longer_and_longer_pause(settings: Settings) -> None:
    clusters.register(Queue.PHOTOS, workers=1)
    settings.JOB_RETRY_SECONDS = 10
    job = make_job()
    OrmQ.objects.all().delete()
    for pause in (10, 30):
        assert retry_or_fail(_claim_next())
        job.refresh_from_db()
        assert job.not_before
        assert pause - 5 < (job.not_before - timezone.now()).total_seconds() <= pause
        assert transitions.claim_next(Queue.PHOTOS) is None
        assert not OrmQ.objects.exists()
        _pass(job)
    assert retry_or_fail(_claim_next())
    assert state_of(job) == State.FAILED


def _claim_next() -> Job:
    job = transitions.claim_next(Queue.PHOTOS)
    assert job
    return job


def _pass(job: Job) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(not_before=past)


def test_a_job_that_pauses_keeps_no_other_waiting(settings: Settings) -> None:
    settings.JOB_RETRY_SECONDS = 10
    first = make_job()
    other = make_job(first.owner)
    assert retry_or_fail(_claim_next())
    assert _claim_next() == other


def test_a_kind_has_its_own_pause(settings: Settings) -> None:
    settings.JOB_RETRY_SECONDS = 0
    job = claimed()
    hour = timedelta(hours=1)
    assert transitions.retry_or_fail(job, ErrorCode.STORAGE, "Disk full.", pause=hour)
    job.refresh_from_db()
    assert job.not_before
    assert job.not_before > timezone.now() + hour / 2


@pytest.mark.parametrize("start", [services.move_up, services.make_urgent])
def test_who_wants_it_now_waits_for_no_pause(
    start: Callable[[Job], bool], settings: Settings
) -> None:
    settings.JOB_RETRY_SECONDS = 10
    job = claimed()
    assert retry_or_fail(job)
    assert transitions.claim_next(Queue.PHOTOS) is None
    assert start(job)
    assert _claim_next() == job


def test_a_person_who_tries_again_waits_for_no_pause(settings: Settings) -> None:
    settings.JOB_RETRY_SECONDS = 10
    job = claimed()
    assert retry_or_fail(job)
    assert services.cancel(job)
    assert services.retry(job)
    assert _claim_next() == job


def test_lost_work_is_done_again_without_a_pause(settings: Settings) -> None:
    settings.JOB_RETRY_SECONDS = 10
    job = claimed()
    expire(job)
    transitions.requeue_expired()
    assert _claim_next() == job
