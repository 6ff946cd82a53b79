"""A claimed job comes to an end, or back into the queue, whatever its handler does."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from django.utils import translation

from jobs import kinds, services, transitions, worker
from jobs.errors import ErrorCode, JobFailedError, JobLostError, TransientJobError
from jobs.kinds import JobKind
from jobs.lease import Lease
from jobs.log_context import current
from jobs.models import MAX_ATTEMPTS, Attempt, Job, Queue
from tests.factories import make_user
from tests.jobs.factories import make_job, state_of, steal
from tests.jobs.kinds import ADVICE, QUICK, registered

# The lease looks at the record through a connection of its own, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)

State = Job.State


def raising(error: BaseException) -> Callable[[Lease], None]:
    def handler(lease: Lease) -> None:
        raise error

    return handler


def forgetful(lease: Lease) -> None:
    """Comes to its end without success."""


def run(handler: Callable[[Lease], None]) -> Job:
    """The record after one attempt."""
    job = make_job(state=State.RUNNING, kind=registered(handler))
    worker.run(job)
    job.refresh_from_db()
    return job


def test_handler_ends_its_job() -> None:
    job = make_job(state=State.RUNNING)
    worker.run(job)
    assert state_of(job) == State.SUCCEEDED


def test_failure_with_a_reason_is_final() -> None:
    job = run(raising(JobFailedError("unreadable", "The file is damaged. Bring another.")))
    assert (job.state, job.error_code) == (State.FAILED, "unreadable")
    assert job.error_message == "The file is damaged. Bring another."


def test_a_reason_is_kept_in_english_and_read_in_any_language() -> None:
    text = "The file has more than %(number)d pages. Save it in parts of at most %(number)d."
    with translation.override("zh-hans"):
        job = run(raising(JobFailedError("too_many_pages", text, number=200)))
        assert job.error_message == "文件超过 200 页。请拆分保存，每份最多 200 页。"  # noqa: RUF001
    assert (job.error_text, job.error_params) == (text, {"number": 200})
    assert job.error_message == text % {"number": 200}
    assert job.attempts.get().error_message == job.error_message


def test_memory_that_is_not_enough_is_not_tried_again() -> None:
    job = run(raising(MemoryError()))
    assert (job.state, job.error_code) == (State.FAILED, ErrorCode.OUT_OF_MEMORY)
    assert ADVICE in job.error_message


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TransientJobError("bucket_away", "The bucket is away. Try again later."), "bucket_away"),
        (OSError("The disk is full."), ErrorCode.STORAGE),
        (ZeroDivisionError(), ErrorCode.INTERNAL),
    ],
)
def test_what_may_pass_is_tried_again_until_the_attempts_are_used_up(
    error: Exception, code: str
) -> None:
    job = services.enqueue(make_user(), registered(raising(error)))
    for number in range(1, MAX_ATTEMPTS + 1):
        claimed = transitions.claim_next(Queue.PHOTOS)
        assert claimed
        assert claimed.attempts_made == number
        worker.run(claimed)
    assert transitions.claim_next(Queue.PHOTOS) is None
    assert state_of(job) == State.FAILED
    assert job.error_code == code
    assert "Try again" in job.error_message
    tries = list(job.attempts.values_list("number", "outcome", "error_code"))
    assert tries == [(n, Attempt.Outcome.FAILED, code) for n in range(1, MAX_ATTEMPTS + 1)]


def test_handler_that_forgets_the_success_is_a_mistake_of_ours() -> None:
    job = run(forgetful)
    assert job.state == State.QUEUED
    assert job.attempts.get().error_code == ErrorCode.INTERNAL


def test_kind_that_only_another_release_knows_is_tried_again() -> None:
    job = make_job(state=State.RUNNING)
    Job.objects.filter(pk=job.pk).update(kind="of-tomorrow")
    job.refresh_from_db()
    worker.run(job)
    assert state_of(job) == State.QUEUED


def test_job_that_is_deleted_before_its_handler_looks_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def handler(lease: Lease) -> None:
        services.delete(Job.objects.filter(pk=lease.job.pk))
        Job.objects.get(pk=lease.job.pk)

    caplog.set_level(logging.INFO)
    worker.run(make_job(state=State.RUNNING, kind=registered(handler)))
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []
    assert "was cancelled, deleted" in caplog.text


def test_trouble_after_the_success_does_not_take_it_back() -> None:
    def handler(lease: Lease) -> None:
        with lease.success():
            pass
        raise OSError("The temporary folder cannot be removed.")

    assert run(handler).state == State.SUCCEEDED


@pytest.mark.parametrize("loss", ["cancelled", "given to another", "deleted"])
def test_lost_job_is_left_as_it_is(loss: str) -> None:
    job = make_job(state=State.RUNNING)
    if loss == "cancelled":
        services.cancel(job)
    elif loss == "deleted":
        services.delete(Job.objects.filter(pk=job.pk))
    else:
        steal(job)
    before = list(Job.objects.values())
    worker.run(job)
    assert list(Job.objects.values()) == before


def test_cancelled_job_stops_at_its_next_check() -> None:
    def handler(lease: Lease) -> None:
        services.cancel(lease.job)
        while True:
            lease.report_progress(1)

    assert run(handler).state == State.CANCELLED


@pytest.mark.parametrize(
    "error", [JobLostError(), JobFailedError("damaged", "A file is damaged."), FileNotFoundError()]
)
def test_log_says_that_a_job_was_lost_whatever_came_of_that(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def handler(lease: Lease) -> None:
        services.cancel(lease.job)
        raise error

    with caplog.at_level(logging.INFO):
        job = run(handler)
    assert job.state == State.CANCELLED
    assert f"Job {job.pk} was cancelled" in caplog.messages[-1]


def test_log_names_job_user_attempt_and_process(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[object] = []

    def handler(lease: Lease) -> None:
        seen.append(dict(current()))
        with lease.success():
            pass

    with caplog.at_level(logging.INFO):
        job = run(handler)
    assert seen == [{"job": job.pk, "user": job.owner_id}]
    assert f"Job {job.pk}: attempt 1, process " in caplog.text


def test_two_kinds_cannot_have_one_name() -> None:
    kinds.register(kinds.get(QUICK))
    with pytest.raises(ValueError, match="two kinds of jobs named test-quick"):
        kinds.register(JobKind(QUICK, "Be another", Queue.PHOTOS, forgetful))
