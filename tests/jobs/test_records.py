"""What the database refuses to record of jobs, and what is counted of them."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs import clusters, counters, services
from jobs.models import Attempt, Counter, Job, Queue, WorkerCluster
from tests.factories import make_staff, make_user
from tests.jobs.factories import make_job
from tests.jobs.kinds import QUICK

pytestmark = pytest.mark.django_db

State = Job.State


@pytest.fixture
def cluster() -> WorkerCluster:
    return clusters.register(Queue.PHOTOS, workers=1)


def test_ended_jobs_are_counted_and_timed_and_no_deletion_turns_that_back() -> None:
    for state in (State.SUCCEEDED, State.FAILED, State.CANCELLED):
        make_job(state=state)
    services.delete(Job.objects.all())
    labels = {"kind": QUICK, "queue": "photos", "error_code": ""}
    assert counters.read("jobs_ended") == [
        ({**labels, "state": "cancelled"}, 1),
        ({**labels, "state": "succeeded"}, 1),
        ({**labels, "state": "failed", "error_code": "damaged"}, 1),
    ]
    [histogram] = counters.read_histograms("job_seconds")
    assert histogram.labels == {"kind": QUICK, "queue": "photos"}
    assert histogram.buckets["0.5"] == histogram.buckets["+Inf"] == 1
    assert histogram.total >= 0


def test_buckets_of_a_histogram_add_up() -> None:
    for seconds in (0.1, 1, 7, 100_000):
        counters.observe("test_seconds", seconds)
    [histogram] = counters.read_histograms("test_seconds")
    found = [histogram.buckets[end] for end in ("0.5", "1", "5", "10", "3600", "+Inf")]
    assert found == [1, 2, 2, 3, 3, 4]
    assert histogram.total == pytest.approx(100_008.1)


def test_merging_keeps_the_figures() -> None:
    for number in range(50):
        counters.add("test_loads", 2, queue="photos" if number % 2 else "videos")
    counters.add("test_loads", queue="files")
    before = counters.read("test_loads")
    counters.merge()
    assert counters.read("test_loads") == before
    assert Counter.objects.filter(name="test_loads").count() == 3
    counters.merge()
    assert counters.read("test_loads") == before


# Invariants


IMPOSSIBLE = {
    "unknown state": {"state": "lost"},
    "no kind": {"kind": ""},
    "more than all": {"progress": 101},
    "a fourth attempt": {"attempts_made": 4},
    "waiting without an attempt left": {"attempts_made": 3},
    "unknown queue": {"queue": "films"},
    "unknown priority": {"priority": 2},
    "running without a lease": {"state": "running"},
    "a lease without running": {"lease_token": UUID(int=1)},
    "succeeded without an attempt": {"state": "succeeded", "finished_at": timezone.now()},
    "failed without a reason": {"state": "failed", "finished_at": timezone.now()},
    "a reason without a failure": {"error_code": "damaged"},
    "words of a reason without a failure": {"error_params": {"number": 1}},
    "ended without a time": {"state": "cancelled"},
    "a time without an end": {"finished_at": timezone.now()},
}


@pytest.mark.parametrize("values", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_database_holds_no_impossible_record(values: dict[str, object]) -> None:
    job = make_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)


def test_database_holds_no_cluster_of_a_job_that_does_not_run(cluster: WorkerCluster) -> None:
    job = make_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(cluster=cluster)


IMPOSSIBLE_ATTEMPTS: dict[str, dict[str, object]] = {
    "number zero": {"number": 0},
    "unknown outcome": {"outcome": "vanished", "finished_at": timezone.now()},
    "outcome without an end": {"outcome": "succeeded"},
    "end without an outcome": {"finished_at": timezone.now()},
    "failed without a reason": {"outcome": "failed", "finished_at": timezone.now()},
    "lost without a reason": {"outcome": "lost", "finished_at": timezone.now()},
    "a reason without a failure": {"error_code": "damaged"},
    "words of a reason without a failure": {"error_params": {"number": 1}},
}


@pytest.mark.parametrize("values", IMPOSSIBLE_ATTEMPTS.values(), ids=IMPOSSIBLE_ATTEMPTS.keys())
def test_database_holds_no_impossible_attempt(values: dict[str, object]) -> None:
    job = make_job(state=State.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        job.attempts.update(**values)


@pytest.mark.parametrize("number", [1, 2])
def test_database_holds_no_second_attempt_beside_one_that_runs(number: int) -> None:
    job = make_job(state=State.RUNNING)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(job=job, number=number, worker="host:1")


def test_database_holds_no_counter_that_falls() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        counters.add("test_falls", -1)


def test_jobs_are_seen_by_owner_and_staff_and_changed_by_the_owner() -> None:
    job = make_job()
    stranger, staff = make_user(), make_staff()
    for user, sees, edits in (
        (job.owner, True, True),
        (staff, True, False),
        (stranger, False, False),
        (AnonymousUser(), False, False),
    ):
        assert Job.objects.visible_to(user).exists() == sees
        assert Job.objects.editable_by(user).exists() == edits
