"""Clusters that are gone leave nothing behind."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.functions import Now

from jobs import broker, clusters
from jobs.models import Queue, WorkerCluster
from jobs.supervisor import Supervisor

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
