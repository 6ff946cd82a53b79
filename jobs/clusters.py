"""The clusters that run: who looks after them, and whether they are alive."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from jobs import broker
from jobs.log_context import CLUSTER_VARIABLE
from jobs.models import Queue, WorkerCluster

MISSED_PROBES: Final = 3
"""How many in a row a cluster may leave unanswered before it is started anew."""
ABANDONED_AFTER: Final = timedelta(minutes=5)


def register(queue: Queue, workers: int) -> WorkerCluster:
    return WorkerCluster.objects.create(queue=queue, host=socket.gethostname(), workers=workers)


def environment(cluster: WorkerCluster) -> Mapping[str, str]:
    """What tells the processes of a cluster which one they belong to."""
    return {CLUSTER_VARIABLE: str(cluster.pk), **broker.environment(cluster)}


def own() -> WorkerCluster | None:
    """The cluster of this process; None outside of any."""
    return _own().first()


def answer_probe() -> None:
    _own().update(probe_answered_at=Now(), alive_at=Now())


def show_life() -> None:
    """A worker that is busy with a long job cannot answer health probes."""
    _own().update(alive_at=Now())


def _own() -> QuerySet[WorkerCluster]:
    name = os.environ.get(CLUSTER_VARIABLE)
    return WorkerCluster.objects.filter(pk=name) if name else WorkerCluster.objects.none()


def watch(cluster: WorkerCluster) -> None:
    """Another supervisor may have taken it for abandoned, as while this computer slept: then it is written anew."""
    if not WorkerCluster.objects.filter(pk=cluster.pk).update(watched_at=Now()):
        cluster.watched_at = cluster.alive_at = timezone.now()
        cluster.save(force_insert=True)


def last_life(cluster: WorkerCluster) -> datetime | None:
    """The time of its last sign; None when its record is gone."""
    return WorkerCluster.objects.filter(pk=cluster.pk).values_list("alive_at", flat=True).first()


def is_silent(cluster: WorkerCluster) -> bool:
    """Whether it has missed so many health probes that its supervisor should have seen it."""
    patience = timedelta(seconds=(MISSED_PROBES + 1) * settings.HEALTH_PROBE_SECONDS)
    return timezone.now() - cluster.alive_at > patience


def begin_draining(cluster: WorkerCluster) -> None:
    WorkerCluster.objects.filter(pk=cluster.pk).update(is_draining=True)


def remove(cluster: WorkerCluster) -> None:
    broker.discard(cluster.pk)
    WorkerCluster.objects.filter(pk=cluster.pk).delete()
    broker.discard(cluster.pk)  # what came as long as the record could be seen


def remove_abandoned() -> None:
    """Those whose supervisor died with them, on whatever machine, and messages that nobody hears."""
    for cluster in WorkerCluster.objects.filter(watched_at__lt=Now() - ABANDONED_AFTER):
        remove(cluster)
    # Who queued a job while a cluster was removed may have written to it afterwards.
    for cluster_id in broker.addressees() - set(WorkerCluster.objects.values_list("pk", flat=True)):
        broker.discard(cluster_id)
