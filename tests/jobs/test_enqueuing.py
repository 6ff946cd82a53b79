"""Jobs are queued, and messages wake the workers that do them."""

from __future__ import annotations

import pytest
from django.db import transaction
from django_q.models import OrmQ

from jobs import broker, clusters, services
from jobs.models import Attempt, Job, Queue, WorkerCluster
from tests.factories import make_user
from tests.jobs.factories import (
    make_job,
    states_in_events,
)
from tests.jobs.kinds import QUICK, VIDEO

pytestmark = pytest.mark.django_db

State = Job.State
Outcome = Attempt.Outcome


@pytest.fixture
def cluster() -> WorkerCluster:
    return clusters.register(Queue.PHOTOS, workers=1)


def test_enqueue_wakes_each_cluster_of_the_queue_once(cluster: WorkerCluster) -> None:
    other = clusters.register(Queue.PHOTOS, workers=1)
    clusters.register(Queue.VIDEOS, workers=1)
    services.enqueue(make_user(), QUICK)
    sent = [(message.key, message.func()) for message in OrmQ.objects.all()]
    assert sorted(sent) == sorted((str(pk), broker.RUN_NEXT) for pk in (cluster.pk, other.pk))


@pytest.mark.usefixtures("cluster")
def test_message_is_rolled_back_with_the_job() -> None:
    owner = make_user()
    with transaction.atomic():
        services.enqueue(owner, QUICK)
        transaction.set_rollback(True)
    assert not OrmQ.objects.exists()
    assert not Job.objects.exists()


def test_new_job_is_queued_by_its_kind_and_has_an_event() -> None:
    owner = make_user()
    job = services.enqueue(owner, VIDEO, Job.Priority.URGENT)
    assert (job.owner, job.queue, job.priority) == (owner, Queue.VIDEOS, Job.Priority.URGENT)
    assert (job.state, job.label, job.is_finished) == (State.QUEUED, "Be a film", False)
    assert states_in_events(job) == [(State.QUEUED, None)]


def test_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="no kind of job named sculpture"):
        services.enqueue(make_user(), "sculpture")


def test_every_job_that_waits_gets_its_lost_message_back_once(cluster: WorkerCluster) -> None:
    for _ in range(3):
        make_job()
    OrmQ.objects.order_by("pk")[:1].get().delete()
    for _sweep in range(2):
        broker.resend_missing(cluster)
        assert OrmQ.objects.count() == 3


def test_no_message_without_a_job(cluster: WorkerCluster) -> None:
    broker.resend_missing(cluster)
    assert not OrmQ.objects.exists()
