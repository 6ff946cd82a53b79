"""Clusters that are gone leave nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import redis
from django.db import connection
from django.db.models.functions import Now
from django_q.conf import Conf
from pytest_django import DjangoCaptureOnCommitCallbacks

from jobs import broker, clusters
from jobs.models import Queue, WorkerCluster
from jobs.supervisor import Supervisor
from tests.needs import WORKERS_REDIS_URL, redis_alone

pytestmark = pytest.mark.django_db


def send(cluster_id: UUID) -> None:
    broker.send(cluster_id, broker.ANSWER_PROBE)


def test_messages_to_a_cluster_that_is_gone_are_discarded() -> None:
    living, gone = (clusters.register(Queue.PHOTOS, 1) for _ in range(2))
    ids = {living.pk, gone.pk}
    clusters.remove(gone)
    for cluster_id in ids:
        send(cluster_id)
    clusters.remove_abandoned()
    assert broker.addressees() == {living.pk}
    assert broker.pending(living) == 1


@pytest.fixture
def redis_broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Messages in Redis, where those to clusters that are gone cannot be told from those of other sites."""
    monkeypatch.setattr(Conf, "ORM", None)
    monkeypatch.setattr(Conf, "REDIS", WORKERS_REDIS_URL)
    with redis_alone(WORKERS_REDIS_URL):
        redis.from_url(WORKERS_REDIS_URL).flushdb()
        yield


def waiting_in_redis() -> list[str]:
    """The clusters that messages wait for."""
    keys = redis.from_url(WORKERS_REDIS_URL, decode_responses=True).scan_iter(_type="list")
    return [key.split(":")[1] for key in keys]


def when_clusters_are_read(step: Callable[[], object]) -> AbstractContextManager[None]:
    """Once, between the first query for their records and what follows it."""
    steps = [step]

    def wrap(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        result = execute(sql, *others)
        if steps and sql.startswith("SELECT"):
            steps.pop()()
        return result

    return connection.execute_wrapper(wrap)


def before_each_deletion(step: Callable[[], object]) -> AbstractContextManager[None]:
    def wrap(execute: Callable[..., Any], sql: str, *others: Any) -> Any:
        if sql.startswith("DELETE"):
            step()
        return execute(sql, *others)

    return connection.execute_wrapper(wrap)


@pytest.mark.redis
@pytest.mark.usefixtures("redis_broker")
def test_no_message_stays_of_one_who_has_just_seen_a_cluster_that_goes(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    living, gone = (clusters.register(Queue.PHOTOS, 1) for _ in range(2))
    with (
        when_clusters_are_read(lambda: clusters.remove(gone)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        broker.notify_workers(Queue.PHOTOS)
    assert waiting_in_redis() == [str(living.pk)]
    clusters.remove(living)


@pytest.mark.redis
@pytest.mark.usefixtures("redis_broker")
def test_no_message_stays_that_comes_while_a_cluster_is_removed() -> None:
    cluster = clusters.register(Queue.PHOTOS, 1)
    with before_each_deletion(lambda: send(cluster.pk)):
        clusters.remove(cluster)
    assert waiting_in_redis() == []


def test_a_cluster_whose_supervisor_died_goes_with_its_messages() -> None:
    cluster = clusters.register(Queue.FILES, 1)
    send(cluster.pk)
    long_ago = Now() - clusters.ABANDONED_AFTER - timedelta(seconds=1)
    WorkerCluster.objects.update(watched_at=long_ago)
    clusters.remove_abandoned()
    assert not WorkerCluster.objects.exists()
    assert broker.addressees() == set()


def test_a_cluster_that_others_took_for_abandoned_is_written_anew() -> None:
    cluster = clusters.register(Queue.FILES, 2)
    WorkerCluster.objects.all().delete()
    clusters.watch(cluster)
    again = WorkerCluster.objects.get()
    assert (again.pk, again.queue, again.workers) == (cluster.pk, Queue.FILES, 2)
    assert not clusters.is_silent(again)


def test_a_supervisor_that_slept_for_hours_keeps_its_own_clusters() -> None:
    supervisor = Supervisor({Queue.FILES: 1})
    (process,) = supervisor._clusters
    process.record = clusters.register(Queue.FILES, 1)
    WorkerCluster.objects.update(watched_at=Now() - timedelta(hours=8))
    supervisor._recover()
    assert WorkerCluster.objects.get() == process.record
